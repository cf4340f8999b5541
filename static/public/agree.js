// @ts-check
// Agreeing without leaving the place. The button says what came of it, and so does a line that is read out.
import { lang } from "./times.js";

const agreeing = /** @type {HTMLFormElement | null} */ (document.getElementById("agree"));

/** @param {string} text */
function announce(text) {
  const line = agreeing?.querySelector("[role=status]");
  if (line) line.textContent = text;
}

/** @param {HTMLButtonElement} button @param {{agreed: number, counted: boolean}} answer */
function showAgreed(button, { agreed, counted }) {
  const [label, , number] = button.children;
  const { done = "", already = "" } = agreeing?.dataset ?? {};
  button.ariaDisabled = "true"; // it keeps the focus, and does nothing more
  label.textContent = done;
  number.textContent = " · " + agreed.toLocaleString(lang);
  announce(counted ? done + " · " + agreed : already);
}

/** @param {HTMLButtonElement} button */
async function agree(button) {
  const site = location.pathname.split("/")[1];
  const answer = await fetch(`/api/v1/sites/${site}/comments/${button.value}/agreements?locale=${lang}`, { method: "POST", credentials: "omit" }).catch(() => null);
  const said = await answer?.json().catch(() => null);
  if (answer?.ok && said) showAgreed(button, said);
  else announce(said?.detail ?? agreeing?.dataset.failed ?? "");
}

agreeing?.addEventListener("submit", (event) => {
  event.preventDefault();
  const button = event.submitter;
  if (button instanceof HTMLButtonElement && button.ariaDisabled !== "true") agree(button);
});
