package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"sync"
)

const (
	rule       = "respect"
	twiceEvery = 50 // rows of which one is sent twice
)

type newComment struct {
	Article      articleName `json:"article"`
	ParentID     string      `json:"parent_id,omitempty"`
	Author       authorName  `json:"author"`
	Body         string      `json:"body"`
	RulesVersion int         `json:"rules_version"`
}

type articleName struct {
	Key   string `json:"key"`
	URL   string `json:"url"`
	Title string `json:"title"`
}

type authorName struct {
	Name string `json:"name"`
}

// Receipt is the answer to a new comment.
type Receipt struct {
	ID          string `json:"id"`
	Status      string `json:"status"`
	ManageToken string `json:"manage_token"`
	ManageURL   string `json:"manage_url"`
}

// rulesInForce is the version that every comment accepts. It must have the rule that refusals will name.
func (r *Replay) rulesInForce(ctx context.Context) (int, error) {
	var rules struct {
		Version int
		Rules   []struct{ Code string }
	}
	if err := r.client.JSON(ctx, Call{Method: http.MethodGet, Path: api("/rules")}, http.StatusOK, &rules); err != nil {
		return 0, err
	}
	if !slices.ContainsFunc(rules.Rules, func(one struct{ Code string }) bool { return one.Code == rule }) {
		return 0, fmt.Errorf("rules %d of a new site have no rule %q to refuse under", rules.Version, rule)
	}
	return rules.Version, nil
}

// post sends one comment, and every so often twice with the same key: half of these one after the other, half at once.
func (r *Replay) post(ctx context.Context, item *Item) {
	name := fmt.Sprintf("post row %s", item.Row.ID)
	if item.Parent != nil && !item.Parent.Public() {
		r.report.Check(name, missing("its parent was not approved"))
		return
	}
	var receipt Receipt
	var faults []Fault
	if item.Number%twiceEvery == 0 {
		receipt, faults = r.twice(ctx, item)
	} else {
		receipt, faults = r.send(ctx, item)
	}
	item.ID = receipt.ID
	r.report.Check(name, faults...)
}

// send posts one comment. The empty receipt of a comment that the contract refuses has no fault.
func (r *Replay) send(ctx context.Context, item *Item) (Receipt, []Fault) {
	call := Call{Method: http.MethodPost, Path: api("/comments"), Key: fmt.Sprintf("replay-%d", item.Number), Body: r.comment(item)}
	answer, err := r.client.Do(ctx, call)
	switch {
	case err != nil:
		return Receipt{}, []Fault{missing("%v", err)}
	case !item.Postable && answer.Status == http.StatusUnprocessableEntity:
		return Receipt{}, nil
	case answer.Status != http.StatusAccepted:
		return Receipt{}, []Fault{missing("%s", answer.problem())}
	}
	var receipt Receipt
	if err := json.Unmarshal(answer.Body, &receipt); err != nil {
		return receipt, []Fault{wrong("%v", err)}
	}
	return receipt, receipt.faults(item)
}

func (r *Replay) comment(item *Item) newComment {
	return newComment{
		Article:  articleName{Key: item.Article, URL: r.client.base + "/" + item.Article, Title: item.Title()},
		ParentID: item.parentID(), Author: authorName{Name: item.Name()}, Body: item.Row.Text, RulesVersion: r.rules,
	}
}

func (receipt Receipt) faults(item *Item) (faults []Fault) {
	if !item.Postable {
		faults = append(faults, extra("taken, although the contract refuses it"))
	}
	if receipt.ID == "" || receipt.ManageToken == "" || receipt.ManageURL == "" {
		faults = append(faults, wrong("the receipt lacks id, manage_token or manage_url"))
	}
	if receipt.Status != "pending" {
		faults = append(faults, wrong("status %q of a new comment", receipt.Status))
	}
	return faults
}

// twice sends the same comment under the same key: it must be one comment.
func (r *Replay) twice(ctx context.Context, item *Item) (Receipt, []Fault) {
	var first, second Receipt
	var faults, again []Fault
	var group sync.WaitGroup
	group.Go(func() { second, again = r.send(ctx, item) })
	if item.Number%(2*twiceEvery) != 0 {
		group.Wait()
	}
	first, faults = r.send(ctx, item)
	group.Wait()
	if first != second {
		faults = append(faults, extra("the same key gave another answer"))
	}
	return first, append(faults, again...)
}
