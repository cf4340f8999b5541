// @ts-check
// A key clicks the button that bears it: data-key="a". The buttons are the one list of keys; the help is read off them.

const loadedAt = performance.now();
let leaving = false;

/** A second press meant for the comment before must not decide the one that has just come up, unread. */
const settling = () => leaving || performance.now() - loadedAt < 250;

addEventListener("submit", () => { leaving = true; });
addEventListener("pageshow", () => { leaving = false; });

/** @param {KeyboardEvent} event */
function keyOf(event) {
  const letter = event.key.length === 1 && event.key.toLowerCase() !== event.key.toUpperCase();
  if (letter && event.shiftKey) return "";
  return letter ? event.key.toLowerCase() : event.key;
}

/** @param {string} key */
function buttonFor(key) {
  const found = key && document.querySelector(`[data-key~="${CSS.escape(key)}"]:not(:disabled)`);
  return found instanceof HTMLElement ? found : null;
}

/** Opening by key leads on to the first field, so that one can write at once. @param {HTMLElement} button */
function press(button) {
  button.click();
  if (button.matches("details[open] > summary")) /** @type {HTMLElement | null} */ (button.parentElement?.querySelector("textarea, select"))?.focus();
}

addEventListener("keydown", (event) => {
  const target = /** @type {HTMLElement} */ (event.target);
  if (event.defaultPrevented || event.repeat || event.isComposing) return;
  if (document.documentElement.dataset.keys === "off" || event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]")) return;
  if (target.matches("input:not([type=checkbox]), textarea, select")) {
    if (event.key === "Escape") target.blur();
    return;
  }
  if (event.key === "Enter" && target !== document.body) return; // the focused control's own key
  const field = document.querySelector(`[data-focus="${CSS.escape(event.key)}"]`);
  if (field instanceof HTMLElement) {
    event.preventDefault();
    field.focus();
    return;
  }
  const button = buttonFor(keyOf(event));
  if (!button) return;
  event.preventDefault();
  if (!settling()) press(button);
});

/** The buttons of the rules say "Topic"; what breaking it leads to stands before them once. @param {Element} button */
function descriptionOf(button) {
  const id = button.getAttribute("aria-describedby");
  return id && document.getElementById(id)?.textContent;
}

/** @param {HTMLDialogElement} dialog */
function fillHelp(dialog) {
  const list = /** @type {HTMLElement} */ (dialog.querySelector("dl"));
  const rows = [...document.querySelectorAll("[data-key]")].map((button) => {
    const keys = document.createElement("dt");
    for (const key of (button.getAttribute("data-key") ?? "").split(" ")) {
      const cap = document.createElement("kbd");
      cap.textContent = key === "Escape" ? "Esc" : key;
      keys.append(cap, " ");
    }
    const what = document.createElement("dd");
    const label = button.querySelector("kbd ~ span") ?? button.querySelector(".hidden") ?? (button instanceof HTMLInputElement ? button.labels?.[0] : null) ?? button;
    what.textContent = [descriptionOf(button), label.textContent].filter(Boolean).join(" ");
    return [keys, what];
  });
  list.replaceChildren(...rows.flat());
}

const help = document.querySelector(".help > summary");
const dialog = document.querySelector("dialog#keys");
if (help && dialog instanceof HTMLDialogElement) {
  help.addEventListener("click", (event) => {
    event.preventDefault();
    fillHelp(dialog);
    dialog.showModal();
  });
}
