// A request that fails is made again the plain way: the form is sent, the link followed, the page loaded.
function plainly(source) {
  if (source instanceof HTMLFormElement) source.submit();
  else if (source?.href) location.assign(source.href);
  else location.reload();
}

document.addEventListener("htmx:error", (event) => plainly(event.detail.ctx?.sourceElement));

// An error page is no list: it does not belong into the middle of this page.
document.addEventListener("htmx:before:swap", (event) => {
  const { ctx } = event.detail;
  if (ctx.response?.status < 400) return;
  event.preventDefault();
  plainly(ctx.sourceElement);
});

// Asking for the same again is no new step on the way back.
document.addEventListener("htmx:before:history:update", (event) => {
  if (new URL(event.detail.history.path, location.href).href === location.href) event.preventDefault();
});

// A link to another page of results leads to where that page begins.
document.addEventListener("htmx:after:swap", (event) => {
  if (event.detail.ctx.sourceElement.closest?.(".pages")) document.getElementById("browse-count").focus();
});
