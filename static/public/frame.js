// @ts-check
// Inside a frame: tells the page around it how high we are and which place we should be read at.
// Heights and positions are all that is said, so any origin may hear it.

const root = document.documentElement;
let said = 0;

function sayHeight() {
  const height = Math.ceil(root.getBoundingClientRect().height) + 1; // rounding must not make a scrollbar
  if (height === said) return;
  said = height;
  window.parent.postMessage({ plenum: "height", height }, "*");
}

/** The frame is as high as its content and cannot scroll itself: the page around it has to. */
function sayPlace(place = document.getElementById(location.hash.slice(1)) ?? document.querySelector("[data-place]")) {
  if (place) window.parent.postMessage({ plenum: "scroll", top: place.getBoundingClientRect().top + scrollY }, "*");
}

if (window.parent !== window) {
  new ResizeObserver(sayHeight).observe(root);
  addEventListener("message", (event) => {
    if (event.source !== window.parent || event.data?.plenum !== "hello") return;
    said = 0;
    sayHeight();
  });
  addEventListener("hashchange", () => sayPlace());
  document.addEventListener("plenum:form", () => sayPlace(document.querySelector("[data-place]")));
  sayHeight();
  sayPlace();
}
