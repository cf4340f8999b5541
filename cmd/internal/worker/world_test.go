package worker

import (
	"context"
	"errors"
	"log/slog"
	"net/url"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"plenum/models"
	"plenum/models/modeltest"
	"plenum/moderation"
	"plenum/moderation/notify"
	"plenum/static"
	"plenum/templates"
)

const secret = "a secret of the tests, long enough"

// world is a site with a moderator, on a database of its own, and the clock of this machine: River has no other.
type world struct {
	*testing.T
	flow      *moderation.Flow
	site      models.Site
	moderator moderation.Actor
}

func newWorld(t *testing.T) *world {
	t.Helper()
	t.Parallel()
	w := &world{T: t, flow: moderation.New(modeltest.Open(t), []byte(secret))}
	w.flow.Undo = 0
	var err error
	w.site, err = w.flow.CreateSite(t.Context(), moderation.NewSite{Slug: "news", Name: "The News", Locale: "en", Origins: []string{"https://news.example"}})
	w.must(err)
	m := models.Moderator{ID: uuid.New(), Email: "mo@news.example", Name: "Mo", PasswordHash: "x", Locale: "en", CreatedAt: w.flow.Now()}
	w.must(w.flow.Store.CreateModerator(t.Context(), m, w.site.ID, moderation.RoleModerator))
	w.moderator = moderation.Actor{ID: m.ID, Name: m.Name, Email: m.Email, Role: moderation.RoleModerator}
	return w
}

// submit takes a comment by the address; an empty one gets no mail.
func (w *world) submit(body, email string) uuid.UUID {
	w.Helper()
	r, err := w.flow.Submit(w.Context(), w.site, moderation.Submission{Article: moderation.ArticleName{Key: "a"}, Name: "Ann", Email: email, Body: body, RulesVersion: 1})
	w.must(err)
	return r.ID
}

func (w *world) decide(id uuid.UUID, version int, action string, rules ...string) moderation.Event {
	w.Helper()
	e, err := w.flow.Decide(w.Context(), w.site, w.moderator, moderation.Verdict{CommentID: id, Version: version, Action: action, Rules: rules})
	w.must(err)
	return e
}

// start begins to work jobs off, with this to hand letters to, until the test ends.
func (w *world) start(sender notify.Sender) *Worker {
	w.Helper()
	return w.startOn(w.flow.Store, sender)
}

// startOn is start, by way of another store on the same database.
func (w *world) startOn(store *models.Store, sender notify.Sender) *Worker {
	w.Helper()
	set, err := templates.New(static.URL)
	w.must(err)
	postman := notify.NewPostman(store, set, sender, &url.URL{Scheme: "https", Host: "plenum.example"}, []byte(secret))
	postman.Caller = w.flow.Outgoing.Client()
	worker, err := New(store, w.flow, postman, slog.New(slog.DiscardHandler))
	w.must(err)
	w.must(worker.Start(context.WithoutCancel(w.Context())))
	w.Cleanup(func() { w.stop(worker) })
	return worker
}

func (w *world) stop(worker *Worker) {
	w.Helper()
	if err := worker.Stop(context.Background()); err != nil {
		w.Error(err)
	}
}

// job is a row of the queue.
type job struct {
	State       string
	Attempt     int
	ScheduledAt time.Time
}

// jobs are the notices of one kind, oldest first.
func (w *world) jobs(about string) []job {
	w.Helper()
	rows, err := w.flow.Store.Pool().Query(w.Context(), `select state::text, attempt, scheduled_at from river_job
		where kind = 'notify_author' and args->>'about' = $1 order by id`, about)
	w.must(err)
	all, err := pgx.CollectRows(rows, pgx.RowToStructByPos[job])
	w.must(err)
	return all
}

// await waits until the condition holds.
func (w *world) await(what string, holds func() bool) {
	w.Helper()
	deadline, tick := time.After(20*time.Second), time.NewTicker(10*time.Millisecond)
	defer tick.Stop()
	for !holds() {
		select {
		case <-tick.C:
		case <-deadline:
			w.Fatalf("waited in vain until %s", what)
		}
	}
}

// awaitState waits until the only notice of its kind is in the state.
func (w *world) awaitState(about, state string) job {
	w.Helper()
	var all []job
	w.await("the "+about+" mail is "+state, func() bool {
		all = w.jobs(about)
		return len(all) == 1 && all[0].State == state
	})
	return all[0]
}

func (w *world) must(err error) {
	w.Helper()
	if err != nil {
		w.Fatal(err)
	}
}

// mailbox counts what it is given. Its first errors are answered once each, before it takes anything.
type mailbox struct {
	mu      sync.Mutex
	errs    []error
	letters []notify.Letter
	tried   []notify.Letter
}

func (m *mailbox) Send(_ context.Context, l notify.Letter) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.tried = append(m.tried, l)
	if len(m.errs) > 0 {
		err := m.errs[0]
		m.errs = m.errs[1:]
		return err
	}
	m.letters = append(m.letters, l)
	return nil
}

func (m *mailbox) got() (letters, tried []notify.Letter) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return append(letters, m.letters...), append(tried, m.tried...)
}

var errBusy = errors.New("451 busy")
