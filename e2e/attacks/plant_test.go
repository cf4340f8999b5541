package attacks

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
)

// plant is a row that was posted, each under an article of its own, with what of it was taken.
type plant struct {
	row
	article   string // key
	id, token string
	taken     map[string]string // by field, as it was sent
	refused   int               // fields whose text was refused
}

// harmless is what stands in a field whose text was refused.
var harmless = map[string]string{
	"body": "Die Ampel an der Schule fehlt in dem Plan.", "author.name": "Jana Reuter", "author.url": "", "article.title": "Der Plan",
}

// sow posts a row, and approves it. What is refused is sent again without it, so that every other field gets its text.
func sow(t *testing.T, n int, r row) *plant {
	t.Helper()
	p := &plant{row: r, article: fmt.Sprint("row-", n, "-", r.ID), taken: map[string]string{
		"body": r.into("body", harmless["body"]), "author.name": r.into("author_name", harmless["author.name"]),
		"author.url": r.into("author_url", ""), "article.title": r.into("page_title", harmless["article.title"]),
	}}
	reader := caller{T: t, headers: map[string]string{"User-Agent": r.into("user_agent", "Mozilla/5.0"), "Referer": r.into("referer", origin)}}
	for {
		a := reader.do(http.MethodPost, api("comments"), p.form())
		if a.status == http.StatusAccepted {
			p.acknowledged(t, a)
			return p
		}
		if a.status != http.StatusUnprocessableEntity {
			t.Fatalf("%s: got %d: %.300s", r.ID, a.status, a.body)
		}
		for _, field := range a.refused(t) {
			if p.taken[field] == harmless[field] {
				t.Fatalf("%s: a harmless %s was refused: %.300s", r.ID, field, a.body)
			}
			p.taken[field], p.refused = harmless[field], p.refused+1
		}
	}
}

func (p *plant) form() map[string]any {
	author := map[string]string{"name": p.taken["author.name"], "email": "reader@example.org"}
	if u := p.taken["author.url"]; u != "" {
		author["url"] = u
	}
	return map[string]any{"article": map[string]string{"key": p.article, "title": p.taken["article.title"]}, "author": author,
		"body": p.taken["body"], "rules_version": 1}
}

func (p *plant) acknowledged(t *testing.T, a answer) {
	t.Helper()
	var receipt struct {
		ID    string
		Token string `json:"manage_token"`
	}
	if err := json.Unmarshal(a.body, &receipt); err != nil {
		t.Fatal(err)
	}
	p.id, p.token = receipt.ID, receipt.Token
}

// decide approves the plant, or takes it down with the row's text as statement and note.
func (p *plant) decide(t *testing.T, action string, version int) {
	t.Helper()
	form := map[string]any{"action": action, "version": version}
	if action == "remove" {
		form["rules"] = []string{"respect"}
		form["statement"], form["note"] = p.into("reject_reason", "Das gilt der Person."), p.into("moderator_note", "Schon öfter.")
	}
	desk := caller{T: t, bearer: plenum.token}
	a := desk.do(http.MethodPost, api("comments", p.id, "decisions"), form)
	if a.status == http.StatusUnprocessableEntity && action == "remove" { // a text that no field takes, like one with control characters
		form["statement"], form["note"] = "Das gilt der Person.", ""
		a = desk.do(http.MethodPost, api("comments", p.id, "decisions"), form)
	}
	if a.status != http.StatusCreated {
		t.Fatalf("%s %s: got %d: %.300s", action, p.ID, a.status, a.body)
	}
}

// report sends the row's text as a report, where it is one that can be sent.
func (p *plant) report(t *testing.T) {
	t.Helper()
	form := map[string]any{"kind": "illegal", "text": p.into("report_text", "Das ist eine Beleidigung."), "name": cut(p.into("author_name", "Jana"), 80),
		"email": "witness@example.org", "good_faith": true}
	a := caller{T: t}.do(http.MethodPost, api("comments", p.id, "reports"), form)
	if a.status != http.StatusAccepted && a.status != http.StatusUnprocessableEntity {
		t.Fatalf("report %s: got %d: %.300s", p.ID, a.status, a.body)
	}
}

// page is the address of the article's thread.
func (p *plant) page() string { return query("/"+site+"/thread", "article", p.article) }

// status is the author's own page.
func (p *plant) status() string {
	return "/" + site + "/comments/" + p.id + "?token=" + strings.TrimSpace(p.token)
}
