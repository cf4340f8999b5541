// @ts-check
// Says near the limit how much may still be written, and past it how much is too much: as the server counts, in
// characters, and only when the writer pauses, so that nobody is talked over.

const near = 0.9; // of the limit
const pause = 600; // milliseconds
let waiting = 0;

function count() {
  for (const line of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("[data-count]"))) {
    const field = document.getElementById(line.dataset.count ?? "");
    if (!(field instanceof HTMLTextAreaElement)) continue;
    const most = Number(line.dataset.most), length = [...field.value.trim()].length;
    const said = length > most ? line.dataset.over : length > most * near ? line.dataset.left : "";
    line.textContent = said ? said + " " + Math.abs(most - length).toLocaleString(document.documentElement.lang) : "";
    line.classList.toggle("error", length > most);
  }
}

document.addEventListener("input", () => {
  clearTimeout(waiting);
  waiting = setTimeout(count, pause);
});
document.addEventListener("plenum:form", count);
count();
