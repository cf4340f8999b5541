// @ts-check
// The publisher's side of the frame. It sizes the frames that show Plenum, tells them the scheme of the page, and
// defines <plenum-thread>. It reads nothing of the page and sends nothing anywhere else.
(() => {
  const script = /** @type {HTMLScriptElement | null} */ (document.currentScript);
  if (!script || customElements.get("plenum-thread")) return;
  const base = new URL(".", script.src);
  /** Frames of our own elements: they stand in shadow trees, where a query of the document does not look. */
  const own = new Set();

  const frames = () => [...document.querySelectorAll("iframe"), ...own].filter((frame) => frame.src.startsWith(base.href));

  /** Whoever sets no scheme leaves it to the reader's system. */
  const schemeOf = (frame) => {
    const host = frame.getRootNode().host ?? frame;
    return host.getAttribute("scheme") ?? host.dataset.scheme ?? script.dataset.scheme ?? "";
  };

  /** To any origin: a frame that has not loaded yet has none of ours, and nothing said here is a secret. */
  const say = (frame, message) => frame.contentWindow?.postMessage(message, "*");
  const dress = (frame) => say(frame, { plenum: "theme", scheme: schemeOf(frame) });

  const heard = {
    hello: dress,
    height: (frame, { height }) => {
      if (height > 0 && height < 1e6) frame.style.height = height + "px";
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
    static observedAttributes = ["scheme"];

    connectedCallback() {
      if (this.shadowRoot) return;
      const src = new URL(encodeURIComponent(this.getAttribute("site") ?? "") + "/thread", base);
      src.searchParams.set("article", this.getAttribute("article") ?? location.href.split("#")[0]);
      if (this.title) src.searchParams.set("title", this.title);
      const frame = document.createElement("iframe");
      frame.loading = "lazy";
      frame.src = src.href;
      frame.title = this.textContent?.trim() || this.title || "Plenum";
      frame.style.cssText = "display:block;width:100%;height:40rem;border:0";
      own.add(frame);
      // No slot: the link inside the element stays for those who read without scripts.
      this.attachShadow({ mode: "open" }).append(frame);
    }

    attributeChangedCallback() {
      const frame = this.shadowRoot?.querySelector("iframe");
      if (frame) dress(frame);
    }
  }
  customElements.define("plenum-thread", Thread);

  // Frames that were ready before this script: ask them again.
  for (const frame of frames()) {
    dress(frame);
    say(frame, { plenum: "hello" });
  }
})();
