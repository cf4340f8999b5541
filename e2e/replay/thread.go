package main

import (
	"context"
	"encoding/json"
	"net/url"
	"slices"
	"time"

	"plenum/moderation/markup"
)

const (
	threadLimit = 50 // comments a page
	deepest     = 20 // the depth at which deeper replies stand too
)

// Thread is one page of a public thread as JSON.
type Thread struct {
	Article struct {
		Key   string `json:"key"`
		URL   string `json:"url"`
		Title string `json:"title"`
		State string `json:"state"`
	} `json:"article"`
	RulesVersion int       `json:"rules_version"`
	Total        int       `json:"total"`
	Comments     []Comment `json:"comments"`
	NextCursor   string    `json:"next_cursor"`
}

// Comment is one comment of a thread. An empty place has no author and no time.
type Comment struct {
	ID        string `json:"id"`
	ParentID  string `json:"parent_id"`
	Depth     int    `json:"depth"`
	Author    *struct{ Name string }
	HTML      string    `json:"html"`
	CreatedAt time.Time `json:"created_at"`
	State     string    `json:"state"`
	Replies   int       `json:"replies"`
}

// thread reads all pages of a thread in one order and compares them with what was approved.
func (a *audit) thread(ctx context.Context, shelf Shelf, sort string) []Fault {
	var all []Comment
	var faults []Fault
	cursor := ""
	for range len(shelf.Items)/threadLimit + 2 {
		path := api("/thread?article=%s&sort=%s&limit=%d", url.QueryEscape(shelf.Key), sort, threadLimit)
		if cursor != "" {
			path += "&cursor=" + url.QueryEscape(cursor)
		}
		answer, bad := a.read(ctx, path)
		var page Thread
		if err := json.Unmarshal(answer.Body, &page); err != nil {
			return append(faults, append(bad, wrong("%s: %v", path, err))...)
		}
		faults = append(append(faults, bad...), a.head(page, shelf)...)
		all = append(all, page.Comments...)
		if cursor = page.NextCursor; cursor == "" {
			return append(faults, threadFaults(all, shelf.Items, sort)...)
		}
	}
	return append(faults, extra("the pages do not end"))
}

// head faults what stands on each page beside the comments.
func (a *audit) head(page Thread, shelf Shelf) []Fault {
	faults := count("total", page.Total, len(shelf.Items))
	if page.Article.Key != shelf.Key || page.Article.State != "open" {
		faults = append(faults, wrong("article %q is %q", page.Article.Key, page.Article.State))
	}
	faults = append(faults, a.nameFaults(page, shelf)...)
	if page.RulesVersion != a.rules {
		faults = append(faults, wrong("rules_version %d, not %d", page.RulesVersion, a.rules))
	}
	if len(page.Comments) > threadLimit {
		faults = append(faults, extra("%d comments on a page of %d", len(page.Comments), threadLimit))
	}
	return faults
}

// nameFaults: address and title are those of the first comment, and show once one is approved.
func (a *audit) nameFaults(page Thread, shelf Shelf) []Fault {
	got := page.Article.URL + " " + page.Article.Title
	want := " "
	if len(shelf.Items) > 0 {
		want = a.comment(shelf.Items[0]).Article.URL + " " + shelf.Items[0].Title()
	}
	if got != want {
		return []Fault{wrong("address and title are %q, not %q", got, want)}
	}
	return nil
}

// threadFaults holds a whole thread against the items approved in it.
func threadFaults(all []Comment, items []*Item, sort string) []Fault {
	faults := compare(shownIn(all), items)
	faults = append(faults, readingOrder(all)...)
	faults = append(faults, rootOrder(all, sort)...)
	return append(faults, fieldFaults(all, items)...)
}

func shownIn(all []Comment) (shown []Shown) {
	for _, c := range all {
		shown = append(shown, Shown{c.ID, markup.Normalise(markup.TextOf(c.HTML))})
	}
	return shown
}

// readingOrder faults whatever is not in pre-order: a reply stands among the descendants of its parent, one deeper than it.
func readingOrder(all []Comment) (faults []Fault) {
	var line []Comment // from the root to the comment before
	for _, c := range all {
		depth := 0
		if c.ParentID == "" {
			line = nil
		} else {
			at := slices.IndexFunc(line, func(p Comment) bool { return p.ID == c.ParentID })
			if at < 0 {
				faults = append(faults, wrong("%s stands not below its parent %s", c.ID, c.ParentID))
				continue
			}
			line, depth = line[:at+1], min(line[at].Depth+1, deepest)
		}
		if c.Depth != depth {
			faults = append(faults, wrong("%s has depth %d, not %d", c.ID, c.Depth, depth))
		}
		line = append(line, c)
	}
	return faults
}

// rootOrder faults roots that are not in order of time.
func rootOrder(all []Comment, sort string) (faults []Fault) {
	var before Comment
	for _, c := range all {
		if c.ParentID != "" {
			continue
		}
		earlier, later := before.CreatedAt, c.CreatedAt
		if sort == "newest" {
			earlier, later = later, earlier
		}
		if before.ID != "" && later.Before(earlier) {
			faults = append(faults, wrong("roots %s and %s are not in order %s", before.ID, c.ID, sort))
		}
		before = c
	}
	return faults
}

// fieldFaults faults approved comments whose author, parent, state or number of replies is another.
func fieldFaults(all []Comment, items []*Item) (faults []Fault) {
	byID, replies := map[string]*Item{}, map[string]int{}
	for _, item := range items {
		byID[item.ID] = item
		if item.Parent != nil {
			replies[item.Parent.ID]++
		}
	}
	for _, c := range all {
		item, known := byID[c.ID]
		if !known {
			continue // a fault of compare
		}
		if c.State != "approved" || c.Author == nil || c.Author.Name != item.Name() || c.ParentID != item.parentID() {
			faults = append(faults, wrong("state, author or parent of %s", c.ID))
		}
		faults = append(faults, count("replies of "+c.ID, c.Replies, replies[c.ID])...)
	}
	return faults
}
