package e2e

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
)

// newsroom is a site of a test's own beside the demo's, with a moderator and an editor.
type newsroom struct {
	*testing.T
	slug              string
	moderator, editor string // addresses; the password is the demo's
	token             string // of the editor, for what a test needs and does not do by hand
}

func newNewsroom(t *testing.T, slug string) *newsroom {
	t.Helper()
	n := &newsroom{T: t, slug: slug, moderator: "moderation@" + slug + ".example.org", editor: "redaktion@" + slug + ".example.org"}
	n.command("", "site", "create", slug, "--name", "Die "+slug, "--origin", plenum.base, "--locale", "de")
	n.command("plenum-demo\n", "moderator", "create", n.moderator, "--site", slug, "--role", "moderator")
	n.command("plenum-demo\n", "moderator", "create", n.editor, "--site", slug, "--role", "editor")
	n.token = strings.TrimSpace(n.command("", "token", "create", n.editor, "--site", slug))
	return n
}

func (n *newsroom) command(input string, args ...string) string {
	n.Helper()
	out, err := plenum.Command(n.Context(), input, args...)
	if err != nil {
		n.Fatal(err)
	}
	return out
}

// call asks the API for something, with the token given, and reads the answer into dst where that is not nil.
func (n *newsroom) call(method, path, token string, body, dst any) {
	n.Helper()
	text, err := json.Marshal(body)
	if err != nil {
		n.Fatal(err)
	}
	request, err := http.NewRequestWithContext(n.Context(), method, plenum.base+"/api/v1/sites/"+n.slug+path, bytes.NewReader(text))
	if err != nil {
		n.Fatal(err)
	}
	request.Header.Set("Content-Type", "application/json")
	if token != "" {
		request.Header.Set("Authorization", "Bearer "+token)
	}
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		n.Fatal(err)
	}
	defer answer.Body.Close()
	if answer.StatusCode >= 300 {
		var said bytes.Buffer
		_, _ = said.ReadFrom(answer.Body)
		n.Fatalf("%s %s: %d: %s", method, path, answer.StatusCode, said.String())
	}
	if dst != nil {
		if err := json.NewDecoder(answer.Body).Decode(dst); err != nil {
			n.Fatal(err)
		}
	}
}

// sent is a comment with what its author holds.
type sent struct {
	ID    string `json:"id"`
	Token string `json:"manage_token"`
}

func (n *newsroom) post(text string) (s sent) {
	n.Helper()
	n.call(http.MethodPost, "/comments", "", map[string]any{"article": map[string]string{"key": "hundert"},
		"author": map[string]string{"name": "Gast"}, "body": text, "rules_version": 1}, &s)
	return s
}

func (n *newsroom) decide(s sent, version int, action string, rules ...string) {
	n.Helper()
	n.call(http.MethodPost, "/comments/"+s.ID+"/decisions", n.token, map[string]any{"action": action, "rules": rules, "version": version}, nil)
}

func (n *newsroom) edit(s sent, text string) {
	n.Helper()
	n.call(http.MethodPatch, "/comments/"+s.ID, s.Token, map[string]string{"body": text}, nil)
}

func (n *newsroom) report(s sent, why string) {
	n.Helper()
	n.call(http.MethodPost, "/comments/"+s.ID+"/reports", "", map[string]any{"kind": "rule", "rule": "respect", "text": why}, nil)
}

func (n *newsroom) appeal(s sent, why string) {
	n.Helper()
	n.call(http.MethodPost, "/comments/"+s.ID+"/appeals", s.Token, map[string]string{"text": why}, nil)
}

// status is the author's own view of a comment.
func (n *newsroom) status(s sent) (view struct {
	Status string `json:"status"`
	Body   string `json:"body"`
}) {
	n.Helper()
	n.call(http.MethodGet, "/comments/"+s.ID, s.Token, nil, &view)
	return view
}

// waiting is how much a lane holds.
func (n *newsroom) waiting(lane string) int {
	n.Helper()
	var queue struct{ Total int }
	n.call(http.MethodGet, fmt.Sprintf("/queue?state=%s&limit=1", lane), n.token, nil, &queue)
	return queue.Total
}
