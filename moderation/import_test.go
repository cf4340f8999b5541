package moderation_test

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"plenum/models"
	"plenum/moderation"
	"plenum/moderation/transfer"
)

// shelf is a file whose comments a test says.
type shelf struct {
	items []transfer.Item
	fails error // after the last one; nil: the end
}

func (s *shelf) Next() (transfer.Item, error) {
	if len(s.items) == 0 {
		if s.fails != nil {
			return transfer.Item{}, s.fails
		}
		return transfer.Item{}, io.EOF
	}
	i := s.items[0]
	s.items = s.items[1:]
	return i, nil
}

var written = time.Date(2019, 5, 6, 7, 8, 9, 0, time.UTC)

// said is a comment of the source in a state.
func said(key, parent, state string) transfer.Item {
	return transfer.Item{Line: 1, Source: "test", Key: key, Parent: parent, Article: transfer.Article{Key: "https://news.example/a", URL: "https://news.example/a", Title: "A"},
		Name: "Ann", Email: "ann@reader.example", URL: "https://ann.example", Body: "text of " + key, At: written, State: state}
}

// bring imports comments, and answers the counts and why others were passed over.
func (w *world) bring(i moderation.Import, items ...transfer.Item) (moderation.Imported, []string) {
	w.Helper()
	var passed []string
	i.Note, i.Passed = "test: file", func(p *transfer.Problem) { passed = append(passed, p.Error()) }
	if i.Reader == nil {
		i.Reader = &shelf{items: items}
	}
	if i.Address == nil {
		i.Address = func(old string) string { return old }
	}
	count, err := w.flow.Import(w.Context(), w.site, i)
	w.must(err)
	return count, passed
}

// stored are all comments of the site by their texts; what was erased by its id.
func (w *world) stored() map[string]models.Comment {
	w.Helper()
	rows, err := w.flow.Store.Pool().Query(w.Context(), `select c.id, r.body from comments c join revisions r on r.site_id = c.site_id and r.comment_id = c.id where c.site_id = $1`, w.site.ID)
	w.must(err)
	defer rows.Close()
	ids := map[string]uuid.UUID{}
	for rows.Next() {
		var id uuid.UUID
		var body string
		w.must(rows.Scan(&id, &body))
		if body == "" {
			body = id.String()
		}
		ids[body] = id
	}
	w.must(rows.Err())
	all := map[string]models.Comment{}
	for body, id := range ids {
		all[body] = w.comment(id)
	}
	return all
}

// shown is what the public reads under the article, each with its depth.
func (w *world) shown() (texts []string) {
	w.Helper()
	t, err := w.flow.Thread(w.Context(), w.site, moderation.ThreadPage{Key: "https://news.example/a", ThreadPage: models.ThreadPage{Sort: models.SortOldest, Limit: 100}})
	w.must(err)
	for _, p := range t.Places {
		texts = append(texts, fmt.Sprintf("%d %s", p.Depth, strings.TrimSpace(strings.TrimSuffix(strings.TrimPrefix(p.HTML, "<p>"), "</p>\n"))))
	}
	return texts
}

func TestImportedCommentsHaveTheStateThatTheyHad(t *testing.T) {
	w := newWorld(t)
	count, passed := w.bring(moderation.Import{}, said("1", "", transfer.Public), said("2", "", transfer.Waiting), said("3", "", transfer.Spam), said("4", "", transfer.Deleted), said("5", "4", transfer.Public))
	if want := (moderation.Imported{Public: 2, Waiting: 1, Spam: 1, Deleted: 1}); count != want || len(passed) > 0 {
		t.Fatalf("got %+v and %q passed over, want %+v", count, passed, want)
	}
	if got, want := w.shown(), []string{"0 text of 1", "0 ", "1 text of 5"}; !slices.Equal(got, want) {
		t.Errorf("the public sees %q, want %q", got, want)
	}
	for body, c := range w.stored() {
		want := map[string]string{"text of 1": "approved", "text of 5": "approved", "text of 2": "pending", "text of 3": "spam"}[body]
		if want == "" && (c.Status != models.Withdrawn || c.ErasedAt == nil || c.AuthorName != "") {
			t.Errorf("of what was deleted: got %+v, want its place only", c)
		} else if want != "" && (c.Status != want || c.AuthorName != "Ann" || !c.CreatedAt.Equal(written)) {
			t.Errorf("%s: got %s by %s at %s, want %s", body, c.Status, c.AuthorName, c.CreatedAt, want)
		}
		w.judgedByNobody(c)
	}
	w.audited(4)
	var mails, texts int
	w.must(w.flow.Store.Pool().QueryRow(t.Context(), `select (select count(*) from river_job), (select count(*) from revisions where body like '%of 4%')`).Scan(&mails, &texts))
	if mails != 0 || texts != 0 {
		t.Errorf("got %d jobs and %d texts of what was deleted, want none", mails, texts)
	}
}

// judgedByNobody wants the history of an imported comment to say that, and from where.
func (w *world) judgedByNobody(c models.Comment) {
	w.Helper()
	history, err := w.flow.History(w.Context(), w.site.ID, c.ID, 0)
	w.must(err)
	if c.Status == models.Pending {
		if len(history) != 0 {
			w.Errorf("got %d entries of what waits", len(history))
		}
		return
	}
	if len(history) != 1 || history[0].Kind != models.KindImport || history[0].Action != "import" || history[0].ActorID != nil || history[0].Note != "test: file" {
		w.Errorf("got %+v, want one entry that says that it was imported, from where, and nobody's", history)
	}
	if err := w.decide(w.editor, c.ID, moderation.Undo); err == nil {
		w.Error("an import was undone like a decision")
	}
}

func (w *world) audited(entries int64) {
	w.Helper()
	v, err := w.flow.VerifyLedger(w.Context(), w.site)
	w.must(err)
	if v.Fault != nil || v.Entries != entries {
		w.Errorf("got %+v of the ledger, want %d entries that hold", v, entries)
	}
}

func TestImportingAgainAddsNothing(t *testing.T) {
	w := newWorld(t)
	items := []transfer.Item{said("1", "", transfer.Public), said("2", "1", transfer.Public), said("3", "", transfer.Waiting)}
	cut := fmt.Errorf("cut off")
	_, err := w.flow.Import(t.Context(), w.site, moderation.Import{Reader: &shelf{items: items[:1], fails: cut}, Note: "x", Address: func(s string) string { return s }})
	if err == nil || len(w.stored()) != 1 {
		t.Errorf("got %v with %d comments, want what came before it was cut off", err, len(w.stored()))
	}
	if count, _ := w.bring(moderation.Import{}, items...); count != (moderation.Imported{Public: 1, Waiting: 1, Known: 1}) {
		t.Errorf("got %+v, want the rest", count)
	}
	w.must(w.decide(w.moderator, w.stored()["text of 2"].ID, moderation.Remove, "topic"))
	w.must(w.flow.Erase(t.Context(), w.site, w.stored()["text of 1"].ID, w.flow.ManageToken(w.site.ID, w.stored()["text of 1"].ID)))
	before := w.shown()
	if count, _ := w.bring(moderation.Import{}, items...); count != (moderation.Imported{Known: 3}) {
		t.Errorf("got %+v, want all known: what was removed or erased here does not come back", count)
	}
	if got := w.shown(); !slices.Equal(got, before) {
		t.Errorf("got %q, want %q", got, before)
	}
	other := said("1", "", transfer.Public)
	other.Source = "another"
	if count, _ := w.bring(moderation.Import{}, other); count.Public != 1 {
		t.Errorf("got %+v, want the comment with the same key of another source", count)
	}
	w.audited(5)
}

func TestAnswersFindWhatTheyAnswer(t *testing.T) {
	w := newWorld(t)
	elsewhere := said("x", "1", transfer.Public)
	elsewhere.Article.Key = "https://news.example/b"
	count, passed := w.bring(moderation.Import{}, said("3", "2", transfer.Public), said("2", "1", transfer.Public), said("1", "", transfer.Public), said("o", "none", transfer.Public),
		said("c1", "c2", transfer.Public), said("c2", "c1", transfer.Public), elsewhere)
	if got, want := w.shown(), []string{"0 text of 1", "1 text of 2", "2 text of 3"}; !slices.Equal(got, want) || count.Public != 3 {
		t.Errorf("got %q, want %q", got, want)
	}
	if all := strings.Join(passed, "\n"); len(passed) != 4 || count.Passed != 4 || !strings.Contains(all, "comment x: what it answers stands under another article") || !strings.Contains(all, "comment c2: what it answers, c1, is not in the file") {
		t.Errorf("got %q, want the orphan, the circle and the stranger", passed)
	}
}

func TestTwoHundredLevelsStandWithinTheDeepest(t *testing.T) {
	w := newWorld(t)
	items := []transfer.Item{said("0", "", transfer.Public)}
	for n := 1; n < 200; n++ {
		items = append(items, said(fmt.Sprint(n), fmt.Sprint(n-1), transfer.Public))
	}
	slices.Reverse(items)
	if count, passed := w.bring(moderation.Import{}, items...); count.Public != 200 {
		t.Fatalf("got %+v %q", count, passed)
	}
	var deepest, most int
	w.must(w.flow.Store.Pool().QueryRow(t.Context(), `select max(depth), (select count(*) from comments where depth = 127) from comments`).Scan(&deepest, &most))
	if deepest != 127 || most != 200-127 {
		t.Errorf("got %d at depth %d, want the rest beside each other at 127", most, deepest)
	}
}

func TestWhatNoReaderCouldSendIsPassedOver(t *testing.T) {
	w := newWorld(t)
	bad := func(key string, change func(*transfer.Item)) transfer.Item {
		i := said(key, "", transfer.Public)
		change(&i)
		return i
	}
	count, passed := w.bring(moderation.Import{},
		bad("blank", func(i *transfer.Item) { i.Body = " \u200b " }),
		bad("long", func(i *transfer.Item) { i.Body = strings.Repeat("x", 10_001) }),
		bad("control", func(i *transfer.Item) { i.Body = "a\x00b" }),
		bad("script", func(i *transfer.Item) { i.Article.URL = "javascript:alert(1)" }),
		bad("foreign", func(i *transfer.Item) { i.Article.URL = "https://elsewhere.example/a" }),
		bad("nameless", func(i *transfer.Item) { i.Article = transfer.Article{} }))
	if count.Passed != 6 || len(passed) != 6 || len(w.stored()) != 0 {
		t.Errorf("got %+v, %q and %d comments, want all passed over", count, passed, len(w.stored()))
	}
	odd := bad("odd", func(i *transfer.Item) {
		i.Name, i.Email, i.URL, i.Article.Title = strings.Repeat("n", 90)+"\x07", "no address", "javascript:alert(1)", "A\nB\x01"
		i.Body, i.At = `<script>alert(1)</script> <img src=x onerror=alert(1)>`, w.now.Add(time.Hour)
	})
	if count, passed := w.bring(moderation.Import{}, odd, bad("unnamed", func(i *transfer.Item) { i.Name = "" })); count.Public != 2 {
		t.Fatalf("got %+v %q", count, passed)
	}
	c := w.stored()[odd.Body]
	r, err := w.flow.Store.Revision(t.Context(), w.site.ID, c.ID, 1)
	w.must(err)
	if c.AuthorName != strings.Repeat("n", 80) || c.AuthorURL != "" || c.CreatedAt.After(w.now) || strings.Contains(r.HTML, "<script") || strings.Contains(r.HTML, "<img") {
		t.Errorf("got %+v and %s, want it as our own markup shows it", c, r.HTML)
	}
	if got := w.stored()["text of unnamed"].AuthorName; got != "N. N." {
		t.Errorf("got the name %q", got)
	}
}

func TestADryRunWritesNothingAndCountsTheSame(t *testing.T) {
	w := newWorld(t)
	items := []transfer.Item{said("2", "1", transfer.Waiting), said("1", "", transfer.Public), said("1", "", transfer.Public), said("o", "none", transfer.Public)}
	dry, _ := w.bring(moderation.Import{DryRun: true}, items...)
	if len(w.stored()) != 0 {
		t.Errorf("a dry run wrote %d comments", len(w.stored()))
	}
	if wet, _ := w.bring(moderation.Import{}, items...); wet != dry {
		t.Errorf("got %+v, and the dry run said %+v", wet, dry)
	}
}

func TestHeldAndMovedAsAsked(t *testing.T) {
	w := newWorld(t)
	old := said("1", "", transfer.Public)
	old.Article = transfer.Article{Key: "http://old.example/a", URL: "http://old.example/a", Title: "A"}
	count, passed := w.bring(moderation.Import{Hold: true, Address: func(s string) string { return strings.Replace(s, "http://old.example", "https://news.example", 1) }}, old)
	if count != (moderation.Imported{Waiting: 1}) || len(w.shown()) != 0 {
		t.Errorf("got %+v %q, want it waiting", count, passed)
	}
	if a, err := w.flow.Store.Article(t.Context(), w.site.ID, "https://news.example/a"); err != nil || a.Version != 1 {
		t.Errorf("got %+v, %v: want the article under its new address, and nothing of it public", a, err)
	}
}
