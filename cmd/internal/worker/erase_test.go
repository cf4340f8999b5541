package worker

import (
	"fmt"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"plenum/moderation"
)

// letters works every job off and answers what was sent.
func (w *world) letters(box *mailbox) (all []string) {
	w.Helper()
	w.start(box)
	w.await("every mail is worked off", func() bool {
		rows, err := w.flow.Store.Pool().Query(w.Context(), `select count(*) from river_job where kind like 'notify%' and state not in ('completed', 'cancelled')`)
		w.must(err)
		left, err := pgx.CollectExactlyOneRow(rows, pgx.RowTo[int])
		w.must(err)
		return left == 0
	})
	sent, _ := box.got()
	for _, l := range sent {
		all = append(all, fmt.Sprintf("%+v", l))
	}
	return all
}

func TestAMailThatWaitsSaysNothingOfWhomWasErasedMeanwhile(t *testing.T) {
	w := newWorld(t)
	const wanda = "wanda@reader.example"
	w.decide(w.submit("Zwetschgen", wanda), 1, moderation.Approve)
	refused := w.submit("Quitten", wanda)
	w.decide(refused, 1, moderation.Reject, "respect")
	_, err := w.flow.Appeal(t.Context(), w.site, refused, w.flow.ManageToken(w.site.ID, refused), "Holunder", moderation.Request{})
	w.must(err)
	w.must(w.flow.Inquire(t.Context(), w.site, moderation.Asking{Email: wanda}))
	w.submit("somebody else's", "ann@reader.example")
	_, err = w.flow.ErasePerson(t.Context(), w.site, wanda)
	w.must(err)
	sent := w.letters(&mailbox{})
	if len(sent) != 1 || !strings.Contains(sent[0], "somebody else's") {
		t.Errorf("got the letters %v, want the other reader's alone", sent)
	}
}

func TestTheLinkIsMailedOnlyToWhomSomethingIsKnownOf(t *testing.T) {
	w := newWorld(t)
	w.must(w.flow.Inquire(t.Context(), w.site, moderation.Asking{Email: "nobody@reader.example"}))
	w.submit("my text", "ann@reader.example")
	w.must(w.flow.Inquire(t.Context(), w.site, moderation.Asking{Email: "Ann@Reader.example", Locale: "de"}))
	var links []string
	for _, l := range w.letters(&mailbox{}) {
		if strings.Contains(l, "/news/privacy/") {
			links = append(links, l)
		}
	}
	if len(links) != 1 || !strings.Contains(links[0], "Ann@Reader.example") || !strings.Contains(links[0], "Was wir von Ihnen aufbewahren") || strings.Contains(links[0], "my text") {
		t.Errorf("got the links %v, want one, to the one who is known, that quotes nothing", links)
	}
}
