// @ts-check
// What works by a script alone stands in the page as a <template>: without one there is no dead button.

function unfold() {
  for (const template of document.querySelectorAll("template[data-scripted]")) {
    if (template instanceof HTMLTemplateElement) template.replaceWith(template.content.cloneNode(true));
  }
}

document.addEventListener("plenum:form", unfold);
unfold();
