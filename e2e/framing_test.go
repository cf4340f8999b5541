package e2e

import (
	"fmt"
	"testing"
)

// frames shows an address in a frame of the page, and answers whether Plenum's page came to be in it: it says hello
// before it has loaded, and an error page says nothing.
func (b *tab) frames(address string) bool {
	b.Helper()
	eval[bool](b, fmt.Sprintf(`(() => {
		let said = "nothing";
		const frame = document.body.appendChild(document.createElement("iframe"));
		addEventListener("message", event => { if (event.source === frame.contentWindow) said = event.data.plenum });
		frame.onload = () => setTimeout(() => { document.body.dataset.said = said });
		frame.src = %q;
		return true;
	})()`, address))
	b.see("body[data-said]")
	return eval[string](b, `document.body.dataset.said`) != "nothing"
}

// Only the pages of the origins that the site lists may show its threads in a frame.
func TestOnlyTheSitesOriginsMayFrameAThread(t *testing.T) {
	mine := newTab(t)
	mine.open(plenum.article)
	if !mine.frames(plenum.base + thread) {
		t.Error("a page of the site may not frame the thread")
	}
	other := newTab(t)
	other.expected = []string{"frame-ancestors", "ERR_BLOCKED_BY_RESPONSE"}
	other.open(host(t, `<!doctype html><html lang="de"><title>Woanders</title><body>`))
	if other.frames(plenum.base + thread) {
		t.Error("a page of somebody else frames the thread")
	}
}
