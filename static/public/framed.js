// @ts-check
// Stands in the head and runs before the first paint: learns whether a page frames us, and which scheme it wears.
(() => {
  if (window.parent === window) return;
  const root = document.documentElement;
  root.dataset.framed = "";

  addEventListener("message", (event) => {
    if (event.source !== window.parent || event.data?.plenum !== "theme") return;
    const { scheme } = event.data;
    if (scheme === "light" || scheme === "dark") root.dataset.scheme = scheme;
    else delete root.dataset.scheme;
  });

  // Any page may hear this: it says nothing but that we are here. Who may frame us is decided by frame-ancestors.
  window.parent.postMessage({ plenum: "hello" }, "*");
})();
