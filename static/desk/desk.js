// @ts-check
// What the desk does beyond the keys: the time left to undo runs down, and what one is writing survives a reload.

/** @param {HTMLFormElement} form */
function countDown(form) {
  const until = performance.now() + Number(form.dataset.left) * 1000;
  const shown = form.querySelector("[data-seconds]");
  const timer = setInterval(() => {
    const left = Math.max(0, Math.ceil((until - performance.now()) / 1000));
    if (shown) shown.textContent = `${left} s`;
    if (left > 0) return;
    clearInterval(timer);
    form.remove();
  }, 250);
}

/** @param {HTMLFormElement} form */
function keepDraft(form) {
  for (const field of form.querySelectorAll("textarea")) {
    const key = `plenum:desk:${form.dataset.draft}:${field.name}`;
    const draft = sessionStorage.getItem(key);
    if (draft && !field.value) {
      field.value = draft;
      field.closest("details")?.setAttribute("open", "");
    }
    field.addEventListener("input", () => sessionStorage.setItem(key, field.value));
    form.addEventListener("submit", () => sessionStorage.removeItem(key));
  }
}

/** A menu closes when one turns elsewhere. */
function closeMenus(/** @type {Event} */ event) {
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    if (!menu.contains(/** @type {Node} */ (event.target))) menu.removeAttribute("open");
  }
}

for (const form of document.querySelectorAll("form[data-left]")) countDown(/** @type {HTMLFormElement} */ (form));
for (const form of document.querySelectorAll("form[data-draft]")) keepDraft(/** @type {HTMLFormElement} */ (form));
addEventListener("click", closeMenus);
addEventListener("focusin", closeMenus);
document.querySelector(".list .here")?.scrollIntoView({ block: "nearest" });
