// A request that fails is made again the plain way: the form is sent, the link followed, the page loaded.
// What nobody asked for by hand is left as it was: the link that stands there still works.
function plainly(source) {
  if (source?.matches?.("[hx-trigger^=intersect]")) return;
  if (source instanceof HTMLFormElement) source.submit();
  else if (source?.href) location.assign(source.href);
  else location.reload();
}

// What was typed stays; why it was not taken is said above it. Nothing is sent twice by itself.
function problem(ctx) {
  return ctx?.request?.method === "POST" ? ctx.sourceElement.querySelector(".form-problem") : null;
}

document.addEventListener("htmx:error", ({ detail: { ctx } }) => {
  const place = problem(ctx);
  if (!place) return plainly(ctx?.sourceElement);
  place.textContent = "We could not reach this site. What you wrote is still here. Please look at your connection, then send it again.";
});

document.addEventListener("htmx:before:response", ({ detail: { ctx } }) => {
  const { status } = ctx.response;
  const place = problem(ctx);
  if (!place) return;
  place.replaceChildren();
  if (status >= 400 && status !== 422) Object.assign(ctx, { target: place, swap: "innerHTML" });
});

// An error page is no list: it does not belong into the middle of this page.
document.addEventListener("htmx:before:swap", (event) => {
  const { ctx } = event.detail;
  if (ctx.response?.status < 400 || problem(ctx)) return;
  event.preventDefault();
  plainly(ctx.sourceElement);
});

// Errors take the focus. Otherwise it stays; where what had it is gone, it goes to what the new piece says first.
const focusErrors = () => document.querySelector(".error-summary")?.focus();
let focused = null;
document.addEventListener("htmx:before:swap", ({ detail: { ctx, tasks } }) => {
  for (const task of tasks) task.fragment?.querySelector("[autofocus]")?.removeAttribute("autofocus"); // for pages without script
  focused = ctx.target.contains(document.activeElement) ? document.activeElement : null;
});
document.addEventListener("htmx:after:swap", ({ detail: { ctx } }) => {
  if (ctx.response?.status === 422) return focusErrors();
  if (!focused || document.activeElement === focused) return;
  const piece = document.getElementById(ctx.target.id);
  (document.getElementById(focused.id || "-") ?? piece?.querySelector("[data-takes-focus]"))?.focus();
});
focusErrors();

// Asking for the same again is no new step on the way back.
document.addEventListener("htmx:before:history:update", (event) => {
  if (new URL(event.detail.history.path, location.href).href === location.href) event.preventDefault();
});

// A link to another page of results leads to where that page begins.
document.addEventListener("htmx:after:swap", (event) => {
  if (event.detail.ctx.sourceElement.closest?.(".pages")) document.getElementById("browse-count").focus();
});
