package sample_test

import (
	"context"
	"testing"
	"time"

	"github.com/google/uuid"

	"plenum/models"
	"plenum/models/modeltest"
	"plenum/models/sample"
)

var at = time.Date(2026, 11, 2, 9, 0, 0, 0, time.UTC)

// filled is a database with a sample, and its site.
func filled(t *testing.T, comments int) (*models.Store, uuid.UUID) {
	t.Helper()
	url := modeltest.URL(t)
	store, err := models.Open(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(store.Close)
	site := models.Site{ID: uuid.MustParse("01890000-0000-7000-8000-000000000001"), Slug: "bench", Name: "Bench", Locale: "de",
		Origins: models.Strings{"https://news.example"}, TargetMinutes: 60, CreatedAt: at}
	set := models.RuleSet{Rules: []models.Rule{{Number: 1, Code: "topic", Title: "Topic", Text: "Keep to it."}}}
	rules := models.RuleVersion{Version: 1, PublishedAt: at, Locales: map[string]models.RuleSet{"de": set}}
	if err := store.CreateSite(t.Context(), site, rules, make([]byte, 32)); err != nil {
		t.Fatal(err)
	}
	mo := models.Moderator{ID: uuid.MustParse("01890000-0000-7000-8000-000000000002"), Email: "mo@news.example", Name: "Mo", PasswordHash: "x", Locale: "de", CreatedAt: at}
	if err := store.CreateModerator(t.Context(), mo, site.ID, "editor"); err != nil {
		t.Fatal(err)
	}
	err = sample.Fill(t.Context(), url, sample.Plan{Site: site.ID, Moderator: mo.ID, Comments: comments, Until: at,
		Render: func(body string) (string, error) { return "<p>" + body + "</p>", nil }})
	if err != nil {
		t.Fatal(err)
	}
	return store, site.ID
}

func TestASampleIsTheSameEachTimeAndHoldsWhatTheSchemaHolds(t *testing.T) {
	const comments = 2500
	var sums [2]string
	for i := range sums {
		store, site := filled(t, comments)
		query := `select count(*), md5(string_agg(c.id::text || encode(c.path, 'hex') || c.status || r.body, ',' order by c.id))
			from comments c join revisions r on r.site_id = c.site_id and r.comment_id = c.id where c.site_id = $1`
		var n int
		if err := store.Pool().QueryRow(t.Context(), query, site).Scan(&n, &sums[i]); err != nil || n != comments {
			t.Fatalf("got %d comments, %v, want %d", n, err, comments)
		}
		if i == 0 {
			held(t, store)
		}
	}
	if sums[0] != sums[1] {
		t.Error("two samples of the same plan differ")
	}
}

// held looks for what the guards, which were off, would have refused.
func held(t *testing.T, store *models.Store) {
	t.Helper()
	for _, statement := range []string{
		`do $$ begin
			if exists (select from comments c left join comments p on p.site_id = c.site_id and p.id = c.parent_id
				where c.parent_id is not null and (p.id is null or p.article_id <> c.article_id or p.root_id <> c.root_id or p.path || decode(replace(c.id::text, '-', ''), 'hex') <> c.path
					or p.depth + 1 <> c.depth or p.public_revision is null)) then raise exception 'a reply hangs in the air'; end if;
			if exists (select from comments c left join ledger l on l.site_id = c.site_id and l.comment_id = c.id and l.id = c.entry and l.status = c.status
				and l.version = c.version where c.entry is not null and l.id is null) then raise exception 'a state without its entry'; end if;
			if exists (select from comments c left join articles a on a.site_id = c.site_id and a.id = c.article_id where a.id is null)
				or exists (select from comments c left join authors a on a.site_id = c.site_id and a.id = c.author_id where a.id is null) then
				raise exception 'a comment without article or author'; end if; end $$`,
	} {
		if _, err := store.Pool().Exec(context.WithoutCancel(t.Context()), statement); err != nil {
			t.Error(err)
		}
	}
}

func TestASampleHasThreadsOfExactSizesAndDepth(t *testing.T) {
	store, site := filled(t, 2500)
	counts, err := store.Counts(t.Context(), site, []string{sample.ExactKey(10), sample.ExactKey(100), sample.ExactKey(1000), sample.Key(0)})
	if err != nil {
		t.Fatal(err)
	}
	for _, size := range []int{10, 100, 1000} {
		if got := counts[sample.ExactKey(size)]; got != size {
			t.Errorf("got %d comments, want %d", got, size)
		}
	}
	article, err := store.Article(t.Context(), site, sample.ExactKey(1000))
	if err != nil {
		t.Fatal(err)
	}
	places, _, err := store.Thread(t.Context(), site, models.ThreadPage{ArticleID: article.ID, Limit: 200})
	if err != nil {
		t.Fatal(err)
	}
	deepest := 0
	for _, p := range places {
		deepest = max(deepest, p.Depth)
	}
	if len(places) != 200 || deepest < 4 || counts[sample.Key(0)] == 0 {
		t.Errorf("got %d places, %d deep, %d under the most popular", len(places), deepest, counts[sample.Key(0)])
	}
}
