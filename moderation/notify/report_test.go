package notify_test

import (
	"strings"
	"testing"

	"plenum/models"
	"plenum/moderation"
	"plenum/moderation/notify"
)

func TestAKeepDoesNotSwallowTheLetterOfTheApprovalBeforeIt(t *testing.T) {
	w := newWorld(t, "en", "ann@example.org")
	published := w.decide(moderation.Approve, 1)
	w.decide(moderation.Keep, 2)
	w.deliver(published)
	w.decide(moderation.Undo, 3)
	w.deliver(published)
}

func TestAReporterHearsTheOutcomeOnlyWhileItStands(t *testing.T) {
	w := newWorld(t, "en", "ann@example.org")
	w.decide(moderation.Approve, 1)
	number, err := w.flow.Report(w.Context(), w.site, moderation.Report{CommentID: w.id, Kind: models.ReportIllegal, Text: "secret grounds",
		Email: "rea@example.org", GoodFaith: true, Locale: "en"})
	w.must(err)
	open, err := w.flow.Store.OpenCase(w.Context(), w.site.ID, w.id)
	w.must(err)
	d := &desk{}
	notice := notify.ReporterNotice{SiteID: w.site.ID, ReportID: open.Reports[0].ID, About: notify.ReportReceived}
	w.must(w.postman(d).DeliverReport(w.Context(), notice))
	notice.About, notice.EntryID = notify.ReportDecided, w.decide(moderation.Remove, 2, "respect").EntryID
	w.must(w.postman(d).DeliverReport(w.Context(), notice))
	w.decide(moderation.Undo, 3)
	w.must(w.postman(d).DeliverReport(w.Context(), notice))
	if len(d.letters) != 2 {
		t.Fatalf("got %d letters, want the receipt and one outcome", len(d.letters))
	}
	for _, l := range d.letters {
		if l.To != "rea@example.org" || !strings.Contains(l.Text, number) || strings.Contains(l.Text+l.HTML, "think") || strings.Contains(l.Text+l.HTML, "secret grounds") {
			t.Errorf("got a letter to %s:\n%s", l.To, l.Text)
		}
	}
	if strings.Contains(d.letters[1].Text, "Zwölf") || strings.Contains(d.letters[1].Text, "#c-") {
		t.Errorf("the outcome names what is no longer public:\n%s", d.letters[1].Text)
	}
}
