// @ts-check
// A button that copies the field beside it. In a frame of another site the clipboard is closed to all but what a person
// selects, so that is what happens here.

document.addEventListener("click", ({ target }) => {
  const button = target instanceof Element ? target.closest("[data-copy]") : null;
  const field = document.getElementById(button?.getAttribute("data-copy") ?? "");
  if (!button || !(field instanceof HTMLInputElement)) return;
  field.select();
  if (document.execCommand("copy")) button.textContent = button.getAttribute("data-done");
});
