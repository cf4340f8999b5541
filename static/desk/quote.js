// @ts-check
// Words marked in the comment are the passage that a refusal is about: the rule's key sends them along.

const text = document.querySelector("[data-quote]");
const form = document.querySelector("form#decide");
const field = /** @type {HTMLInputElement | null} */ (form?.querySelector("input[name=passage]") ?? null);
const shown = /** @type {HTMLElement | null} */ (form?.querySelector("[data-quoted]") ?? null);
const longest = 300;

/** @returns {string | null} null: the selection is elsewhere, so what was quoted stays */
function marked() {
  const selection = getSelection();
  if (!selection || !selection.rangeCount || !text?.contains(selection.getRangeAt(0).commonAncestorContainer)) return null;
  return selection.toString().replace(/\s+/g, " ").trim().slice(0, longest);
}

document.addEventListener("selectionchange", () => {
  const passage = marked();
  if (passage === null || !field || !shown) return;
  field.value = passage;
  shown.hidden = passage === "";
  const quote = shown.querySelector("q");
  if (quote) quote.textContent = passage;
});
