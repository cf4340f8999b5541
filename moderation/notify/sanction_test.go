package notify_test

import (
	"strings"
	"testing"

	"plenum/moderation"
	"plenum/moderation/notify"
)

// sanction warns the author of the world's comment.
func (w *world) sanction() moderation.Sanction {
	w.Helper()
	c, err := w.flow.Store.Comment(w.Context(), w.site.ID, w.id)
	w.must(err)
	s, err := w.flow.Sanction(w.Context(), w.site, w.actor, moderation.Sanctioning{AuthorID: c.AuthorID, Kind: moderation.Warn, Rules: []string{"respect"},
		Statement: "Der letzte Satz.", Note: "among us"})
	w.must(err)
	return s
}

func TestAnAuthorIsToldOfASanctionAndOfItsEnd(t *testing.T) {
	w, d := newWorld(t, "de", "ann@example.org"), &desk{}
	s := w.sanction()
	laid := notify.SanctionNotice{SiteID: w.site.ID, SanctionID: s.ID}
	w.must(w.postman(d).DeliverSanction(t.Context(), laid))
	editor := w.actor
	editor.Role = moderation.RoleEditor
	s, err := w.flow.Lift(t.Context(), w.site, editor, s.ID, "among us")
	w.must(err)
	w.must(w.postman(d).DeliverSanction(t.Context(), laid)) // by now there is nothing to tell of it
	w.must(w.postman(d).DeliverSanction(t.Context(), notify.SanctionNotice{SiteID: w.site.ID, SanctionID: s.ID, EntryID: *s.Lifted}))
	if len(d.letters) != 2 {
		t.Fatalf("got %d letters, want one of the warning and one of its end", len(d.letters))
	}
	for i, want := range []string{"verwarnt", "aufgehoben"} {
		l := d.letters[i]
		if l.To != "ann@example.org" || !strings.Contains(l.Text, want) || !strings.Contains(l.HTML, "Der letzte Satz.") || strings.Contains(l.Text+l.HTML, "among us") {
			t.Errorf("got a letter to %s:\n%s\nwant %q and the statement, and no note", l.To, l.Text, want)
		}
	}
	if d.letters[1].ReferenceID != d.letters[0].ID {
		t.Errorf("got %s after %s, want one conversation", d.letters[1].ID, d.letters[1].ReferenceID)
	}
}
