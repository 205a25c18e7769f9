// What a request that failed says, and where: above the form that was sent, or above the list that stays as it was.
// What nobody asked for by hand is left as it was: the link that stands there still works.
const isList = (ctx) => ctx?.target?.id === "results" || ctx?.sourceElement?.matches?.("[data-list], [hx-target='#results']");

function problemPlace(ctx) {
  if (ctx?.request?.method === "POST") return ctx.sourceElement.querySelector(".form-problem");
  return isList(ctx) ? document.getElementById("browse-problem") : null;
}

// An old thanks would contradict what is said now.
const unsay = (place) => place.closest(".feedback")?.querySelector("[data-said]")?.replaceChildren();

function say(ctx, place, what) {
  const stays = isList(ctx) ? "The list is still the one from before." : "What you wrote is still here.";
  unsay(place);
  place.textContent = `${what} ${stays} Please look at your connection, then try again.`;
  if (place.id === "browse-problem") place.scrollIntoView({ block: "nearest" });
}

function plainly(source) {
  if (source?.matches?.("[hx-trigger^=intersect]")) return;
  if (source instanceof HTMLFormElement) source.submit();
  else if (source?.href) location.assign(source.href);
  else location.reload();
}

document.addEventListener("htmx:error", ({ detail: { ctx, error } }) => {
  if (error?.name === "AbortError" && isList(ctx)) return; // given up for a newer one
  const place = problemPlace(ctx);
  if (!place) return plainly(ctx?.sourceElement);
  say(ctx, place, "We could not reach this site.");
});

document.addEventListener("htmx:before:response", ({ detail: { ctx } }) => {
  const place = problemPlace(ctx);
  if (!place) return;
  place.replaceChildren();
  if (ctx.request.method === "POST" && ctx.response.status >= 400 && ctx.response.status !== 422) {
    unsay(place);
    Object.assign(ctx, { target: place, swap: "innerHTML" });
  }
});

// An error page is no list: it does not belong into the middle of this page.
document.addEventListener("htmx:before:swap", (event) => {
  const { ctx } = event.detail;
  const place = problemPlace(ctx);
  if (ctx.response?.status < 400 || (place && !isList(ctx))) return;
  event.preventDefault();
  if (place) say(ctx, place, "Something went wrong on our side.");
  else plainly(ctx.sourceElement);
});

// Errors take the focus. Otherwise it stays, and stays in sight when a new piece pushes it down; where what had it is
// gone, it goes to what the new piece says first.
const focusErrors = () => document.querySelector(".error-summary")?.focus();
let focused = null;
let seen = null;
const isSeen = (element) => {
  const { top, bottom } = element.getBoundingClientRect();
  return bottom > 0 && top < innerHeight;
};
document.addEventListener("htmx:before:swap", ({ detail: { ctx, tasks } }) => {
  for (const task of tasks) task.fragment?.querySelector("[autofocus]")?.removeAttribute("autofocus"); // for pages without script
  const here = document.activeElement;
  focused = ctx.target.contains(here) ? here : null;
  seen = isSeen(here) ? here : null;
});
document.addEventListener("htmx:after:swap", ({ detail: { ctx } }) => {
  document.title = document.title.replace(/^Error: /, "");
  if (ctx.response?.status === 422) {
    document.title = `Error: ${document.title}`;
    return focusErrors();
  }
  if (seen && seen === document.activeElement && !isSeen(seen)) seen.scrollIntoView({ block: "nearest" });
  if (!focused || document.activeElement === focused) return;
  const piece = document.getElementById(ctx.target.id);
  (document.getElementById(focused.id || "-") ?? piece?.querySelector("[data-takes-focus]"))?.focus();
});
focusErrors();
