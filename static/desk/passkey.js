// @ts-check
// A passkey is made and shown by the browser. This asks the server for what the browser needs, and sends with the form
// what the browser answers. The forms show where a browser can do it; elsewhere the page says what it takes.

/** @param {string} text base64, with or without what a URL cannot hold */
const bytes = (text) => Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (c) => c.charCodeAt(0));

/** @param {ArrayBuffer} buffer */
const letters = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer))).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");

/** What the server says, as the browser takes it: older ones cannot read JSON by themselves. @param {any} options */
function readable(options) {
  const named = (/** @type {any[]} */ list = []) => list.map((one) => ({ ...one, id: bytes(one.id) }));
  const user = options.user && { ...options.user, id: bytes(options.user.id) };
  return { ...options, user, challenge: bytes(options.challenge), excludeCredentials: named(options.excludeCredentials), allowCredentials: named(options.allowCredentials) };
}

/** What the browser says, as the server takes it. @param {any} credential */
function written({ id, rawId, type, authenticatorAttachment, response }) {
  /** @type {Record<string, any>} */
  const said = { transports: response.getTransports?.() };
  for (const part of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"]) {
    if (response[part]) said[part] = letters(response[part]);
  }
  return JSON.stringify({ id, rawId: letters(rawId), type, authenticatorAttachment: authenticatorAttachment ?? undefined, response: said, clientExtensionResults: {} });
}

/** @param {HTMLFormElement} form @returns {Promise<string>} */
async function answer(form) {
  const asked = await fetch(form.dataset.passkey ?? "", { method: "POST" });
  const said = await asked.json();
  if (!asked.ok) throw new Error(said.errors?.[0]?.message ?? said.detail);
  const publicKey = readable(said.publicKey);
  const credential = publicKey.user ? await navigator.credentials.create({ publicKey }) : await navigator.credentials.get({ publicKey });
  return written(credential);
}

/** The sentence for what went wrong: of the page for what the browser says, else of the server. @param {HTMLFormElement} form @param {any} wrong */
function sentence(form, wrong) {
  const { cancelled, known, unable, failed } = form.dataset;
  if (wrong instanceof DOMException) return { NotAllowedError: cancelled, InvalidStateError: known, SecurityError: unable }[wrong.name] ?? failed;
  return wrong instanceof TypeError ? failed : wrong.message; // TypeError: the server was not reached
}

/** @param {HTMLFormElement} form */
async function show(form) {
  const button = /** @type {HTMLButtonElement} */ (form.querySelector("button"));
  const problem = /** @type {HTMLElement} */ (form.querySelector("[role=alert]"));
  button.disabled = true;
  problem.textContent = "";
  try {
    /** @type {HTMLInputElement} */ (form.elements.namedItem("credential")).value = await answer(form);
    form.submit();
  } catch (wrong) {
    problem.textContent = sentence(form, wrong) ?? "";
    button.disabled = false;
  }
}

if (isSecureContext && "PublicKeyCredential" in window) {
  for (const form of /** @type {NodeListOf<HTMLFormElement>} */ (document.querySelectorAll("form[data-passkey]"))) {
    form.hidden = false;
    form.nextElementSibling?.setAttribute("hidden", ""); // what it takes
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      show(form);
    });
  }
}
