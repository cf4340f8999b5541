// @ts-check
// What one is writing survives a reload, a click on "Reply" and the way back: from the first key on, in this tab, on this
// device, until the comment has arrived or nothing of it is left.

const sent = "plenum:sent";

/** Storage may be forbidden in a frame; then there are no drafts. @param {(store: Storage) => void} use */
function withStore(use) {
  try {
    use(sessionStorage);
  } catch {
    return;
  }
}

/** @param {HTMLFormElement} form */
const keyOf = (form) => "plenum:draft:" + form.dataset.draft;

/** @param {HTMLFormElement} form */
export function dropDraft(form) {
  withStore((store) => {
    store.removeItem(keyOf(form));
    store.removeItem(sent);
  });
}

/** @param {HTMLFormElement} form */
function restore(form) {
  const field = form.elements.namedItem("body");
  if (!(field instanceof HTMLTextAreaElement) || field.value) return;
  withStore((store) => {
    field.value = store.getItem(keyOf(form)) ?? "";
  });
}

document.addEventListener("input", ({ target }) => {
  if (!(target instanceof HTMLTextAreaElement) || target.name !== "body" || !target.form?.dataset.draft) return;
  const { form, value } = target;
  withStore((store) => (value ? store.setItem(keyOf(form), value) : store.removeItem(keyOf(form))));
});
document.addEventListener("submit", ({ target }) => {
  if (target instanceof HTMLFormElement && target.dataset.draft) withStore((store) => store.setItem(sent, keyOf(target)));
});

for (const form of document.querySelectorAll("form[data-draft]")) restore(/** @type {HTMLFormElement} */ (form));

if (document.querySelector("[data-posted]")) {
  withStore((store) => {
    store.removeItem(store.getItem(sent) ?? "");
    store.removeItem(sent);
  });
}
