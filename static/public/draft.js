// @ts-check
// What one is writing survives a reload, a click on "Reply" and the way back. It stays in this tab, on this device,
// and is gone once the comment has arrived.

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
function keepDraft(form) {
  const field = /** @type {HTMLTextAreaElement | null} */ (form.elements.namedItem("body"));
  const key = "plenum:draft:" + form.dataset.draft;
  if (!field) return;
  withStore((store) => {
    if (field.value === field.defaultValue && !field.value) field.value = store.getItem(key) ?? "";
  });
  field.addEventListener("input", () => withStore((store) => store.setItem(key, field.value)));
  form.addEventListener("submit", () => withStore((store) => store.setItem(sent, key)));
}

for (const form of document.querySelectorAll("form[data-draft]")) keepDraft(/** @type {HTMLFormElement} */ (form));

if (document.querySelector("[data-posted]")) {
  withStore((store) => {
    store.removeItem(store.getItem(sent) ?? "");
    store.removeItem(sent);
  });
}
