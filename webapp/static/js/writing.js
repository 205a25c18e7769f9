// The form in which a document is written: leaving it with letters that are not saved asks first.
const form = document.getElementById("writing");
const preview = document.getElementById("beside");
let typed = 0;
let sent = 0;
let saved = 0;

form.addEventListener("input", () => { typed += 1; });
form.addEventListener("submit", () => { saved = typed; });
form.addEventListener("htmx:before:request", () => { sent = typed; });
document.addEventListener("htmx:after:swap", ({ detail: { ctx } }) => {
  if (ctx.sourceElement === form && ctx.response?.status === 200) {
    saved = sent;
    if (preview?.getClientRects().length) preview.contentWindow.location.reload(); // it stays where it was scrolled to
  }
});
addEventListener("beforeunload", (event) => {
  if (saved < typed) event.preventDefault();
});
