package main

import (
	"context"
	"net/http"
	"net/url"
)

const countsLimit = 200 // articles that one call takes

// counts compares both calls that count approved comments.
func (a *audit) counts(ctx context.Context, shelves []Shelf) {
	query, keys := url.Values{}, []string{}
	for _, shelf := range shelves {
		query.Add("article", shelf.Key)
		keys = append(keys, shelf.Key)
	}
	calls := []Call{
		{Method: http.MethodGet, Path: api("/counts") + "?" + query.Encode()},
		{Method: http.MethodPost, Path: api("/counts"), Body: map[string][]string{"articles": keys}},
	}
	for _, call := range calls {
		var answer struct{ Counts map[string]int }
		if err := a.client.JSON(ctx, call, http.StatusOK, &answer); err != nil {
			a.report.Surface(call.Method+" counts", missing("%v", err))
			continue
		}
		a.report.Surface(call.Method+" counts", countFaults(answer.Counts, shelves)...)
	}
}

// countFaults faults every article that is counted wrongly, or was not asked for.
func countFaults(counts map[string]int, shelves []Shelf) []Fault {
	faults := count("number of articles", len(counts), len(shelves))
	for _, shelf := range shelves {
		faults = append(faults, count("count of "+shelf.Key, counts[shelf.Key], len(shelf.Items))...)
	}
	return faults
}
