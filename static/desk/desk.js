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

const sent = "plenum:desk:sent";
const keyOf = (/** @type {HTMLFormElement} */ form) => `plenum:desk:${form.dataset.draft}:`;

/**
 * A draft goes when its form went through: only then is one sent on from the page that it stood on to this one. A refusal
 * is answered in place, and whoever had to sign in again comes from there.
 */
function dropSent() {
  const [key, from] = (sessionStorage.getItem(sent) ?? "").split("\n");
  sessionStorage.removeItem(sent);
  const [arrival] = performance.getEntriesByType("navigation");
  const sentOn = arrival instanceof PerformanceNavigationTiming && arrival.redirectCount > 0;
  if (!key || !sentOn || document.referrer !== from) return;
  for (const name of Object.keys(sessionStorage)) {
    if (name.startsWith(key)) sessionStorage.removeItem(name);
  }
}

/** @param {SubmitEvent} event */
function markSent({ target }) {
  if (!(target instanceof HTMLFormElement)) return;
  if (target.dataset.draft) sessionStorage.setItem(sent, `${keyOf(target)}\n${location.href.split("#")[0]}`);
  else sessionStorage.removeItem(sent);
}

/** @param {HTMLFormElement} form */
function keepDraft(form) {
  for (const field of form.querySelectorAll("textarea")) {
    const key = keyOf(form) + field.name;
    const draft = sessionStorage.getItem(key);
    if (draft && !field.value) {
      field.value = draft;
      field.closest("details")?.setAttribute("open", "");
    }
    field.addEventListener("input", () => sessionStorage.setItem(key, field.value));
  }
}

/** A menu closes when one turns elsewhere. */
function closeMenus(/** @type {Event} */ event) {
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    if (!menu.contains(/** @type {Node} */ (event.target))) menu.removeAttribute("open");
  }
}

dropSent();
document.addEventListener("submit", markSent);
for (const form of document.querySelectorAll("form[data-left]")) countDown(/** @type {HTMLFormElement} */ (form));
for (const form of document.querySelectorAll("form[data-draft]")) keepDraft(/** @type {HTMLFormElement} */ (form));
addEventListener("click", closeMenus);
addEventListener("focusin", closeMenus);
document.querySelector(".list .here")?.scrollIntoView({ block: "nearest" });
