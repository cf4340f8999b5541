// @ts-check
// Shows an author their own comments that wait, in their place in the thread: after sending, and on a device that was
// asked to remember after a reload too. What the page shows comes from the author's own page, by its token; the thread
// as everybody gets it knows nothing of it.
import { ask } from "./ask.js";
import { keep, recall } from "./remember.js";

const thread = document.querySelector("[data-article]");
const entry = "mine " + thread?.getAttribute("data-article");
const mostKept = 20;

/** @type {string[]} addresses of authors' own pages, oldest first */
let own = remembered();

function remembered() {
  try {
    const kept = JSON.parse(recall(entry) ?? "[]");
    if (Array.isArray(kept)) return kept;
  } catch {
    // cut off
  }
  return [];
}

/** @param {Element} item */
function place(item) {
  const parent = item.getAttribute("data-parent");
  const above = parent ? document.getElementById("c-" + parent)?.parentElement : thread;
  if (!above || document.getElementById(item.querySelector("article")?.id ?? "")) return;
  let list = above.querySelector(":scope > ol");
  if (!list) {
    list = document.createElement("ol");
    if (above === thread) list.className = "thread";
    above.querySelector(":scope > .empty")?.remove();
    above.append(list);
  }
  if (!parent && thread?.hasAttribute("data-newest")) list.prepend(item);
  else list.append(item);
}

/** @param {Document} page the author's own */
export function arrive(page) {
  const item = page.querySelector("[data-mine]");
  if (!item) return;
  own = [...own, item.getAttribute("data-mine") ?? ""].slice(-mostKept);
  save();
  place(item);
}

function save() {
  keep(entry, JSON.stringify(own));
}

/** What is public or withdrawn needs no place any more; of an answer that is no word on it nothing follows. @param {string} address */
async function show(address) {
  const { page, status } = await ask(address + "&within=1");
  const item = page.querySelector("[data-mine]");
  if (item) place(item);
  else if ([200, 404, 410].includes(status)) own = own.filter((other) => other !== address);
}

async function showAll() {
  if (!own.length) return;
  await Promise.allSettled(own.map(show));
  save();
}

document.addEventListener("plenum:remember", save);
showAll();
