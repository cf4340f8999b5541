// @ts-check
// Where many write from one network the server asks for a sum before it takes the next comment. The browser does it, and
// sends the form by itself: the number, in ALTCHA's format, whose SHA-256 behind the salt is the challenge.

/** @param {{salt: string, challenge: string, maxnumber: number}} sum */
async function solve({ salt, challenge, maxnumber }) {
  const encoder = new TextEncoder();
  const hex = (/** @type {ArrayBuffer} */ bytes) => [...new Uint8Array(bytes)].map((b) => b.toString(16).padStart(2, "0")).join("");
  for (let number = 0; number <= maxnumber; number++) {
    if (hex(await crypto.subtle.digest("SHA-256", encoder.encode(salt + number))) === challenge) return number;
  }
}

/** @param {HTMLFormElement} form */
async function prove(form) {
  form.querySelector("[data-working]")?.removeAttribute("hidden");
  const sum = JSON.parse(form.dataset.challenge ?? "");
  const proof = /** @type {HTMLInputElement} */ (form.elements.namedItem("proof"));
  proof.value = btoa(JSON.stringify({ ...sum, number: await solve(sum) }));
  form.requestSubmit(form.querySelector("button.primary")); // as it was sent: whoever saw a hint is not asked again
}

function proveAny() {
  const form = /** @type {HTMLFormElement | null} */ (document.querySelector("form[data-challenge]"));
  if (form && crypto.subtle) prove(form); // which browsers have over https and on this machine alone
}

document.addEventListener("plenum:form", proveAny);
proveAny();
