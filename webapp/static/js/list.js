// The search in the header, where it belongs to a list: it asks when somebody pauses after three letters, long enough
// for an eye tracker.
const PAUSE = 1500; // milliseconds
let pause = 0;
let isTyped = false; // whether the next answer comes from a pause, not from Enter
let stepIsTyped = false; // whether the last step on the way back was made by one
const box = () => document.querySelector("[data-list] input");
let asked = box()?.value.trim();

document.addEventListener("input", ({ target }) => {
  if (target !== box()) return;
  clearTimeout(pause);
  pause = setTimeout(() => {
    const value = target.value.trim();
    if (value === asked || (value && value.length < 3)) return;
    isTyped = true;
    target.form.dispatchEvent(new Event("typed"));
  }, PAUSE);
});
document.addEventListener("submit", () => clearTimeout(pause), true);

document.addEventListener("htmx:before:request", ({ detail: { ctx } }) => {
  if (ctx.sourceElement.matches("[data-list]")) asked = box()?.value.trim();
});

// One search is one step on the way back, however often somebody paused; asking for the same again is none.
document.addEventListener("htmx:before:history:update", (event) => {
  const { history: step } = event.detail;
  if (new URL(step.path, location.href).href === location.href) return event.preventDefault();
  if (isTyped && stepIsTyped) step.type = "replace";
  [stepIsTyped, isTyped] = [isTyped, false];
});

// The title follows. A link to another page of results leads to where that page begins; "Show 3 summaries" to them.
document.addEventListener("htmx:after:swap", ({ detail: { ctx } }) => {
  const results = document.getElementById("results");
  if (ctx.target?.id !== "results" || !results) return;
  document.title = results.dataset.title;
  // A choice that could not be sent stays in its control when the rest is swapped: it would be a choice nobody sees.
  for (const select of results.querySelectorAll("select"))
    select.value = (select.querySelector("option[selected]") ?? select.options[0]).value;
  const isShown = document.activeElement?.id === "show-results";
  if (isShown && getComputedStyle(results.querySelector(".filters > summary")).display !== "none") {
    results.querySelector(".filters").open = false;
    document.getElementById("browse-count").focus();
  }
  if (ctx.sourceElement.closest?.(".pages") || !document.activeElement?.isConnected) document.getElementById("browse-count").focus();
});

// After Back, focus is where it was; where the browser keeps nothing for us, it is where the browser puts it.
const kept = (use) => {
  try {
    return use(sessionStorage);
  } catch {
    return null;
  }
};
const place = () => `focus ${location.href}`;
document.addEventListener("focusin", ({ target }) => {
  const href = target.getAttribute("href");
  const found = target.id ? `#${CSS.escape(target.id)}` : href && `a[href="${CSS.escape(href)}"]`;
  if (found && target.closest("main, header")) kept((store) => store.setItem(place(), found));
});
function focusAgain() {
  const found = kept((store) => store.getItem(place()));
  if (found) document.querySelector(`main ${found}, header ${found}`)?.focus({ preventScroll: true });
}
if (performance.getEntriesByType("navigation")[0]?.type === "back_forward") focusAgain();
let goesBack = false;
addEventListener("popstate", () => { goesBack = true; });
document.addEventListener("htmx:after:swap", () => {
  if (goesBack) focusAgain();
  goesBack = false;
});
