// @ts-check
// Picking several: how many are picked is said, and Shift picks everything in between.

const boxes = /** @type {HTMLInputElement[]} */ ([...document.querySelectorAll("input[name=item][form=several]")]);
const panel = document.querySelector("details.several");
const shown = panel?.querySelector("[data-picked]");
/** @type {HTMLInputElement | undefined} */
let last;

function count() {
  const picked = boxes.filter((box) => box.checked).length;
  if (shown) shown.textContent = picked ? String(picked) : "";
  if (picked) panel?.setAttribute("open", "");
}

/** @param {HTMLInputElement} box @param {MouseEvent} event */
function pick(box, event) {
  if (event.shiftKey && last) {
    const [from, to] = [boxes.indexOf(last), boxes.indexOf(box)].sort((a, b) => a - b);
    for (const between of boxes.slice(from, to + 1)) between.checked = box.checked;
  }
  last = box;
  count();
}

for (const box of boxes) box.addEventListener("click", (event) => pick(box, event));
count();
