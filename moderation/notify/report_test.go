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

// answered has a public comment reported, and answers the notice of what became of the report.
func (w *world) answered(answer func()) notify.ReporterNotice {
	w.Helper()
	w.decide(moderation.Approve, 1)
	_, err := w.flow.Report(w.Context(), w.site, moderation.Report{CommentID: w.id, Kind: models.ReportIllegal, Text: "secret grounds",
		Email: "rea@example.org", GoodFaith: true, Locale: "en"})
	w.must(err)
	open, err := w.flow.Store.OpenCase(w.Context(), w.site.ID, w.id)
	w.must(err)
	answer()
	r, err := w.flow.Store.ReportByID(w.Context(), w.site.ID, open.Reports[0].ID)
	w.must(err)
	if r.Entry == nil {
		w.Fatal("the report is not answered")
	}
	return notify.ReporterNotice{SiteID: w.site.ID, ReportID: r.ID, About: notify.ReportDecided, EntryID: *r.Entry}
}

func TestAReporterHearsWhateverAnswersTheReport(t *testing.T) {
	for _, c := range []struct {
		answer, subject string
		do              func(w *world)
	}{
		{"keep", "stays", func(w *world) { w.decide(moderation.Keep, 2) }},
		{"remove", "is removed", func(w *world) { w.decide(moderation.Remove, 2, "respect") }},
		{"spam", "is removed", func(w *world) { w.decide(moderation.Spam, 2) }},
		{"approve", "stays", func(w *world) { w.decide(moderation.Reopen, 2); w.decide(moderation.Approve, 3) }},
		{"reject", "is removed", func(w *world) { w.decide(moderation.Reopen, 2); w.decide(moderation.Reject, 3, "respect") }},
		{"withdraw", "is withdrawn", func(w *world) { w.must(w.flow.Withdraw(t.Context(), w.site, w.id, w.token)) }},
		{"erase", "is withdrawn", func(w *world) { w.must(w.flow.Erase(t.Context(), w.site, w.id, w.token)) }},
	} {
		w, d := newWorld(t, "en", "ann@example.org"), &desk{}
		w.actor.Role = moderation.RoleEditor
		if err := w.postman(d).DeliverReport(t.Context(), w.answered(func() { c.do(w) })); err != nil || len(d.letters) != 1 || !strings.Contains(d.letters[0].Subject, c.subject) {
			t.Errorf("%s: got %v and letters %v, want one that says it %s", c.answer, err, d.letters, c.subject)
		}
	}
}
