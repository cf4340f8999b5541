// @ts-check
// The buttons that insert Markdown. What they write goes in as if it were typed: Ctrl+Z takes it back.

/** @param {HTMLTextAreaElement} field @param {string} text */
function type(field, text) {
  field.focus();
  if (document.execCommand("insertText", false, text)) return;
  field.setRangeText(text, field.selectionStart, field.selectionEnd, "end");
  field.dispatchEvent(new Event("input", { bubbles: true }));
}

/** @type {Record<string, (text: string) => [string, number, number]>} what to write, and what of it to select */
const marks = {
  bold: (text) => [`**${text}**`, 2, 2 + text.length],
  italic: (text) => [`*${text}*`, 1, 1 + text.length],
  code: (text) => (text.includes("\n") ? ["```\n" + text + "\n```", 4, 4 + text.length] : ["`" + text + "`", 1, 1 + text.length]),
  link: (text) => [`[${text}](https://)`, text ? text.length + 3 : 1, text ? text.length + 11 : 1],
};
const lines = /** @type {Record<string, string>} */ ({ quote: "> ", list: "- " });

/** @param {HTMLTextAreaElement} field @param {string} mark */
function write(field, mark) {
  let { selectionStart: from, selectionEnd: to, value } = field;
  if (lines[mark]) {
    from = value.lastIndexOf("\n", from - 1) + 1;
    field.setSelectionRange(from, to);
    type(field, value.slice(from, to).replace(/^/gm, lines[mark]));
    return;
  }
  const [text, start, end] = marks[mark](value.slice(from, to));
  type(field, text);
  field.setSelectionRange(from + start, from + end);
}

/** @param {Element} bar @param {number} step */
function walk(bar, step) {
  const buttons = [...bar.querySelectorAll("button")];
  const at = buttons.indexOf(/** @type {HTMLButtonElement} */ (document.activeElement));
  const next = buttons[(at + step + buttons.length) % buttons.length];
  for (const button of buttons) button.tabIndex = button === next ? 0 : -1;
  next.focus();
}

document.addEventListener("click", ({ target }) => {
  const button = target instanceof Element ? target.closest("[data-mark]") : null;
  const field = document.getElementById(button?.parentElement?.getAttribute("aria-controls") ?? "");
  if (button && field instanceof HTMLTextAreaElement) write(field, button.getAttribute("data-mark") ?? "");
});
document.addEventListener("keydown", ({ target, key }) => {
  const bar = target instanceof Element ? target.closest("[role=toolbar]") : null;
  if (bar && key === "ArrowRight") walk(bar, 1);
  if (bar && key === "ArrowLeft") walk(bar, -1);
});
