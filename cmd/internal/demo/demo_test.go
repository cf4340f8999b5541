package demo

import (
	"bytes"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"plenum/models"
	"plenum/models/modeltest"
	"plenum/moderation"
)

var base = &url.URL{Scheme: "http", Host: "127.0.0.1:8080"}

// world is the demo, filled at a moment of the test's choosing.
type world struct {
	*testing.T
	flow *moderation.Flow
	site models.Site
	now  time.Time
}

func newWorld(t *testing.T) *world {
	t.Helper()
	t.Parallel()
	w := &world{T: t, flow: moderation.New(modeltest.Open(t), []byte("a secret of the tests, long enough")), now: time.Date(2026, 11, 2, 9, 0, 0, 0, time.UTC)}
	w.flow.Now = func() time.Time { return w.now }
	w.fill()
	var err error
	w.site, err = w.flow.Store.Site(t.Context(), "stadtanzeiger")
	w.must(err)
	return w
}

func (w *world) fill() {
	w.Helper()
	pages, err := Fill(w.Context(), w.flow, base)
	w.must(err)
	if got := slices.Sorted(maps.Keys(pages)); !slices.Equal(got, []string{"", "buecherei", "radweg", "wehr"}) {
		w.Errorf("got the pages %q, want the front page and three articles", got)
	}
}

// rows counts every table of the demo's.
func (w *world) rows() string {
	w.Helper()
	var all strings.Builder
	for _, table := range []string{"sites", "articles", "authors", "comments", "revisions", "ledger", "statements", "moderators", "memberships", "rules", "river_job"} {
		var n int
		w.must(w.flow.Store.Pool().QueryRow(w.Context(), `select count(*) from `+table).Scan(&n))
		fmt.Fprintf(&all, "%s %d, ", table, n)
	}
	return all.String()
}

// comments reads every comment of the demo by what its author is called and how its text begins.
func (w *world) comments() (all []models.Comment) {
	w.Helper()
	rows, err := w.flow.Store.Pool().Query(w.Context(), `select id from comments`)
	w.must(err)
	defer rows.Close()
	for rows.Next() {
		var id uuid.UUID
		w.must(rows.Scan(&id))
		c, err := w.flow.Store.Comment(w.Context(), w.site.ID, id)
		w.must(err)
		all = append(all, c)
	}
	w.must(rows.Err())
	return all
}

func (w *world) must(err error) {
	w.Helper()
	if err != nil {
		w.Fatal(err)
	}
}

func TestFillingTheDemoTwiceIsFillingItOnce(t *testing.T) {
	w := newWorld(t)
	before := w.rows()
	w.now = w.now.Add(24 * time.Hour)
	w.fill()
	if after := w.rows(); after != before {
		t.Errorf("got %s, want as before: %s", after, before)
	}
}

// ends is what each fate comes to: the state, and whether a text waits.
var ends = map[string]struct {
	status string
	waits  bool
}{
	"approve": {models.Approved, false}, "staff": {models.Approved, false}, "pending": {models.Pending, true}, "reject": {models.Rejected, false},
	"spam": {models.Spam, false}, "remove": {models.Removed, false}, "withdraw": {models.Withdrawn, false}, "reopen": {models.Pending, true},
	"appeal": {models.Rejected, false}, "pass": {models.Pending, true}, "set_aside": {models.Pending, true},
	"edit_held": {models.Approved, true}, "edit_approved": {models.Approved, false},
}

func TestEveryFateOfACommentIsInTheDemo(t *testing.T) {
	w := newWorld(t)
	told, err := read()
	w.must(err)
	var want, got []string
	fates := map[string]bool{}
	for _, c := range told.Comments {
		end, ok := ends[c.Fate]
		if !ok {
			t.Errorf("%s: nobody knows the fate %q", c.Label, c.Fate)
		}
		fates[c.Fate] = true
		want = append(want, fmt.Sprint(c.Name, " ", end.status, " ", end.waits))
	}
	for _, c := range w.comments() {
		got = append(got, fmt.Sprint(c.AuthorName, " ", c.Status, " ", c.HeldRevision != nil))
	}
	slices.Sort(want)
	slices.Sort(got)
	if !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	if len(fates) != len(ends) {
		t.Errorf("got the fates %v, want each of %v", slices.Collect(maps.Keys(fates)), slices.Collect(maps.Keys(ends)))
	}
}

func TestEveryLaneOfTheDeskHasSomethingInTheDemo(t *testing.T) {
	w := newWorld(t)
	m, err := w.flow.Store.ModeratorByEmail(t.Context(), ModeratorEmail)
	w.must(err)
	totals, err := w.flow.Store.QueueTotals(t.Context(), []uuid.UUID{w.site.ID}, models.QueuePage{Me: m.ID, Now: w.now})
	w.must(err)
	for lane, n := range map[string]int{"pending": totals.Pending, "edited": totals.Edited, "reported": totals.Reported, "appealed": totals.Appealed, "mine": totals.Mine, "set aside": totals.SetAside} {
		if n == 0 {
			t.Errorf("the lane %s is empty", lane)
		}
	}
}

func TestTheDemoHappenedInThePastAndInOrder(t *testing.T) {
	w := newWorld(t)
	for _, c := range w.comments() {
		history, err := w.flow.Store.History(t.Context(), w.site.ID, c.ID, 0)
		w.must(err)
		before := c.CreatedAt
		for _, e := range history {
			if e.CreatedAt.Before(before) || e.CreatedAt.After(w.now) {
				t.Errorf("%s of %s at %s is not between %s and now", e.Action, c.ID, e.CreatedAt, before)
			}
			before = e.CreatedAt
		}
		if got := time.Unix(c.ID.Time().UnixTime()); c.CreatedAt.Sub(got).Abs() > time.Second {
			t.Errorf("got the id %s of %s, want of %s", c.ID, got, c.CreatedAt)
		}
	}
}

func TestTheDemosLedgerHolds(t *testing.T) {
	w := newWorld(t)
	v, err := w.flow.VerifyLedger(t.Context(), w.site)
	if err != nil || v.Fault != nil || v.Entries < 40 {
		t.Errorf("got %+v (%v), want all its entries to hold", v, err)
	}
}

func TestTheDemosStaffCanSignIn(t *testing.T) {
	w := newWorld(t)
	for email, role := range map[string]string{ModeratorEmail: moderation.RoleModerator, EditorEmail: moderation.RoleEditor, AdminEmail: moderation.RoleAdmin} {
		token, _, err := w.flow.SignIn(t.Context(), moderation.Credentials{Email: email, Password: Password})
		w.must(err)
		seat, err := w.flow.Seat(t.Context(), token)
		w.must(err)
		if actor, err := w.flow.SessionActor(t.Context(), w.site.ID, seat.Moderator); err != nil || actor.Role != role {
			t.Errorf("%s: got %s (%v), want %s", email, actor.Role, err, role)
		}
	}
}

func TestTheDemoMayBeFramedUnderBothNamesOfThisMachine(t *testing.T) {
	for address, want := range map[string][]string{
		"http://127.0.0.1:8080":     {"http://127.0.0.1:8080", "http://localhost:8080"},
		"http://localhost:9000":     {"http://localhost:9000", "http://127.0.0.1:9000"},
		"https://plenum.example":    {"https://plenum.example"},
		"http://plenum.example:800": {"http://plenum.example:800"},
		"http://localhost":          {"http://localhost", "http://127.0.0.1"},
	} {
		u, err := url.Parse(address)
		if err != nil {
			t.Fatal(err)
		}
		if got := origins(u); !slices.Equal(got, want) {
			t.Errorf("%s: got %q, want %q", address, got, want)
		}
	}
}

func TestTheGreetingSaysWhereToLook(t *testing.T) {
	var out bytes.Buffer
	Greet(&out, base, "/tmp/mail")
	for _, want := range []string{"http://127.0.0.1:8080/demo/radweg", "http://127.0.0.1:8080/desk\n", ModeratorEmail, EditorEmail, AdminEmail, Password, "/tmp/mail"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("got %q, want %q in it", out.String(), want)
		}
	}
}
