package handlers_test

import (
	"net/url"
	"testing"
)

// next asks the desk for the next item of a lane, and answers where that leads.
func (w *world) next(who, lane string) string {
	w.Helper()
	return w.desk(who, "/claims?state="+lane, url.Values{}).want(303).header.Get("Location")
}

func TestTheNextItemThatIsFreeIsOpened(t *testing.T) {
	w := newWorld(t)
	p := w.post("frei")
	if got, want := w.next(mia, "pending"), "/desk/"+w.site.Slug+"/comments/"+p.ID+"?state=pending"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestWhereNothingIsFreeTheDeskSaysWhy(t *testing.T) {
	w := newWorld(t)
	w.post("schon vergeben")
	w.claim(mia, 1)
	w.get(w.next(ida, "pending"), w.session(ida)).want(200).holds("Nichts davon ist für Sie frei.")
	w.get("/desk/"+w.site.Slug+"/queue?state=pending", w.session(ida)).want(200).lacks("Nichts davon ist für Sie frei.")
}
