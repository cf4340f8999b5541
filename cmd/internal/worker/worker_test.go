package worker

import (
	"context"
	"log/slog"
	"net/url"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/uuid"

	"plenum/models"
	"plenum/models/modeltest"
	"plenum/moderation"
	"plenum/moderation/notify"
	"plenum/static"
	"plenum/templates"
)

// A decision leaves its mail behind as a job of the same transaction, and the worker delivers it.
func TestADecisionBecomesALetter(t *testing.T) {
	secret := []byte("a secret of thirty-two characters")
	flow := moderation.New(modeltest.Open(t), secret)
	flow.Undo = 0
	site, err := flow.CreateSite(t.Context(), moderation.NewSite{Slug: "news", Name: "News", Locale: "de", Origins: []string{"https://news.example"}})
	must(t, err)
	m := models.Moderator{ID: uuid.Must(uuid.NewV7()), Email: "mo@news.example", Name: "Mo", PasswordHash: "x", Locale: "de", CreatedAt: time.Now()}
	must(t, flow.Store.CreateModerator(t.Context(), m, site.ID, moderation.RoleModerator))
	actor := moderation.Actor{ID: m.ID, Name: m.Name, Email: m.Email, Role: moderation.RoleModerator}
	submit := func(text string) uuid.UUID {
		r, err := flow.Submit(t.Context(), site, moderation.Submission{Article: moderation.ArticleName{Key: "a"}, Name: "Ann", Email: "ann@example.org", Body: text, RulesVersion: 1})
		must(t, err)
		return r.ID
	}
	decide := func(id uuid.UUID, action string, rules ...string) {
		_, err := flow.Decide(t.Context(), site, actor, moderation.Verdict{CommentID: id, Version: 1, Action: action, Rules: rules})
		must(t, err)
	}
	decide(submit("one"), moderation.Approve)
	decide(submit("two"), moderation.Reject, "topic")
	decide(submit("three"), moderation.Spam)

	folder := filepath.Join(t.TempDir(), "mail")
	run(t, flow.Store, notify.Folder{Path: folder, From: "plenum@news.example"}, secret)
	for _, want := range []string{"*-received.*", "*-published.*", "*-refused.*"} {
		until(t, want+" is in the folder", func() bool { return count(t, folder, want) > 0 })
	}
	until(t, "every job is done", func() bool { return waiting(t, flow.Store) == 0 })
	if received, all := count(t, folder, "*-received.*"), count(t, folder, "*.eml"); received != 2 || all != 4 {
		t.Errorf("got %d receipts of %d letters, want 2 of 4: spam is told nothing", received, all)
	}
}

func run(t *testing.T, store *models.Store, sender notify.Sender, secret []byte) {
	t.Helper()
	set, err := templates.New(static.URL)
	must(t, err)
	base, err := url.Parse("https://comments.example")
	must(t, err)
	w, err := New(store, moderation.New(store, secret), notify.NewPostman(store, set, sender, base, secret), slog.New(slog.DiscardHandler))
	must(t, err)
	must(t, w.Start(context.WithoutCancel(t.Context())))
	t.Cleanup(func() { must(t, w.Stop(context.Background())) })
}

func count(t *testing.T, folder, pattern string) int {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(folder, pattern))
	must(t, err)
	return len(files)
}

// waiting counts the letters that are still to be delivered.
func waiting(t *testing.T, store *models.Store) (n int) {
	t.Helper()
	must(t, store.Pool().QueryRow(t.Context(), `select count(*) from river_job where kind = 'notify_author' and state <> 'completed'`).Scan(&n))
	return n
}

func until(t *testing.T, what string, met func() bool) {
	t.Helper()
	ctx, stop := context.WithTimeout(t.Context(), 20*time.Second)
	defer stop()
	for tick := time.NewTicker(20 * time.Millisecond); !met(); {
		select {
		case <-ctx.Done():
			t.Fatalf("waited in vain: %s", what)
		case <-tick.C:
		}
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
