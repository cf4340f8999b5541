// @ts-check
// The rest of a long branch, opened where it stands. What is swapped in is the branch as its own page has it.
import { showTimes } from "./times.js";

/** @param {string} address */
async function branchAt(address) {
  const answer = await fetch(address, { credentials: "omit" }).catch(() => null);
  if (!answer?.ok) return null;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const branch = page.querySelector(".thread > li");
  const more = page.querySelector("#comments > .more:has([rel=next])");
  if (branch && more) branch.append(more); // a branch of several pages
  return branch;
}

/** @param {HTMLAnchorElement} link */
async function openRest(link) {
  const old = link.closest(".thread > li");
  const whole = await branchAt(link.href);
  if (!old || !whole) {
    location.href = link.href;
    return;
  }
  const seen = new Set([...old.querySelectorAll("article")].map((article) => article.id));
  old.replaceWith(whole);
  showTimes();
  const first = [...whole.querySelectorAll("article")].find((article) => !seen.has(article.id));
  first?.setAttribute("tabindex", "-1");
  first?.focus({ preventScroll: true }); // it stands where the link did
}

document.addEventListener("click", (event) => {
  const link = event.target instanceof Element && event.target.closest("a[data-rest]");
  if (!(link instanceof HTMLAnchorElement) || event.button || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  openRest(link);
});
