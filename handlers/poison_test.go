package handlers_test

import (
	"bytes"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"

	"plenum/models"
	"plenum/moderation"
)

// poisons are what no release of this program writes: by hand, by a disk that decays, by a release that is yet to come.
// In each, $1 is a comment. The guards of the schema are off. Those that open can be looked at and decided on themselves.
var poisons = []struct {
	what       string
	opens      bool
	statements []string
}{
	{"signals that cannot be read", true, []string{`update signals set args = '}{', spans = 'null', reason = 'reason.newer' where comment_id = $1`}},
	{"signals of another shape", true, []string{`update signals set args = '[]', spans = '{"from": "x"}' where comment_id = $1`}},
	{"passages outside of the text", true, []string{`update signals set minutes = 7, spans = '[{"from": -9, "to": 99999}, {"from": 7, "to": 3}]' where comment_id = $1`}},
	{"markup that nobody knows", true, []string{`update revisions set html = '<p><newer>' || html || '</b>', markup_version = 99 where comment_id = $1`}},
	{"no markup", true, []string{`update revisions set html = '' where comment_id = $1`}},
	{"no text", false, []string{`delete from revisions where comment_id = $1`}},
	{"no author", false, []string{`update comments set author_id = gen_random_uuid() where id = $1`}},
	{"no parent", false, []string{`update comments set parent_id = gen_random_uuid() where id = $1`}},
	{"a path to nowhere", false, []string{`update comments set path = sha256('') || sha256(''), depth = 3, root_id = gen_random_uuid() where id = $1`}},
	{"a path of another length", false, []string{`update comments set path = 'x', depth = 77 where id = $1`}},
	{"words of a newer release", true, []string{`update comments set author_role = 'robot', locale = 'tlh' where id = $1`,
		`update ledger set kind = 'oracle', action = 'freeze', rules = '{newer}' where comment_id = $1`}},
	{"a state of a newer release", true, []string{`update comments set status = 'frozen' where id = $1`, `update ledger set status = 'frozen' where comment_id = $1`}},
	{"no time of publication", true, []string{`update comments set published_at = null where id = $1`}},
}

// What is wrong with one comment, whether it waits or is public, keeps nobody from any other.
func TestAPoisonedRowHoldsUpNoOther(t *testing.T) {
	w := newWorld(t)
	public, waits := w.published("gesund und öffentlich"), w.post("gesund und wartet")
	poisoned := make([][]posted, len(poisons))
	for i, p := range poisons {
		poisoned[i] = []posted{w.published("vergiftet und öffentlich: " + p.what), w.post("VERGIFTET und wartet!!!!!! HTTP://SPAM.EXAMPLE " + p.what)}
	}
	w.poison(poisoned)
	for i, p := range poisons {
		for _, c := range poisoned[i] {
			for _, path := range []string{w.api("/moderation/comments/" + c.ID), w.api("/comments/" + c.ID + "/decisions"), "/desk/zeitung/comments/" + c.ID} {
				if got := w.plain("GET", path, nil, w.as(ida), w.session(ida)); p.opens && got.Code != 200 {
					t.Errorf("%s: %s: got %d", p.what, path, got.Code)
				}
			}
		}
	}
	w.others(public, waits)
}

// plain asks the product without holding its answer to openapi.json, which knows no word of a newer release.
func (w *world) plain(method, path string, body any, options ...option) *httptest.ResponseRecorder {
	w.Helper()
	q := httptest.NewRequestWithContext(w.Context(), method, w.server.URL+path, bytes.NewReader(encoded(w.T, body)))
	q.Header.Set("Content-Type", "application/json")
	for _, change := range options {
		change(q)
	}
	a := httptest.NewRecorder()
	w.product.ServeHTTP(a, q)
	return a
}

// poison spoils comments behind the schema's back, each in its way.
func (w *world) poison(comments [][]posted) {
	w.Helper()
	conn, err := w.flow.Store.Pool().Acquire(w.Context())
	w.must(err)
	defer conn.Release()
	_, err = conn.Exec(w.Context(), `do $$ declare c record; begin
		for c in select conrelid::regclass as t, conname from pg_constraint where contype = 'c' and conrelid::regclass::text in ('comments', 'ledger', 'signals', 'revisions')
		loop execute format('alter table %s drop constraint %I', c.t, c.conname); end loop; end $$;
		set session_replication_role = replica`)
	w.must(err)
	for i, p := range poisons {
		for _, c := range comments[i] {
			for _, s := range p.statements {
				_, err := conn.Exec(w.Context(), s, uuid.MustParse(c.ID))
				w.must(err)
			}
		}
	}
	_, err = conn.Exec(w.Context(), `reset session_replication_role; update articles set version = version + 1`)
	w.must(err)
}

// others wants every place where comments are read together to show the healthy ones, and a batch to reach the one that
// waits.
func (w *world) others(public, waits posted) {
	w.Helper()
	holds := func(method, path, text string, body any, options ...option) {
		w.Helper()
		if a := w.plain(method, path, body, options...); a.Code != 200 || !strings.Contains(a.Body.String(), text) {
			w.Errorf("%s: got %d, want %q in %.300s", path, a.Code, text, a.Body)
		}
	}
	for _, path := range []string{"/zeitung/thread?article=" + article, w.api("/thread?sort=newest&article=" + article), w.api("/thread?sort=top&article=" + article), "/zeitung/feed.atom", "/zeitung/feed.rss", "/zeitung/feed.json", "/zeitung/"} {
		holds("GET", path, "gesund und öffentlich", nil)
	}
	desk := w.session(ida)
	for path, text := range map[string]string{"log": "", "statistics": "", "articles": "", "queue": "gesund und wartet", "queue?state=decided": "gesund und öffentlich"} {
		holds("GET", "/desk/zeitung/"+path, text, nil, desk)
	}
	holds("GET", "/zeitung/transparency", "", nil)
	holds("GET", w.api("/audit"), public.ID, nil, w.as(ida))
	holds("GET", w.api("/queue"), waits.ID, nil, w.as(ida))
	holds("POST", w.api("/queue/claims"), waits.ID, draft{"limit": 50, "seconds": 60}, w.as(ida))
	var rows []string
	w.must(w.flow.Store.Export(w.Context(), w.site.ID, func(_ string, row []byte) error { rows = append(rows, string(row)); return nil }))
	if !slices.ContainsFunc(rows, func(row string) bool { return strings.Contains(row, "gesund und wartet") }) {
		w.Error("the export lacks the other comments")
	}
	m, err := w.flow.Store.ModeratorByEmail(w.Context(), ida)
	w.must(err)
	actor, err := w.flow.SessionActor(w.Context(), w.site.ID, m)
	w.must(err)
	b, err := w.flow.DecideTogether(w.Context(), w.site, actor, moderation.Order{Action: moderation.Approve, Question: &moderation.Question{Lane: models.LanePending}})
	w.must(err)
	if err := w.flow.RunBatch(w.Context(), moderation.BatchJob{SiteID: b.SiteID, BatchID: b.ID}); err != nil {
		w.Errorf("the batch: %v", err)
	}
	if got := w.comment(waits).Status; got != models.Approved {
		w.Errorf("got %s, want what waits approved with the batch", got)
	}
}
