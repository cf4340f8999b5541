package main

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"time"
)

const (
	queueLimit = 200
	viewEvery  = 10 // items of which one is judged from its full view instead of the queue
	statement  = "Bitte bleiben Sie sachlich."
)

type decision struct {
	Action    string   `json:"action"`
	Rules     []string `json:"rules,omitempty"`
	Statement string   `json:"statement,omitempty"`
	Version   int      `json:"version"`
}

// waiting is an item of the queue, and the head of a full view.
type waiting struct {
	ID      string `json:"id"`
	Version int    `json:"version"`
	Status  string `json:"status"`
}

// decide judges a wave as labelled, with the versions that the queue shows.
func (r *Replay) decide(ctx context.Context, n int, items []*Item) error {
	queue, err := r.queue(ctx)
	if err != nil {
		return err
	}
	r.report.Check(fmt.Sprintf("queue of wave %d", n), inQueue(queue, items)...)
	versions := map[string]int{}
	for _, w := range queue {
		versions[w.ID] = w.Version
	}
	began := time.Now()
	err = each(ctx, r.workers, items, func(ctx context.Context, item *Item) { r.judge(ctx, item, versions[item.ID]) })
	r.deciding += time.Since(began)
	r.progress("wave %d: decided", n)
	return err
}

// queue reads the whole queue, page by page.
func (r *Replay) queue(ctx context.Context) (all []waiting, err error) {
	cursor := ""
	for range len(r.items)/queueLimit + 2 {
		var page struct {
			Total      int
			Items      []waiting
			NextCursor string `json:"next_cursor"`
		}
		path := api("/queue?state=pending&limit=%d", queueLimit)
		if cursor != "" {
			path += "&cursor=" + url.QueryEscape(cursor)
		}
		if err := r.client.JSON(ctx, Call{Method: http.MethodGet, Path: path, Moderates: true}, http.StatusOK, &page); err != nil {
			return nil, err
		}
		all = append(all, page.Items...)
		if cursor = page.NextCursor; cursor == "" {
			r.report.Check("total of the queue", count("total", page.Total, len(all))...)
			return all, nil
		}
	}
	return nil, fmt.Errorf("the queue of %d comments does not end", len(r.items))
}

func (r *Replay) queueIsEmpty(ctx context.Context) error {
	queue, err := r.queue(ctx)
	if err == nil {
		r.report.Check("queue after all decisions", count("length", len(queue), 0)...)
	}
	return err
}

// inQueue faults a queue that is not exactly what was posted, each once.
func inQueue(queue []waiting, items []*Item) (faults []Fault) {
	times := map[string]int{}
	for _, w := range queue {
		times[w.ID]++
	}
	for _, item := range items {
		if item.Posted() {
			faults = append(faults, count("row "+item.Row.ID+": places in the queue", times[item.ID], 1)...)
			delete(times, item.ID)
		}
	}
	for id := range times {
		faults = append(faults, extra("%s waits and is none of this wave", id))
	}
	return faults
}

// judge makes one decision and remembers when.
func (r *Replay) judge(ctx context.Context, item *Item, version int) {
	if !item.Posted() {
		return
	}
	name := fmt.Sprintf("decide row %s", item.Row.ID)
	if item.Number%viewEvery == 0 {
		r.view(ctx, item, version)
	}
	body := decision{Action: "approve", Version: version}
	if item.Refused {
		body = decision{Action: "reject", Rules: []string{rule}, Statement: statement, Version: version}
	}
	began := time.Now()
	answer, err := r.client.Do(ctx, Call{Method: http.MethodPost, Path: api("/comments/%s/decisions", item.ID), Moderates: true, Body: body})
	item.Decided = Span{began, time.Now()}
	switch {
	case err != nil:
		r.report.Check(name, wrong("%v", err))
	case answer.Status != http.StatusCreated:
		r.report.Check(name, wrong("%s", answer.problem()))
	default:
		item.Settled = true
		r.report.Check(name)
	}
}

// view reads everything about a comment, which must agree with the queue.
func (r *Replay) view(ctx context.Context, item *Item, version int) {
	var seen waiting
	name := fmt.Sprintf("full view of row %s", item.Row.ID)
	call := Call{Method: http.MethodGet, Path: api("/moderation/comments/%s", item.ID), Moderates: true}
	if err := r.client.JSON(ctx, call, http.StatusOK, &seen); err != nil {
		r.report.Check(name, wrong("%v", err))
		return
	}
	if want := (waiting{item.ID, version, "pending"}); seen != want {
		r.report.Check(name, wrong("%+v, in the queue %+v", seen, want))
		return
	}
	r.report.Check(name)
}
