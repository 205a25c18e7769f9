// Text from a PDF: once it is pasted, the offer to join its broken lines stands below the field. What is broken, and how
// it is joined, the server knows better (editorial/pasted.py); this only looks whether to offer it before it is saved.
const cut = /\p{L}[-‐]\n\s*\p{Ll}/u;
const goesOn = /^(?!\s*(?:[-*+•–—#>|]|\d+[.)])\s).{25,}\n\s*\p{Ll}/mu;

const writing = document.getElementById("writing");
let pasted;

writing.addEventListener("paste", ({ target }) => { pasted = target; });
writing.addEventListener("input", ({ target }) => {
  if (target !== pasted) return;
  pasted = undefined;
  const offer = target.closest(".field")?.querySelector(".broken-lines");
  if (offer) offer.hidden = !(cut.test(target.value) || goesOn.test(target.value));
});
