// @ts-check
// What others do arrives by itself: the numbers of the lanes, who holds what, what was decided. Nothing that is being
// read or typed moves; what came in stands behind a line that one may press. The claim on the open item is renewed
// while its page is open and looked at, and ends soon after it was left.

const body = document.body;
const note = /** @type {HTMLElement | null} */ (document.querySelector("#live"));
const page = note?.querySelector("a")?.href ?? location.href; // where it answers a form, the address is another
const list = document.querySelector("ol.list");
const release = /** @type {HTMLFormElement | null} */ (document.querySelector(".keys form[action*='/release?']"));
const pause = 700, every = 60_000, renewEvery = 90_000; // milliseconds
let moving = false;

/** @param {ParentNode} from @returns {Map<string, HTMLElement>} */
const lines = (from) => new Map([...from.querySelectorAll("ol.list > li")].map((li) => [/** @type {HTMLElement} */ (li).dataset.id ?? "", /** @type {HTMLElement} */ (li)]));

/** @param {Document} now @param {string} part */
function swap(now, part) {
  const [mine, theirs] = [document.querySelector(part), now.querySelector(part)];
  if (mine && theirs && !mine.isEqualNode(theirs)) mine.replaceWith(document.adoptNode(theirs));
}

/** @param {Document} now */
function compare(now) {
  swap(now, "ul.lanes");
  swap(now, ".top .tag");
  const [mine, theirs] = [lines(document), lines(now)];
  const order = [...mine.keys()], last = order.findLastIndex((id) => theirs.has(id));
  const pushed = theirs.size >= mine.size && mine.has([...theirs.keys()].at(-1) ?? ""); // what is new came in further up
  for (const [place, id] of order.entries()) {
    const li = mine.get(id), other = theirs.get(id);
    if (!other && pushed && place > last) continue; // onto the next page, as far as one can see
    li?.classList.toggle("gone", !other);
    const [head, next] = [li?.querySelector(".head"), other?.querySelector(".head")];
    if (head && next) head.replaceWith(document.adoptNode(next));
    else if (head && !head.querySelector(".left")) head.append(left());
  }
  const fresh = [...theirs.keys()].filter((id) => !mine.has(id)).length;
  const item = now.querySelector("#work [data-version]");
  const open = /** @type {HTMLElement | null} */ (document.querySelector("#work [data-version]"));
  const changed = open && item && (item.getAttribute("data-version") !== open.dataset.version || item.getAttribute("data-holder") !== open.dataset.holder);
  say(changed ? note?.dataset.item : fresh || (!list && theirs.size) ? note?.dataset.fresh : "");
}

/** What stands on the line of an item that is no longer in the list. */
function left() {
  const word = document.createElement("span");
  word.className = "held left";
  word.textContent = note?.dataset.gone ?? "";
  return word;
}

/** @param {string | undefined} sentence */
function say(sentence) {
  const link = note?.querySelector("a");
  if (!note || !link) return;
  if (sentence && link.textContent !== sentence) link.textContent = sentence;
  note.hidden = !sentence;
}

/**
 * The page as it is now, or null where it leads elsewhere. The browser reads it as a document: text never becomes HTML here.
 * @param {string} address @returns {Promise<Document | null>}
 */
const ask = (address) => new Promise((resolve, reject) => {
  const question = new XMLHttpRequest();
  question.open("GET", address);
  question.responseType = "document";
  question.onload = () => resolve(question.status === 200 && question.responseURL === address.split("#")[0] ? question.responseXML : null);
  question.onerror = reject;
  question.send();
});

let due = 0;

/** What came at once is looked at once. */
function hear() {
  due ||= setTimeout(look, pause);
}

async function look() {
  due = 0;
  if (moving || document.hidden) return;
  try {
    const now = await ask(page);
    if (now && !moving) compare(now);
  } catch {
    return; // the next event, or minute, tries again
  }
}

/** @type {EventSource | undefined} */
let events;
function listen() {
  events?.close();
  if (document.hidden || !body.dataset.events) return;
  events = new EventSource(body.dataset.events);
  events.addEventListener("queue", hear);
}

function renew() {
  if (release && !document.hidden && body.dataset.renew) fetch(body.dataset.renew, { method: "POST" }).catch(() => undefined);
}

addEventListener("submit", () => { moving = true; });
addEventListener("pagehide", () => {
  events?.close();
  if (release && !moving) navigator.sendBeacon(release.action.replace("/release?", "/leave?"));
});
addEventListener("pageshow", (event) => {
  moving = false;
  if (event.persisted) location.reload();
});
addEventListener("visibilitychange", () => { listen(); hear(); });
listen();
renew();
setInterval(renew, renewEvery);
setInterval(hear, every);
