// @ts-check
// Tells that the thread changed since it was loaded, and never moves what is being read: the line has its place, and
// new comments come when one asks for them. Nobody listens while the page is not looked at, or this thread on it: each
// stream keeps a connection, of which a browser over HTTP/1.1 opens six to a host. It begins with what is so by now.

const line = /** @type {HTMLElement | null} */ (document.querySelector("[data-events]"));
const link = line?.querySelector("a");
/** @type {EventSource | undefined} */
let events;
/** @type {number | undefined} */
let again;
/** @type {number | undefined} */
let settling;
let inView = !("IntersectionObserver" in window);

/** @param {number} count */
function sentence(count) {
  if (count < 1) return line?.dataset.changed ?? "";
  const kind = new Intl.PluralRules(document.documentElement.lang).select(count);
  return ((kind === "one" ? line?.dataset.one : line?.dataset.other) ?? "").replace("0", String(count));
}

/** @param {MessageEvent} event */
function hear(event) {
  const { version, total } = JSON.parse(event.data);
  if (!line || !link || version <= Number(line.dataset.version)) return;
  link.textContent = sentence(total - Number(line.dataset.total));
  link.hidden = false;
}

function listen() {
  leave();
  if (!line?.dataset.events || document.hidden || !inView) return;
  events = new EventSource(line.dataset.events);
  events.addEventListener("thread", hear);
  events.addEventListener("error", retry);
}

/** A browser connects again by itself, unless it was answered: that the database is away, or a proxy that Plenum is. */
function retry() {
  if (events?.readyState === EventSource.CLOSED) again = setTimeout(listen, retryAfter + Math.random() * retryAfter);
}

const retryAfter = 10_000; // milliseconds, and up to as much more, so that not everybody comes at once

/** Whoever scrolls past opens nothing. @param {IntersectionObserverEntry[]} entries */
function settle(entries) {
  const now = entries[entries.length - 1].isIntersecting;
  clearTimeout(settling);
  settling = setTimeout(() => {
    if (now === inView) return;
    inView = now;
    listen();
  }, settleAfter);
}

const settleAfter = 1_000; // milliseconds

function leave() {
  clearTimeout(again);
  events?.close();
}

link?.addEventListener("click", (event) => {
  event.preventDefault();
  location.reload();
});
addEventListener("visibilitychange", listen);
addEventListener("pagehide", leave);
addEventListener("pageshow", (event) => event.persisted && listen());
if (inView) listen();
else new IntersectionObserver(settle).observe(document.documentElement);
