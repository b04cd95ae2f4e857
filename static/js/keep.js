// What is being typed survives an expired session, a closed tab and a lost connection: each form marked
// data-pti-unsaved or data-pti-draft is copied in this browser as it is typed, under the person, the address and the
// rank of the form. It is offered back on return, and leaves at a save that succeeded, at logout, or after three days.
{
  const PREFIX = "pti-saisie:";
  const DAYS = 3;
  const me = document.body.dataset.ptiUser ?? "";
  let leaving = false;
  const forms = [...document.querySelectorAll("form[data-pti-unsaved], form[data-pti-draft]")];
  const store = {
    keys: () => Object.keys(localStorage).filter((key) => key.startsWith(PREFIX)),
    read: (key) => JSON.parse(localStorage.getItem(key) ?? "null"),
    write: (key, value) => {
      try {
        localStorage.setItem(key, JSON.stringify(value));
      } catch {
        // Full or refused: the page goes on without a copy.
      }
    },
    drop: (key) => localStorage.removeItem(key),
  };
  const mine = () => store.keys().filter((key) => key.startsWith(`${PREFIX}${me}|`));
  const slot = (form) => `${PREFIX}${me}|${location.pathname}${location.search}|${form.getAttribute("action") ?? ""}|${forms.indexOf(form)}`;
  const leftOut = new Set(["csrfmiddlewaretoken", "revision", "seen", "whole"]);
  const textOf = (field, before) => (before ? field.dataset.ptiHtml : undefined) ?? field.value;
  const typed = (form, before = false) =>
    [...form.elements]
      .filter((field) => field.name && !leftOut.has(field.name) && !["submit", "button", "file", "password", "hidden"].includes(field.type))
      .flatMap((field) => {
        if (["checkbox", "radio"].includes(field.type)) return [[field.name, field.value, field.checked]];
        if (field.type === "select-multiple") return [...field.options].map((one) => [field.name, one.value, one.selected]);
        return [[field.name, textOf(field, before), null]];
      });
  const plain = (html) => html.replace(/<[^>]*>/g, " ").replace(/&nbsp;/g, " ").replace(/\s+/g, " ").trim();
  const same = (a, b) => JSON.stringify(a.map(([n, v, c]) => [n, plain(v), c])) === JSON.stringify(b.map(([n, v, c]) => [n, plain(v), c]));
  const revision = (form) => form.elements.namedItem("revision")?.value ?? "";
  const when = (at) => new Date(at).toLocaleString("fr-FR", { day: "numeric", month: "long", hour: "2-digit", minute: "2-digit" });

  const fill = (form, draft) => {
    for (const [name, value, checked] of draft.fields) {
      for (const field of form.querySelectorAll(`[name="${CSS.escape(name)}"]`)) {
        if (["checkbox", "radio"].includes(field.type)) {
          if (field.value === value) field.checked = checked;
        } else if (field.type === "select-multiple") {
          for (const option of field.options) if (option.value === value) option.selected = checked;
        } else {
          field.value = value;
          if ("ptiHtml" in field.dataset) field.dataset.ptiHtml = value; // the editor starts later, from there
        }
      }
    }
    // Started from an older text: the server then shows both versions, as for two people.
    const field = form.elements.namedItem("revision");
    if (field && draft.revision) field.value = draft.revision;
  };

  const note = (words, buttons, before) => {
    const box = document.createElement("div");
    box.className = "pti-note pti-kept mb-4";
    box.setAttribute("role", "status");
    const text = document.createElement("p");
    text.textContent = words;
    box.append(text);
    for (const [label, deed] of buttons) {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "btn btn-outline-primary me-2";
      button.textContent = label;
      button.addEventListener("click", () => deed(box));
      box.append(button);
    }
    before.before(box);
    return box;
  };

  const keepForm = (form) => {
    const key = slot(form);
    const initial = typed(form, true);
    const refused = form.querySelector("[data-pti-errors]") !== null;
    const resumed = sessionStorage.getItem("pti-reprise") === key;
    const draft = store.read(key);
    let spot = key;
    if (draft && resumed) {
      sessionStorage.removeItem("pti-reprise");
      fill(form, draft);
    } else if (draft && refused) {
      store.write(key, { ...draft, fields: initial, state: "typed" }); // what was refused is in the form, not in the base
    } else if (draft && same(draft.fields, initial)) {
      store.drop(key);
    } else if (draft) {
      spot = `${key}~`; // what is typed before the answer does not write over what is offered
      const old = draft.revision && draft.revision !== revision(form) ? " Le texte a été enregistré depuis par quelqu’un : vous verrez les deux versions." : "";
      note(`Vous aviez commencé cette saisie le ${when(draft.at)}, sans l’enregistrer.${old}`, [
        ["Reprendre", () => {
          sessionStorage.setItem("pti-reprise", key);
          forms.forEach((one) => (one.dataset.ptiLeaving = "")); // nothing to ask: all is kept
          location.replace(location.pathname + location.search);
        }],
        ["Oublier", (box) => {
          store.drop(key);
          const typing = store.read(spot);
          store.drop(spot);
          spot = key;
          if (typing) store.write(key, typing);
          box.remove();
          form.querySelector("input:not([type=hidden]), textarea, select")?.focus();
        }],
      ], form);
    }
    const save = (state) => {
      const fields = typed(form);
      if (state === "typed" && !resumed && !refused && same(fields, initial)) return store.drop(spot);
      store.write(spot, { fields, state, revision: revision(form), at: Date.now(), url: location.pathname + location.search, title: document.querySelector("h1")?.textContent.trim() ?? "" });
    };
    let timer = 0;
    let touched = resumed || (refused && draft !== null);
    const later = () => {
      touched = true;
      clearTimeout(timer);
      timer = setTimeout(() => save("typed"), 300);
    };
    form.addEventListener("input", later);
    form.addEventListener("change", later);
    window.addEventListener("pagehide", () => {
      if (touched && !leaving && store.read(spot)?.state !== "sent") save("typed");
    });
    form.addEventListener("submit", (event) => {
      clearTimeout(timer);
      if (!touched && !store.read(spot)) return;
      save("sent");
      if (navigator.onLine) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      save("typed");
      form.previousElementSibling?.classList.contains("pti-kept") && form.previousElementSibling.remove();
      note("Pas de connexion. Votre saisie est gardée dans ce navigateur : enregistrez de nouveau quand la connexion revient.", [], form).scrollIntoView({ block: "center" });
    }, true);
  };

  // Old copies leave, whoever wrote them; what was sent is settled by the page that answers.
  for (const key of store.keys()) {
    const draft = store.read(key);
    if (!draft || Date.now() - draft.at > DAYS * 24 * 3600 * 1000) store.drop(key);
  }
  const actionOf = (key) => key.split("|")[2];
  const settle = (key, done) => {
    const draft = store.read(key);
    if (draft?.state !== "sent") return;
    if (!done) return store.write(key, { ...draft, state: "lost" });
    for (const one of mine()) {
      if (one.replace(/~$/, "") === key.replace(/~$/, "") || (actionOf(key) && actionOf(one) === actionOf(key))) store.drop(one);
    }
  };
  if (!me) store.keys().forEach((key) => settle(key, false)); // the login page
  if (me) {
    mine().forEach((key) => settle(key, document.querySelector("[data-pti-done]")));
    forms.forEach(keepForm);
    // A save that met the login page, or none at all: said once, wherever the person comes back.
    const here = location.pathname + location.search;
    for (const key of document.querySelector("[data-pti-errors]") ? [] : mine()) {
      const draft = store.read(key);
      if (draft.state !== "lost" || draft.url === here) continue;
      const content = document.querySelector(".pti-body")?.firstElementChild;
      if (content) {
        note(`« ${draft.title} » : ce que vous aviez saisi le ${when(draft.at)} n’a pas pu être enregistré.`, [
          ["Y revenir", () => location.assign(draft.url)],
          ["Oublier", (box) => {
            store.drop(key);
            box.remove();
          }],
        ], content);
      }
    }
  }
  document.addEventListener("submit", (event) => {
    if (!event.target.matches("form[data-pti-logout]")) return;
    leaving = true;
    forms.forEach((form) => (form.dataset.ptiLeaving = ""));
    (me ? mine() : store.keys()).forEach(store.drop);
  });
}
