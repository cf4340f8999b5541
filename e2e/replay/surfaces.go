package main

import (
	"context"
	"net/http"
	"slices"
)

// audit is one reading of every public surface, held against what is approved at that moment.
type audit struct {
	*Replay
	public  []*Item
	hidden  []*Item // posted and not approved
	posted  map[string]bool
	shelves []Shelf
	leaks   leaks
}

// Shelf is an article and what was approved there. The empty key stands for the whole site.
type Shelf struct {
	Key   string
	Items []*Item
}

// compare reads everything public. Nothing may change meanwhile.
func (r *Replay) compare(ctx context.Context) error {
	a := r.audit()
	if err := each(ctx, r.workers, a.shelves, a.article); err != nil {
		return err
	}
	if err := each(ctx, r.workers, a.hidden, a.closed); err != nil {
		return err
	}
	a.site(ctx)
	return context.Cause(ctx)
}

func (r *Replay) audit() *audit {
	a := &audit{Replay: r, posted: map[string]bool{}, leaks: leaksOf(r.items)}
	at := map[string]int{}
	for _, item := range r.items {
		if _, known := at[item.Article]; !known {
			at[item.Article] = len(a.shelves)
			a.shelves = append(a.shelves, Shelf{Key: item.Article})
		}
		switch {
		case item.Public():
			a.public = append(a.public, item)
			shelf := &a.shelves[at[item.Article]]
			shelf.Items = append(shelf.Items, item)
		case item.Posted():
			a.hidden = append(a.hidden, item)
		}
		a.posted[item.ID] = item.Posted()
	}
	return a
}

// read gets a public document. Whatever it is, it tells nothing that is not public.
func (a *audit) read(ctx context.Context, path string) (Answer, []Fault) {
	answer, err := a.client.Get(ctx, path)
	if err != nil {
		return Answer{}, []Fault{missing("%v", err)}
	}
	faults := a.leaks.faults(answer)
	if answer.Status != http.StatusOK {
		faults = append(faults, missing("%s: %s", path, answer.problem()))
	}
	return answer, faults
}

// article compares everything that is public about one article.
func (a *audit) article(ctx context.Context, shelf Shelf) {
	for _, sort := range []string{"oldest", "newest"} {
		a.report.Surface("thread "+shelf.Key+" "+sort, a.thread(ctx, shelf, sort)...)
	}
	a.report.Surface("page "+shelf.Key, a.threadPage(ctx, shelf)...)
	for format := range formats {
		a.report.Surface("feed "+format+" "+shelf.Key, a.feed(ctx, format, shelf)...)
	}
}

// site compares what is public about all articles together.
func (a *audit) site(ctx context.Context) {
	for format := range formats {
		a.report.Surface("feed "+format, a.feed(ctx, format, Shelf{Items: a.public})...)
	}
	a.report.Surface("overview", a.overview(ctx)...)
	for shelves := range slices.Chunk(a.shelves, countsLimit) {
		a.counts(ctx, shelves)
	}
	for _, path := range []string{page("/rules"), page("/transparency"), api("/rules")} {
		a.report.Surface(path, a.silent(ctx, path)...)
	}
}

// silent faults a document, whatever its status, that tells something.
func (a *audit) silent(ctx context.Context, path string) []Fault {
	answer, err := a.client.Get(ctx, path)
	if err != nil {
		return []Fault{wrong("%v", err)}
	}
	return a.leaks.faults(answer)
}

// closed knocks at the doors of a comment that is not public, without its token.
func (a *audit) closed(ctx context.Context, item *Item) {
	for _, path := range []string{api("/comments/%s", item.ID), page("/comments/%s", item.ID)} {
		answer, err := a.client.Get(ctx, path)
		if err != nil {
			a.report.Surface(path, wrong("%v", err))
			continue
		}
		faults := a.leaks.faults(answer)
		if answer.Status != http.StatusNotFound {
			faults = append(faults, wrong("without a token: status %d", answer.Status))
		}
		a.report.Surface(path, faults...)
	}
}
