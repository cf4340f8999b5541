package e2e

import (
	"bytes"
	"encoding/json"
	"net/http"
	"testing"

	"github.com/chromedp/chromedp"
)

const (
	thread    = "/stadtanzeiger/thread?article=radweg"
	vogt      = "vogt@example.org"  // moderator
	weber     = "weber@example.org" // editor
	submit    = "form.form button.primary"
	nameField = "input[name=name]"
	bodyField = "textarea[name=body]"
)

// write fills the form under an article and sends it; answers the address of the author's own page.
func (b *tab) write(name, text string) string {
	b.Helper()
	b.fill(bodyField, text)
	b.fill(nameField, name)
	b.click(submit)
	b.see("[data-posted]")
	return ask(b, chromedp.JavascriptAttribute[string](chromedp.CSS("[data-posted] a[target]"), "href"))
}

// signIn lets a moderator in at the desk.
func (b *tab) signIn(email string) *tab {
	b.Helper()
	b.open(plenum.base + "/desk")
	b.fill("#email", email)
	b.fill("#password", "plenum-demo")
	b.click("form button.primary")
	b.see(".list")
	return b
}

// pick opens the item of the list that begins with the text.
func (b *tab) pick(text string) {
	b.Helper()
	b.do(chromedp.Click(chromedp.Search(`//ol[contains(@class,"list")]//button[contains(., "` + text[:30] + `")]`)))
	b.sees(".list .here", text[:30])
	b.see("main article")
}

// status waits until the author's own page says what became of the comment.
func (b *tab) status(address, want string) {
	b.Helper()
	until(b.T, "the author's page says "+want, func() bool {
		b.open(address)
		return b.text("h1") == want
	})
}

// posted is a comment that a test needs and does not write itself.
type posted struct {
	ID  string `json:"id"`
	URL string `json:"manage_url"`
}

// post sends a comment under the article through the API.
func post(t *testing.T, name, text string) (p posted) {
	t.Helper()
	body, err := json.Marshal(map[string]any{"article": map[string]string{"key": "radweg"}, "author": map[string]string{"name": name},
		"body": text, "rules_version": 1})
	if err != nil {
		t.Fatal(err)
	}
	answer, err := http.Post(plenum.base+"/api/v1/sites/stadtanzeiger/comments", "application/json", bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	if err := json.NewDecoder(answer.Body).Decode(&p); err != nil || answer.StatusCode != http.StatusAccepted {
		t.Fatalf("post %q: %d, %v", text, answer.StatusCode, err)
	}
	return p
}
