// data-pti-watch: what it holds is asked again every two seconds, as long as it bears the mark. Nothing moves on a lost connection.
const watch = async () => {
  const shown = document.querySelector("[data-pti-watch]");
  if (!shown) return;
  if (!document.hidden) {
    const answer = await fetch(location.href, { headers: { Accept: "text/html" } }).catch(() => null);
    if (answer?.redirected) return location.reload();
    if (answer?.ok) {
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const fresh = page.getElementById(shown.id);
      if (!fresh) return location.reload();
      const inside = shown.contains(document.activeElement) && document.activeElement.id;
      shown.replaceWith(document.adoptNode(fresh));
      if (inside) document.getElementById(inside)?.focus();
    }
  }
  setTimeout(watch, 2000);
};
setTimeout(watch, 2000);
