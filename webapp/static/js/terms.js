// Glossary terms open in place. Without this file each term is a link to its own page.
for (const link of document.querySelectorAll("a.term")) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "term";
  button.append(...link.childNodes);
  button.setAttribute("aria-expanded", "false");
  const { term, definition } = link.dataset;
  button.addEventListener("click", () => {
    const open = button.getAttribute("aria-expanded") === "true";
    button.setAttribute("aria-expanded", String(!open));
    if (open) return button.note.remove();
    button.note ??= note(term, definition, link.href);
    button.note.button = button;
    const block = button.closest("p, li > div, dd") ?? button.parentElement;
    block.after(button.note);
  });
  link.replaceWith(button);
}

function note(term, definition, href) {
  const box = document.createElement("div");
  box.className = "definition";
  box.setAttribute("role", "status");
  const name = document.createElement("b");
  name.textContent = `${term}: `;
  const more = document.createElement("a");
  more.href = href;
  more.textContent = `More about ${term}`;
  // Filled after it stands in the page, so that a screen reader says it.
  requestAnimationFrame(() => box.append(name, `${definition} `, more));
  return box;
}

// Escape closes the definition that has the focus, or whose button has it.
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  const here = document.activeElement;
  const button = here?.closest(".definition")?.button ?? here?.closest("button.term[aria-expanded=true]");
  button?.click();
  button?.focus();
});
