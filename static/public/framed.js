// @ts-check
// Stands in the head and runs before the first paint: learns whether a page frames us, and which look it asks for.
(() => {
  if (window.parent === window) return;
  const root = document.documentElement;
  root.dataset.framed = "";

  /** #rgb or #rrggbb as three numbers, else null. */
  const colour = (text) => {
    const hex = /^#([0-9a-f]{3}|[0-9a-f]{6})$/i.exec(String(text).trim())?.[1];
    return hex ? (hex.length === 3 ? [...hex].map((c) => c + c) : hex.match(/../g) ?? []).map((c) => parseInt(c, 16)) : null;
  };
  const hex = (rgb) => "#" + rgb.map((n) => n.toString(16).padStart(2, "0")).join("");
  const mix = (a, b, share) => a.map((n, i) => Math.round(n + (b[i] - n) * share));

  /** WCAG 2.2, relative luminance and contrast ratio. */
  const luminance = (rgb) => {
    const [r, g, b] = rgb.map((n) => (n / 255 <= 0.04045 ? n / 255 / 12.92 : ((n / 255 + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const contrast = (a, b) => {
    const [x, y] = [luminance(a), luminance(b)];
    return (Math.max(x, y) + 0.05) / (Math.min(x, y) + 0.05);
  };

  /** The raw tokens of tokens.css: [light, dark]. */
  const token = (name) => (getComputedStyle(root).getPropertyValue(name).match(/#[0-9a-f]{6}/gi) ?? []).map(colour);

  /** An accent that is read at 4.5:1 on each ground it stands on, towards ink as far as that takes; and its own ground. */
  const readable = (accent, i) => {
    const [paper, mist, blue, ink] = ["--paper", "--mist", "--blue-soft", "--ink"].map((name) => token(name)[i]);
    for (let share = 0; share <= 1; share += 0.02) {
      const front = mix(accent, ink, share);
      const soft = mix(paper, front, 0.1);
      if ([paper, mist, blue, soft].every((back) => contrast(front, back) >= 4.5)) return [hex(front), hex(soft)];
    }
    return null;
  };

  const accents = (text) => {
    const accent = colour(text);
    const [day, night] = accent ? [readable(accent, 0), readable(accent, 1)] : [];
    if (!day || !night) return ["", ""];
    return [`light-dark(${day[0]}, ${night[0]})`, `light-dark(${day[1]}, ${night[1]})`];
  };

  /** Names of fonts that the reader has: nothing is loaded. */
  const fonts = (text) => (/^[\w\s,'"-]{1,200}$/.test(text) && CSS.supports("font-family", text) ? text : "");
  const radii = (text) => {
    const [, size, unit] = /^(\d{1,2}(?:\.\d{1,3})?)(px|rem)?$/.exec(text) ?? [];
    return size && (unit || size === "0") && Number(size) <= (unit === "rem" ? 2 : 32) ? size + (unit ?? "px") : "";
  };

  /** What is not exactly of its form, or cannot be read, is as if nothing had been said. */
  const wear = ({ scheme, accent, font, radius }) => {
    if (scheme === "light" || scheme === "dark") root.dataset.scheme = scheme;
    else delete root.dataset.scheme;
    const [front, soft] = accents(accent ?? "");
    const look = { "--accent": front, "--accent-soft": soft, "--font": fonts(String(font ?? "")), "--radius": radii(String(radius ?? "")) };
    for (const [name, value] of Object.entries(look)) root.style.setProperty(name, value); // an empty one takes it away
  };

  // The name that the page around us gave its frame: it is there on each page inside, before the first paint.
  try {
    if (window.name.startsWith("plenum:")) wear(JSON.parse(window.name.slice(7)));
  } catch {} // somebody else's name

  // Only the page around us is heard, and only the site's origins can be that: frame-ancestors.
  addEventListener("message", (event) => {
    if (event.source === window.parent && event.data?.plenum === "theme") wear(event.data);
  });

  // Any page may hear this: it says nothing but that we are here. Who may frame us is decided by frame-ancestors.
  window.parent.postMessage({ plenum: "hello" }, "*");
})();
