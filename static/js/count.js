// « 134 caractères sur 1 000 » under a field that carries data-pti-count; spoken from 90 % on.
for (const field of document.querySelectorAll("[data-pti-count]")) {
  const output = document.getElementById(field.dataset.ptiCount);
  if (!output) continue;
  const max = Number(field.getAttribute("maxlength"));
  const tell = () => {
    const n = field.value.length;
    output.textContent = `${n.toLocaleString("fr-FR")} caractère${n > 1 ? "s" : ""} sur ${max.toLocaleString("fr-FR")}`;
    output.toggleAttribute("aria-live", false);
    if (n >= max * 0.9) output.setAttribute("aria-live", "polite");
  };
  field.addEventListener("input", tell);
  tell();
}
