package handlers_test

import (
	"context"

	"github.com/google/uuid"

	"plenum/models"
)

// posted is a comment that was acknowledged.
type posted struct {
	ID    string `json:"id"`
	Token string `json:"manage_token"`
	URL   string `json:"manage_url"`
}

// draft is a new comment as a reader sends it; the builders below change it.
type draft map[string]any

const article = "https://zeitung.example/artikel/1"

func newDraft(body string) draft {
	return draft{"article": draft{"key": article, "title": "Der Artikel"}, "author": draft{"name": "Rosa"}, "body": body, "rules_version": 1}
}

func (d draft) under(key string) draft     { d["article"] = draft{"key": key}; return d }
func (d draft) below(p posted) draft       { d["parent_id"] = p.ID; return d }
func (d draft) by(name, e string) draft    { d["author"] = draft{"name": name, "email": e}; return d }
func (d draft) with(k string, v any) draft { d[k] = v; return d }

// post sends a comment with this text below the first article. send does it for any draft.
func (w *world) post(body string) posted { w.Helper(); return w.send(newDraft(body)) }

func (w *world) send(d draft) (p posted) {
	w.Helper()
	w.articles[d["article"].(draft)["key"].(string)] = true
	w.do("POST", w.api("/comments"), d).want(202).into(&p)
	return p
}

// published is post and approve.
func (w *world) published(body string) posted {
	w.Helper()
	return w.approve(w.post(body))
}

func (w *world) approve(p posted) posted {
	w.Helper()
	w.decide(p, "approve")
	return p
}

// decide makes a decision on the comment as it is, in an editor's name, who may make every one.
func (w *world) decide(p posted, action string, rules ...string) answer {
	w.Helper()
	return w.try(w.editor, p, action, rules...).want(201)
}

// try is decide in anybody's name, whatever comes of it.
func (w *world) try(who string, p posted, action string, rules ...string) answer {
	w.Helper()
	verdict := draft{"action": action, "version": w.comment(p).Version}
	if len(rules) > 0 {
		verdict["rules"] = rules
	}
	return w.do("POST", w.api("/comments/"+p.ID+"/decisions"), verdict, w.as(who))
}

// comment reads the row behind the product's back.
func (w *world) comment(p posted) models.Comment {
	w.Helper()
	c, err := w.flow.Store.Comment(context.WithoutCancel(w.Context()), w.site.ID, uuid.MustParse(p.ID))
	w.must(err)
	return c
}

// states are all that a comment can be in; edited is approved with a new text that waits.
var states = []string{"pending", "approved", "edited", "rejected", "spam", "removed", "withdrawn"}

// state makes a comment in the state, below an article of its own. Its text is "lorem" and the article's key, a new one
// "new lorem" and the key.
func (w *world) state(state string) posted { w.Helper(); return w.stateOf("", state) }

// stateOf is state for somebody with an address.
func (w *world) stateOf(address, state string) posted {
	w.Helper()
	key := "own-" + w.flow.NewID().String()
	p := w.send(newDraft("lorem "+key).by("Rosa", address).under(key))
	switch state {
	case "pending":
		return p
	case "rejected":
		w.decide(p, "reject", "topic")
		return p
	}
	w.approve(p)
	if state == "edited" {
		w.edit(p, "new lorem "+key)
	} else if state != "approved" {
		w.bring(p, state)
	}
	return p
}

// bring takes what is public to another state.
func (w *world) bring(p posted, state string) {
	w.Helper()
	switch state {
	case "removed":
		w.decide(p, "remove", "topic")
	case "spam":
		w.decide(p, "spam")
	case "pending":
		w.decide(p, "reopen")
	case "withdrawn":
		w.withdraw(p)
	default:
		w.Fatalf("no way to %s", state)
	}
}

// edit and withdraw are what the author does.
func (w *world) edit(p posted, body string) answer {
	w.Helper()
	return w.do("PATCH", w.api("/comments/"+p.ID), draft{"body": body}, token(p.Token)).want(202)
}

func (w *world) withdraw(p posted) {
	w.Helper()
	w.do("DELETE", w.api("/comments/"+p.ID), nil, token(p.Token)).want(204)
}

// publishRules makes the next version of the rules, with this word in every text.
func (w *world) publishRules(word string) {
	w.Helper()
	rules := []draft{{"code": "topic", "title": word + " topic", "text": word + " text"}, {"code": "respect", "title": word + " respect", "text": word + " text"}}
	locale := draft{"intro": word + " intro", "rules": rules}
	w.do("POST", w.api("/rules"), draft{"locales": draft{"de": locale, "en": locale}}, w.as(w.editor)).want(201)
}

// text is a draft as it is sent.
func (w *world) text(d draft) string { w.Helper(); return string(encoded(w.T, d)) }

// api is the path of a call of the site.
func (w *world) api(path string) string { return "/api/v1/sites/" + w.site.Slug + path }
