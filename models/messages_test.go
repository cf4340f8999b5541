package models_test

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"plenum/models"
	"plenum/moderation"
)

// messages counts what a store sends and then waits for: each statement that is sent alone, and each batch.
type messages struct{ sent []string }

func (m *messages) TraceQueryStart(ctx context.Context, _ *pgx.Conn, data pgx.TraceQueryStartData) context.Context {
	m.sent = append(m.sent, data.SQL)
	return ctx
}

func (m *messages) TraceQueryEnd(context.Context, *pgx.Conn, pgx.TraceQueryEndData) {}

func (m *messages) TraceBatchStart(ctx context.Context, _ *pgx.Conn, data pgx.TraceBatchStartData) context.Context {
	m.sent = append(m.sent, data.Batch.QueuedQueries[0].SQL+" …")
	return ctx
}

func (m *messages) TraceBatchQuery(context.Context, *pgx.Conn, pgx.TraceBatchQueryData) {}

func (m *messages) TraceBatchEnd(context.Context, *pgx.Conn, pgx.TraceBatchEndData) {}

// overheard is a world whose store counts its messages.
func overheard(t *testing.T) (*world, *messages) {
	t.Helper()
	w, heard := newWorld(t), &messages{}
	store, err := models.OpenTraced(t.Context(), w.sql.Config().ConnString(), heard)
	w.must(err)
	t.Cleanup(store.Close)
	w.flow.Store = store
	w.site, err = store.SiteByID(t.Context(), w.site.ID) // with what the schema gives a new site
	w.must(err)
	return w, heard
}

// What the comment meets is read with what surrounds its text; its transaction is one message.
func TestACommentIsPostedInTwoMessages(t *testing.T) {
	w, heard := overheard(t)
	for i := range 4 { // the first makes the article, and both prepare their statements
		heard.sent = nil
		w.comment(fmt.Sprintf("The tram is late for the %d. time.", i), false)
		if i > 1 && len(heard.sent) != 2 {
			t.Errorf("comment %d: got %d messages, want 2:\n%s", i, len(heard.sent), strings.Join(heard.sent, "\n"))
		}
	}
}

// What the decision meets, its jobs, all that it writes, commit; and how much somebody decided lately, where that bounds
// it. Nothing is asked for the answer.
func TestADecisionCostsFourMessages(t *testing.T) {
	w, heard := overheard(t)
	w.comment("the first one asks what database this is", true)
	w.flow.Unlimited = false
	for _, prepared := range []bool{false, true} { // what a connection has not prepared yet costs one more
		w.decideAndCount(heard, prepared)
	}
	v, err := w.flow.VerifyLedger(t.Context(), w.site)
	if err != nil || v.Fault != nil {
		t.Errorf("got %+v (%v), want a ledger that holds", v.Fault, err)
	}
}

// decideAndCount makes one decision after the other, and wants no more messages than each may cost.
func (w *world) decideAndCount(heard *messages, prepared bool) {
	w.Helper()
	c, reported := w.comment(fmt.Sprint("decided ", prepared), false), w.comment(fmt.Sprint("reported ", prepared), false)
	for _, step := range []struct {
		what string
		moderation.Verdict
		most int
	}{
		{"approve", moderation.Verdict{CommentID: c, Version: 1, Action: moderation.Approve}, 4},
		{"undo", moderation.Verdict{CommentID: c, Version: 2, Action: moderation.Undo}, 3}, // nobody is told
		{"reject by template", moderation.Verdict{CommentID: c, Version: 3, Action: moderation.Reject, Rules: []string{"topic"}, FromTemplate: true, Note: "note"}, 4},
		{"restore", moderation.Verdict{CommentID: c, Version: 4, Action: moderation.Restore}, 4},
		{"approve what is reported next", moderation.Verdict{CommentID: reported, Version: 1, Action: moderation.Approve}, 4},
		{"remove what is reported", moderation.Verdict{CommentID: reported, Version: 2, Action: moderation.Remove, Rules: []string{"respect"}, Statement: "because"}, 5},
	} {
		if step.Action == moderation.Remove {
			_, err := w.flow.Report(w.Context(), w.site, moderation.Report{CommentID: reported, Kind: models.ReportRule, Rule: "respect", Email: "rea@reader.example"})
			w.must(err)
		}
		step.Request = moderation.Request{Key: step.what, Hash: make([]byte, 32)}
		heard.sent = nil
		made, err := w.flow.Decide(w.Context(), w.site, w.actor, step.Verdict)
		w.must(err)
		if prepared && len(heard.sent) > step.most {
			w.Errorf("%s: got %d messages, want %d:\n%s", step.what, len(heard.sent), step.most, strings.Join(heard.sent, "\n"))
		}
		stands, err := w.flow.Event(w.Context(), w.site.ID, made.ID)
		w.must(err)
		again, err := w.flow.Decide(w.Context(), w.site, w.actor, step.Verdict)
		w.must(err)
		if want := w.spelt(stands); w.spelt(made) != want || w.spelt(again) != want {
			w.Errorf("%s: got %s and again %s, want what stands in the ledger: %s", step.what, w.spelt(made), w.spelt(again), want)
		}
	}
}

// spelt is all of an event as text.
func (w *world) spelt(e moderation.Event) string {
	w.Helper()
	e.CreatedAt, e.Rules = e.CreatedAt.UTC(), append(models.Strings{}, e.Rules...)
	text, err := json.Marshal(e)
	w.must(err)
	return string(text)
}
