package handlers_test

import (
	"net/url"
	"testing"
)

// typed is what somebody sends who has written reasons, a note, and marked words to quote.
func typed(version string) url.Values {
	return url.Values{"action": {"reject:respect"}, "version": {version}, "statement": {"Bleibt stehen"}, "note": {"Meine Notiz"}, "passage": {"zitierte Worte"}}
}

func TestWhatWasTypedStaysInTheFormOfARefusedDecision(t *testing.T) {
	w := newWorld(t)
	p := w.post("eins")
	w.claim(mia, 1)
	w.desk(mia, "/comments/"+p.ID+"/decisions?state=pending", typed("99")).want(409).
		holds("Bleibt stehen</textarea>", "Meine Notiz</textarea>", `name="passage" value="zitierte Worte"`, "<q dir=\"auto\">zitierte Worte</q>")
}

func TestWhatWasTypedCanBeCopiedWhereNothingCanBeDecided(t *testing.T) {
	w := newWorld(t)
	p := w.post("eins")
	for _, held := range []bool{false, true} {
		if held {
			w.claim(ida, 1)
		}
		page := w.desk(mia, "/comments/"+p.ID+"/decisions?state=pending", typed("99")).want(409)
		page.lacks(`id="decide"`)
		page.holds("Nicht gesendet", ">Bleibt stehen</dd>", ">Meine Notiz</dd>", ">zitierte Worte</dd>")
	}
}

func TestWhoeverSendsAFormAfterTheirSessionIsLedBackToItsPage(t *testing.T) {
	w := newWorld(t)
	p := w.post("eins")
	page := "/desk/" + w.site.Slug + "/comments/" + p.ID
	w.do("POST", page+"/decisions?state=pending", typed("1").Encode(), header("Content-Type", "application/x-www-form-urlencoded"),
		header("Referer", w.server.URL+page+"?state=pending")).want(401).
		holds(`href="/desk/signin?next=` + url.QueryEscape(page+"?state=pending"))
}
