// A request that fails leaves the page as it was: the form is sent the plain way instead.
document.addEventListener("htmx:error", (event) => {
  const source = event.detail.ctx?.sourceElement;
  if (source instanceof HTMLFormElement) source.submit();
  else if (source?.href) location.assign(source.href);
});
