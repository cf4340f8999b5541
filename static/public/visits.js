// @ts-check
// "New" on what was published since the last visit, for readers who ticked the box: only then this device keeps when they
// were here. A visit goes on while less than half an hour passes.
import { keep, recall } from "./remember.js";

const half = 30 * 60 * 1000;
const most = 50; // articles
const comments = /** @type {HTMLElement | null} */ (document.querySelector("#comments[data-article]"));

/** @typedef {{article: string, since: number, last: number}} Visit */

/** @returns {Visit[]} */
function visits() {
  try {
    return JSON.parse(recall("visits") ?? "[]");
  } catch {
    return [];
  }
}

/** @param {number} since */
function markNew(since) {
  for (const article of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll(".comment[data-published]"))) {
    if (!(Number(article.dataset.published) > since) || article.querySelector(".fresh-tag")) continue;
    const tag = document.createElement("span");
    tag.className = "tag info fresh-tag";
    tag.textContent = comments?.dataset.new ?? "";
    article.querySelector("header")?.append(" ", tag);
  }
}

function visit() {
  const article = comments?.dataset.article;
  if (!article) return;
  const now = Date.now();
  const all = visits();
  const before = all.find((each) => each.article === article);
  const since = !before ? now : now - before.last > half ? before.last : before.since;
  if (before) markNew(since);
  keep("visits", JSON.stringify([{ article, since, last: now }, ...all.filter((each) => each !== before)].slice(0, most)));
}

visit();
document.addEventListener("plenum:remember", visit);
