// Lists swapped by htmx: the result is read out, and what is not a list (login, error) opens as a page.
document.addEventListener("htmx:beforeSwap", (event) => {
  const { xhr, pathInfo, shouldSwap } = event.detail;
  if (shouldSwap && new URL(xhr.responseURL).pathname === location.pathname) return;
  event.detail.shouldSwap = false;
  location.assign(pathInfo.finalRequestPath);
});
document.addEventListener("htmx:sendError", (event) => location.assign(event.detail.pathInfo.finalRequestPath));
document.addEventListener("htmx:afterSettle", () => document.querySelector("#liste [data-pti-result]")?.focus());
