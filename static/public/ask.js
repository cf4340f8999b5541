// @ts-check
// Asks Plenum for a page and gets it as a document whose scripts never run. No HTML is made from a string anywhere: the
// pages' policy (require-trusted-types-for) would not have it.

/** @param {string} address @param {URLSearchParams} [form] to send @returns {Promise<{page: Document, address: string, status: number}>} */
export function ask(address, form) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open(form ? "POST" : "GET", address);
    request.responseType = "document";
    request.onload = () => (request.responseXML ? resolve({ page: request.responseXML, address: request.responseURL, status: request.status }) : request.onerror?.(new ProgressEvent("error")));
    request.onerror = () => reject(new Error("no answer"));
    request.send(form);
  });
}
