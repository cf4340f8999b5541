package moderation_test

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"plenum/models"
	"plenum/moderation"
	"plenum/moderation/internal/keys"
	"plenum/moderation/notify"
	"plenum/static"
	"plenum/templates"
)

// readers is a world in which people follow, and the jobs that tell them are run by hand.
type readers struct {
	*world
	ran     map[int64]bool
	letters []notify.Letter
	postman *notify.Postman
}

var templateSet = sync.OnceValues(func() (*templates.Set, error) { return templates.New(static.URL) })

func newReaders(t testing.TB) *readers {
	t.Helper()
	set, err := templateSet()
	r := &readers{world: newWorld(t), ran: map[int64]bool{}}
	r.must(err)
	r.postman = notify.NewPostman(r.flow.Store, set, r, &url.URL{Scheme: "https", Host: "plenum.example"}, []byte(secret))
	r.postman.Now = r.flow.Now
	return r
}

// Send takes a letter.
func (r *readers) Send(_ context.Context, l notify.Letter) error {
	r.letters = append(r.letters, l)
	return nil
}

func (r *readers) link(purpose string, id uuid.UUID) moderation.Link {
	return moderation.Link{ID: id, Token: keys.New([]byte(secret)).Token(purpose, r.site.ID, id)}
}

// ask subscribes, and answers the subscription that is there then.
func (r *readers) ask(w moderation.Wish) uuid.UUID {
	r.Helper()
	r.must(r.flow.Subscribe(r.Context(), r.site, w))
	return r.subscription(w)
}

func (r *readers) subscription(w moderation.Wish) (id uuid.UUID) {
	r.Helper()
	r.must(r.flow.Store.Pool().QueryRow(r.Context(), `select s.id from subscriptions s join followers f on f.id = s.follower_id
		where f.email = $1 and s.kind = $2 and s.article_key = $3`, w.Email, w.Kind, w.ArticleKey).Scan(&id))
	return id
}

// follow is ask and confirm.
func (r *readers) follow(w moderation.Wish) (id uuid.UUID, all moderation.Link) {
	r.Helper()
	id = r.ask(w)
	all, err := r.flow.Confirm(r.Context(), r.site, r.link(keys.Confirm, id))
	r.must(err)
	return id, all
}

func site(email string) moderation.Wish {
	return moderation.Wish{Email: email, Kind: models.FollowSite, Pace: models.PaceOnce}
}

// wait moves the clock on and runs what is due then.
func (r *readers) wait(d time.Duration) {
	r.Helper()
	r.now = r.now.Add(d)
	run(r, "follow_ups", r.flow.TellFollowers)
	run(r, "notify_follower", r.postman.DeliverFollowUp)
}

// run runs the jobs of a kind that are due, each once.
func run[Job any](r *readers, kind string, do func(context.Context, Job) error) {
	r.Helper()
	rows, err := r.flow.Store.Pool().Query(r.Context(), `select id, args from river_job where kind = $1 and (scheduled_at <= $2 or kind <> 'follow_ups') order by id`, kind, r.now)
	r.must(err)
	due := map[int64][]byte{}
	for rows.Next() {
		var id int64
		var args []byte
		r.must(rows.Scan(&id, &args))
		due[id] = args
	}
	r.must(rows.Err())
	for _, id := range slices.Sorted(maps.Keys(due)) {
		var job Job
		r.must(json.Unmarshal(due[id], &job))
		if !r.ran[id] {
			r.ran[id] = true
			r.must(do(r.Context(), job))
		}
	}
}

// wantTold ends the test unless exactly these were told of a comment by mail so far.
func (r *readers) wantTold(when string, want ...string) {
	r.Helper()
	var got []string
	for _, l := range r.letters {
		got = append(got, l.To)
	}
	if slices.Sort(got); !slices.Equal(got, want) {
		r.Fatalf("%s: got mails to %v, want %v", when, got, want)
	}
}

// by is a submission of somebody with an address.
func (r *readers) by(email string) moderation.Submission {
	s := r.submission()
	s.Email = email
	return s
}

func (r *readers) approve(s moderation.Submission) uuid.UUID {
	r.Helper()
	id := r.submit(s).ID
	r.must(r.decide(r.moderator, id, moderation.Approve))
	return id
}

// crowd lets n followers of the site be there.
func (r *readers) crowd(n int) {
	r.Helper()
	for _, statement := range []string{
		`insert into followers select $1, gen_random_uuid(), sha256(n::text::bytea), 'f' || n || '@example.org', $2 from generate_series(1, $3::int) n`,
		`insert into subscriptions select $1, gen_random_uuid(), id, 'site', '', 'once', 'de', $2, $2, $2 from followers where $3::int > 0`,
	} {
		_, err := r.flow.Store.Pool().Exec(r.Context(), statement, r.site.ID, r.now, n)
		r.must(err)
	}
}

func (r *readers) count(query string) (n int) {
	r.Helper()
	r.must(r.flow.Store.Pool().QueryRow(r.Context(), fmt.Sprintf(`select count(*) from %s`, query)).Scan(&n))
	return n
}
