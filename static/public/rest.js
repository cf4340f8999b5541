// @ts-check
// The rest of a long branch, opened where it stands: what is new of the branch's own page is put behind what is here, and
// nothing that is being read moves.
import { ask } from "./ask.js";
import { showTimes } from "./times.js";

/** @param {ParentNode} place */
const articlesIn = (place) => [...place.querySelectorAll("article")];

/** Moves a comment, with all below it, to the end of the list below the place that it answers. @param {Element} item */
function append(item) {
  const above = item.parentElement?.closest("li")?.querySelector("article");
  const here = above && document.getElementById(above.id)?.closest("li");
  if (!here) return;
  let list = here.querySelector(":scope > ol");
  if (!list) here.querySelector("article")?.after((list = document.createElement("ol")));
  list.append(item);
}

/** @param {HTMLAnchorElement} link */
async function openRest(link) {
  const branch = link.closest(".thread > li");
  const page = await ask(link.href).then((answer) => answer.page, () => null);
  const shown = branch ? articlesIn(branch).map((article) => article.id) : [];
  const all = page ? articlesIn(page) : [];
  const rest = all.slice(shown.length);
  if (!branch || !rest.length || shown.some((id, i) => all[i].id !== id)) {
    location.href = link.href; // what is here is not how the branch begins
    return;
  }
  for (const article of rest) {
    const item = article.closest("li");
    if (item && !document.getElementById(article.id)) append(item);
  }
  const more = page?.querySelector("#comments > .more:has([rel=next])");
  if (more) branch.append(more); // a branch of several pages
  link.parentElement?.remove();
  showTimes();
  const first = document.getElementById(rest[0].id);
  first?.setAttribute("tabindex", "-1");
  first?.focus({ preventScroll: true }); // it stands where the link did
}

document.addEventListener("click", (event) => {
  const link = event.target instanceof Element && event.target.closest("a[data-rest]");
  if (!(link instanceof HTMLAnchorElement) || event.button || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  openRest(link);
});
