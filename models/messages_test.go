package models_test

import (
	"context"
	"encoding/json"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"plenum/models"
	"plenum/models/modeltest"
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

// begin, what the decision meets, its jobs, all that it writes, commit; and how much somebody decided lately, where that
// bounds it. Nothing is asked for the answer.
func TestADecisionCostsFiveMessages(t *testing.T) {
	w, heard := newWorld(t), &messages{}
	store, err := models.OpenTraced(t.Context(), modeltest.URL(t), heard)
	w.must(err)
	t.Cleanup(store.Close)
	w.flow.Store = store
	w.site = w.newSite("news")
	if w.site, err = store.SiteByID(t.Context(), w.site.ID); err != nil { // with what the schema gives a new site
		t.Fatal(err)
	}
	w.comment("the first one asks what database this is", true)
	w.flow.Unlimited = false
	c, reported := w.comment("decided", false), w.comment("reported", false)
	for _, step := range []struct {
		what string
		moderation.Verdict
		most int
	}{
		{"approve", moderation.Verdict{CommentID: c, Version: 1, Action: moderation.Approve}, 5},
		{"undo", moderation.Verdict{CommentID: c, Version: 2, Action: moderation.Undo}, 4}, // nobody is told
		{"reject by template", moderation.Verdict{CommentID: c, Version: 3, Action: moderation.Reject, Rules: []string{"topic"}, FromTemplate: true, Note: "note"}, 5},
		{"restore", moderation.Verdict{CommentID: c, Version: 4, Action: moderation.Restore}, 5},
		{"approve what is reported next", moderation.Verdict{CommentID: reported, Version: 1, Action: moderation.Approve}, 5},
		{"remove what is reported", moderation.Verdict{CommentID: reported, Version: 2, Action: moderation.Remove, Rules: []string{"respect"}, Statement: "because"}, 6},
	} {
		if step.Action == moderation.Remove {
			_, err := w.flow.Report(t.Context(), w.site, moderation.Report{CommentID: reported, Kind: models.ReportRule, Rule: "respect", Email: "rea@reader.example"})
			w.must(err)
		}
		step.Request = moderation.Request{Key: step.what, Hash: make([]byte, 32)}
		heard.sent = nil
		made, err := w.flow.Decide(t.Context(), w.site, w.actor, step.Verdict)
		w.must(err)
		if len(heard.sent) > step.most {
			t.Errorf("%s: got %d messages, want %d:\n%s", step.what, len(heard.sent), step.most, strings.Join(heard.sent, "\n"))
		}
		stands, err := w.flow.Event(t.Context(), w.site.ID, made.ID)
		w.must(err)
		again, err := w.flow.Decide(t.Context(), w.site, w.actor, step.Verdict)
		w.must(err)
		if want := w.spelt(stands); w.spelt(made) != want || w.spelt(again) != want {
			t.Errorf("%s: got %s and again %s, want what stands in the ledger: %s", step.what, w.spelt(made), w.spelt(again), want)
		}
	}
	v, err := w.flow.VerifyLedger(t.Context(), w.site)
	if err != nil || v.Fault != nil {
		t.Errorf("got %+v (%v), want a ledger that holds", v.Fault, err)
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
