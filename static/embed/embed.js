// @ts-check
// The publisher's side of the frame. It sizes the frames that show Plenum, hands them the look that the page asks for,
// defines <plenum-thread>, and fills in how many comments there are. It keeps nothing and asks nobody but Plenum.
(() => {
  const script = /** @type {HTMLScriptElement | null} */ (document.currentScript);
  if (!script || customElements.get("plenum-thread")) return;
  const base = new URL(".", script.src);
  const looks = ["accent", "font", "radius", "scheme"];
  /** Frames of our own elements: they stand in shadow trees, where a query of the document does not look. */
  const own = new Set();

  const frames = () => [...document.querySelectorAll("iframe"), ...own].filter((frame) => frame.src.startsWith(base.href));

  /** What the element says, or the iframe in data-…, or else the script's own tag for the whole page. */
  const lookOf = (frame) => {
    const host = frame.getRootNode().host ?? frame;
    return Object.fromEntries(looks.map((name) => [name, host.getAttribute(name) ?? host.dataset[name] ?? script.dataset[name] ?? ""]));
  };

  /** To any origin: a frame that has not loaded yet has none of ours, and nothing said here is a secret. */
  const say = (frame, message) => frame.contentWindow?.postMessage(message, "*");

  /** While it is below what is seen, a frame that will grow takes a whole window: what stands under it then never jumps. */
  const reserve = (frame) => {
    if (frame.getBoundingClientRect().top >= innerHeight) frame.style.minHeight = "100vh";
  };

  /** The name is what each page in the frame reads before it paints; the message reaches the one that is there. */
  const dress = (frame) => {
    const look = lookOf(frame);
    frame.name = "plenum:" + JSON.stringify(look);
    say(frame, { plenum: "theme", ...look });
  };

  const heard = {
    hello: dress,
    height: (frame, { height }) => {
      if (!(height > 0 && height < 1e6)) return;
      frame.style.height = height + "px";
      frame.style.minHeight = "";
    },
    scroll: (frame, { top }) => {
      if (Number.isFinite(top)) scrollTo({ top: frame.getBoundingClientRect().top + scrollY + top - 16 });
    },
  };

  addEventListener("message", (event) => {
    if (event.origin !== base.origin || !Object.hasOwn(heard, event.data?.plenum)) return;
    const frame = frames().find((each) => each.contentWindow === event.source);
    if (frame) heard[event.data.plenum](frame, event.data);
  });

  class Thread extends HTMLElement {
    static observedAttributes = looks;

    connectedCallback() {
      if (this.shadowRoot) {
        own.add(this.shadowRoot.querySelector("iframe")); // it has been moved
        return;
      }
      const src = new URL(encodeURIComponent(this.getAttribute("site") ?? "") + "/thread", base);
      src.searchParams.set("article", this.getAttribute("article") ?? location.href.split("#")[0]);
      for (const name of ["title", "url", "lead", "signature", "locale"]) {
        const value = this.getAttribute(name);
        if (value) src.searchParams.set(name, value);
      }
      const frame = document.createElement("iframe");
      frame.loading = "lazy";
      frame.src = src.href;
      frame.title = this.getAttribute("label") || this.textContent?.trim() || this.title || "Plenum";
      frame.style.cssText = "display:block;width:100%;height:40rem;border:0";
      own.add(frame);
      // No slot: the link inside the element stays for those who read without scripts.
      this.attachShadow({ mode: "open" }).append(frame);
      reserve(frame);
      dress(frame);
    }

    disconnectedCallback() {
      own.delete(this.shadowRoot?.querySelector("iframe"));
    }

    attributeChangedCallback() {
      const frame = this.shadowRoot?.querySelector("iframe");
      if (frame) dress(frame);
    }
  }
  customElements.define("plenum-thread", Thread);

  const words = { de: ["Kommentar", "Kommentare"], en: ["comment", "comments"] };

  /** In the language of the place; of another language, or with data-number, the number alone. */
  const counted = (place, count) => {
    const lang = place.closest("[lang]")?.lang || "en";
    const [one, many] = ("number" in place.dataset ? null : words[lang.slice(0, 2).toLowerCase()]) ?? [];
    let number = String(count);
    try {
      number = count.toLocaleString(lang);
    } catch {} // a lang that is none
    place.textContent = one ? number + " " + (count === 1 ? one : many) : number;
  };

  const ask = async (site, keys, places) => {
    const address = new URL("api/v1/sites/" + encodeURIComponent(site) + "/counts?" + keys.join("&"), base);
    const said = await fetch(address, { credentials: "omit", referrerPolicy: "no-referrer" }).then((answer) => answer.json()).catch(() => null);
    for (const place of places) {
      const count = said?.counts?.[place.dataset.plenumCount];
      if (Number.isInteger(count)) counted(place, count); // else what stands there stays
    }
  };

  /** As few questions as addresses of 7,000 characters and 200 articles each allow. */
  const count = () => {
    const sites = new Map();
    for (const place of document.querySelectorAll("[data-plenum-count]")) {
      const site = place.dataset.site ?? script.dataset.site;
      if (site) sites.set(site, [...(sites.get(site) ?? []), place]);
    }
    for (const [site, places] of sites) {
      let keys = [];
      for (const key of new Set(places.map((place) => place.dataset.plenumCount))) {
        if (!key || [...key].length > 512) continue;
        const next = "article=" + encodeURIComponent(key);
        if (keys.length === 200 || keys.join("&").length + next.length > 7000) {
          ask(site, keys, places);
          keys = [];
        }
        keys.push(next);
      }
      if (keys.length) ask(site, keys, places);
    }
  };
  document.addEventListener("plenum:count", count);
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", count);
  else count();

  // Frames that were ready before this script: ask them again.
  for (const frame of frames()) {
    reserve(frame);
    dress(frame);
    say(frame, { plenum: "hello" });
  }
})();
