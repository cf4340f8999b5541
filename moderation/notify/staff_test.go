package notify_test

import (
	"strings"
	"testing"
	"time"

	"plenum/models"
	"plenum/moderation"
	"plenum/moderation/notify"
)

func TestAModeratorIsToldOfWhatWaitsWhileItDoes(t *testing.T) {
	w, d := newWorld(t, "de", "ann@example.org"), &desk{}
	notice := notify.StaffNotice{SiteID: w.site.ID, ModeratorID: w.actor.ID, About: models.AlertWaiting, At: time.Unix(1_790_000_000, 0)}
	w.must(w.postman(d).DeliverAlert(t.Context(), notice))
	w.must(w.postman(d).DeliverAlert(t.Context(), notice))
	if len(d.letters) != 2 || d.letters[0].ID != d.letters[1].ID {
		t.Fatalf("got %d letters, want the same at each try", len(d.letters))
	}
	l := d.letters[0]
	if link := "/desk/" + w.site.Slug + "/comments/" + w.id.String(); !strings.Contains(l.Text, link) || !strings.Contains(l.HTML, link) {
		t.Errorf("got\n%s\nwant a link to the comment", l.Text)
	}
	if l.To != w.actor.Email || strings.Contains(l.Text+l.HTML, "ann@example.org") {
		t.Errorf("got a letter to %s:\n%s", l.To, l.Text)
	}
	_, err := w.flow.Decide(t.Context(), w.site, w.actor, moderation.Verdict{CommentID: w.id, Version: 1, Action: moderation.Approve})
	w.must(err)
	w.must(w.postman(d).DeliverAlert(t.Context(), notice))
	if len(d.letters) != 2 {
		t.Error("a letter went out although nothing waits any more")
	}
}
