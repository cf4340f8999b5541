// @ts-check
// Sends what is written and puts the answer in the place of the form: the preview, hints, what is wrong, or that it has
// arrived. The server renders each; without this script they are pages. Nothing that was typed is lost on the way.
import { ask } from "./ask.js";
import { dropDraft } from "./draft.js";
import { arrive } from "./mine.js";

let sending = false;

/** @param {HTMLFormElement} form @param {HTMLElement | null} button */
function filled(form, button) {
  const sent = new URLSearchParams(/** @type {any} */ (new FormData(form)));
  if (button instanceof HTMLButtonElement && button.name) sent.set(button.name, button.value);
  sent.set("within", "1");
  return sent;
}

/** @param {HTMLFormElement} form @param {HTMLElement | null} button */
async function send(form, button) {
  const place = form.closest("[data-write]");
  const failed = form.querySelector("[data-failed]");
  if (!place || sending) return;
  sending = true;
  form.setAttribute("aria-busy", "true");
  if (failed) failed.textContent = "";
  try {
    const { page, status } = await ask(form.action, filled(form, button));
    const answer = page.querySelector("[data-posted], [data-write]");
    if (!answer || status === 413) throw new Error("not about the form, or nothing of it was read");
    if (answer.matches("[data-posted]")) {
      dropDraft(form);
      arrive(page);
    }
    put(place, answer);
  } catch {
    if (failed) failed.textContent = failed.getAttribute("data-failed");
  }
  form.removeAttribute("aria-busy");
  sending = false;
}

/** Puts the answer in place, and the focus on what it is about. @param {Element} place @param {Element} answer */
function put(place, answer) {
  place.replaceWith(answer);
  document.dispatchEvent(new Event("plenum:form"));
  const first = answer.querySelector("[autofocus]") ?? answer.querySelector("[tabindex='-1']");
  if (first instanceof HTMLElement) first.focus();
}

/** The browser's own bubbles would be in its language, and away before they are read. */
function prepare() {
  for (const form of document.querySelectorAll("[data-write] form")) {
    if (!(form instanceof HTMLFormElement)) continue;
    form.noValidate = true;
    const proof = form.dataset.proof;
    if (proof) import(proof); // which solves the sum, now and for each later form
  }
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!(form instanceof HTMLFormElement) || !form.closest("[data-write]")) return;
  event.preventDefault();
  send(form, event.submitter);
});
document.addEventListener("plenum:form", prepare);
prepare();
