// @ts-check
// What this device keeps for a reader, and only for one who ticked the box: until then nothing is written, and what was
// kept is forgotten with the tick. One tick for all of it, one prefix for each site. The boxes are [data-remember]; they
// are hidden without a script, which alone could keep anything.

const prefix = "plenum:" + location.pathname.split("/")[1] + ":";
const ticked = prefix + "remember";

/** Storage may be forbidden in a frame: then nothing is kept. @template T @param {(store: Storage) => T} use */
function onDevice(use) {
  try {
    return use(localStorage);
  } catch {
    return null;
  }
}

export const remembers = () => onDevice((store) => store.getItem(ticked)) !== null;

/** What was kept under a name; null: nothing. @param {string} name */
export const recall = (name) => (remembers() ? onDevice((store) => store.getItem(prefix + name)) : null);

/** Keeps a value for a reader who wants that, and else does nothing. @param {string} name @param {string} value */
export function keep(name, value) {
  if (remembers()) onDevice((store) => store.setItem(prefix + name, value));
}

/** @param {string} name */
export const forget = (name) => onDevice((store) => store.removeItem(prefix + name));

/** @param {boolean} wanted */
function setRemember(wanted) {
  onDevice((store) => {
    if (wanted) store.setItem(ticked, "1");
    else for (const key of Object.keys(store)) if (key.startsWith(prefix)) store.removeItem(key);
  });
  showTicks();
  document.dispatchEvent(new Event("plenum:remember")); // whoever has something to keep may do so now
}

/** Boxes say what is so, also those that came to the page later. */
function showTicks() {
  for (const place of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("[data-remember]"))) {
    const box = place.querySelector("input");
    if (!box) continue;
    box.checked = remembers();
    place.hidden = onDevice((store) => store.length) === null;
  }
}

document.addEventListener("change", ({ target }) => {
  if (target instanceof HTMLInputElement && target.closest("[data-remember]")) setRemember(target.checked);
});
document.addEventListener("plenum:form", showTicks);
showTicks();
