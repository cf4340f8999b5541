//go:build faults

package faults

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os/exec"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"plenum/e2e/program"
)

// Two replicas, of which one is ten minutes slow, and the other ten minutes fast. The slow one was there first, so it leads
// the job queue.
func TestReplicasWhoseClocksAreWrongAgree(t *testing.T) {
	h, err := build(context.WithoutCancel(t.Context()), plan{bin: skewable(t), near: []string{"CLOCK_OFF_BY=-10m"}, far: []string{"CLOCK_OFF_BY=10m"}})
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := h.close(); err != nil {
			t.Error(err)
		}
	}()
	tellsOfItsClock(t, h.near)
	tellsOfItsClock(t, h.far)
	l := h.work(t)
	l.more(150)
	l.rest()
	until(t, "every letter has gone out, and none had to be called for", time.Minute, func() bool {
		rows, err := h.query(t.Context(), `select count(*) from river_job where kind like 'notify%' and state <> 'completed'`)
		return err == nil && rows[0][0] == "0"
	})
	h.verify(t)
	c := &colleagues{h, t}
	c.hold()
	c.takeBack()
	c.comeIn()
	c.keepOrder()
	rows, err := h.query(t.Context(), `select count(*), count(*) filter (where abs(extract(epoch from now() - created_at)) < 300)
		from (select created_at from comments union all select created_at from ledger union all select created_at from sessions union all select created_at from sites) rows`)
	if err != nil || rows[0][0] != rows[0][1] {
		t.Errorf("got %v, %v, want every row written when it was", rows, err)
	}
	h.quiet(t)
}

// tellsOfItsClock wants `plenum doctor` to say that the machine's clock is wrong.
func tellsOfItsClock(t *testing.T, p *program.Program) {
	t.Helper()
	doctor := exec.CommandContext(t.Context(), p.Bin, "doctor")
	doctor.Env = p.Env
	if out, err := doctor.CombinedOutput(); err == nil || !regexp.MustCompile(`clock: .* differs by -?(10m0|9m59)`).Match(out) {
		t.Errorf("doctor does not tell of the clock: %v\n%s", err, out)
	}
}

// colleagues are two people, each at another replica.
type colleagues struct {
	*house
	*testing.T
}

// ask sends a request to a replica, and reads the answer into to.
func (c *colleagues) ask(method, address, token string, body, to any) (status int) {
	c.Helper()
	text, err := json.Marshal(body)
	if err != nil {
		c.Fatal(err)
	}
	q, err := http.NewRequestWithContext(c.Context(), method, address, bytes.NewReader(text))
	if err != nil {
		c.Fatal(err)
	}
	q.Header.Set("Content-Type", "application/json")
	q.Header.Set("Authorization", "Bearer "+token)
	a, err := http.DefaultClient.Do(q)
	if err != nil {
		c.Fatal(err)
	}
	defer a.Body.Close()
	answer, err := io.ReadAll(a.Body)
	if err != nil {
		c.Fatal(err)
	}
	if to != nil && a.StatusCode/100 == 2 {
		if err := json.Unmarshal(answer, to); err != nil {
			c.Fatalf("%s %s: %v in %s", method, address, err, answer)
		}
	}
	return a.StatusCode
}

type item struct {
	ID      string `json:"id"`
	Version int    `json:"version"`
}

// claim takes up to n items at a replica, for a minute.
func (c *colleagues) claim(base, token string, n int) (ids []string) {
	c.Helper()
	var got struct {
		Items []item `json:"items"`
	}
	if status := c.ask("POST", base+"/api/v1/sites/"+slug+"/queue/claims", token, map[string]int{"limit": n, "seconds": 60}, &got); status != http.StatusOK {
		c.Fatalf("got %d for a claim", status)
	}
	for _, i := range got.Items {
		ids = append(ids, i.ID)
	}
	return ids
}

func (c *colleagues) decide(base, token, id, action string, version int) (status int) {
	c.Helper()
	return c.ask("POST", base+"/api/v1/sites/"+slug+"/comments/"+id+"/decisions", token, map[string]any{"action": action, "version": version}, nil)
}

// hold: what the one holds the other is neither given nor lets decide, whichever of them is slow.
func (c *colleagues) hold() {
	c.Helper()
	if _, err := c.near.Command(c.Context(), password, "moderator", "create", "mo@zeitung.example", "--site", slug, "--role", "moderator"); err != nil {
		c.Fatal(err)
	}
	mo, err := c.near.Command(c.Context(), "", "token", "create", "mo@zeitung.example", "--site", slug)
	if err != nil {
		c.Fatal(err)
	}
	mo = strings.TrimSpace(mo)
	for _, at := range []struct{ mine, theirs string }{{c.near.Base, c.far.Base}, {c.far.Base, c.near.Base}} {
		mine, theirs := c.claim(at.mine, mo, 5), c.claim(at.theirs, c.token, 200)
		if len(mine) != 5 || len(theirs) == 0 {
			c.Fatalf("got %d and %d items claimed: something is wrong with this test", len(mine), len(theirs))
		}
		for _, id := range mine {
			if slices.Contains(theirs, id) {
				c.Errorf("%s is held by two", id)
			}
		}
		if got := c.decide(at.theirs, c.token, mine[0], "approve", 1); got != http.StatusConflict {
			c.Errorf("got %d for a decision on what somebody else holds, want 409", got)
		}
		if got := c.decide(at.mine, mo, mine[0], "spam", 1); got != http.StatusCreated {
			c.Errorf("got %d for a decision on what one holds oneself, want 201", got)
		}
		for _, base := range []string{at.mine, at.theirs} {
			for _, token := range []string{mo, c.token} {
				if got := c.ask("POST", base+"/api/v1/sites/"+slug+"/queue/releases", token, map[string]any{}, nil); got/100 != 2 {
					c.Errorf("got %d for letting go", got)
				}
			}
		}
	}
}

// post writes at a replica, under a key.
func (c *colleagues) post(base, text string) string {
	c.Helper()
	l := &load{house: c.house, T: c.T, ctx: c.Context()}
	id := l.try(http.DefaultClient, call{"post", text, "/comments", map[string]any{"article": map[string]string{"key": "reihe"}, "author": map[string]string{"name": "Rosa"}, "body": text, "rules_version": 1}, 0}, base)
	if id == "" {
		c.Fatalf("%q was not taken", text)
	}
	return id
}

// takeBack: a decision at the one replica is taken back at the other, within a delay that is shorter than they differ.
func (c *colleagues) takeBack() {
	c.Helper()
	if _, err := c.query(c.Context(), `update sites set undo_seconds = 120`); err != nil {
		c.Fatal(err)
	}
	for i, at := range [][2]string{{c.near.Base, c.far.Base}, {c.far.Base, c.near.Base}} {
		id := c.post(at[0], fmt.Sprint(hidden, " kommt wieder ", i))
		if again := c.post(at[1], fmt.Sprint(hidden, " kommt wieder ", i)); again != id {
			c.Errorf("got %s for the same key at the other replica, want %s", again, id)
		}
		if got := c.decide(at[0], c.token, id, "spam", 1); got != http.StatusCreated {
			c.Errorf("got %d for a decision", got)
		}
		if got := c.decide(at[1], c.token, id, "undo", 2); got != http.StatusCreated {
			c.Errorf("got %d for taking it back at the other replica, want 201", got)
		}
	}
}

// comeIn: who came in at one replica is in at the other.
func (c *colleagues) comeIn() {
	c.Helper()
	client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	for _, at := range [][2]string{{c.near.Base, c.far.Base}, {c.far.Base, c.near.Base}} {
		in, err := client.PostForm(at[0]+"/desk/signin", url.Values{"email": {editor}, "password": {password}})
		if err != nil {
			c.Fatal(err)
		}
		in.Body.Close()
		q, err := http.NewRequestWithContext(c.Context(), "GET", at[1]+"/desk/"+slug+"/queue", nil)
		if err != nil {
			c.Fatal(err)
		}
		for _, cookie := range in.Cookies() {
			q.AddCookie(cookie)
		}
		desk, err := client.Do(q)
		if err != nil {
			c.Fatal(err)
		}
		desk.Body.Close()
		if desk.StatusCode != http.StatusOK {
			c.Errorf("got %d after coming in (%d) at the other replica, want the desk", desk.StatusCode, in.StatusCode)
		}
	}
}

// keepOrder: what is written now here and now there is read in the order of writing.
func (c *colleagues) keepOrder() {
	c.Helper()
	var ids []string
	for i := range 10 {
		base := []string{c.near.Base, c.far.Base}[i%2]
		id := c.post(base, fmt.Sprint(shown, " der Reihe nach ", i))
		if got := c.decide(base, c.token, id, "approve", 1); got != http.StatusCreated {
			c.Errorf("got %d for an approval", got)
		}
		ids = append(ids, id)
		c.pause() // the clocks are known to half a second
	}
	var thread struct {
		Comments []item `json:"comments"`
	}
	if got := c.ask("GET", c.far.Base+"/api/v1/sites/"+slug+"/thread?article=reihe", "", nil, &thread); got != http.StatusOK {
		c.Errorf("got %d for the thread", got)
	}
	read := slices.Collect(func(yield func(string) bool) {
		for _, i := range thread.Comments {
			if !yield(i.ID) {
				return
			}
		}
	})
	if !slices.Equal(read, ids) {
		c.Errorf("got the order %v, want %v", read, ids)
	}
}

// pause lets a second pass.
func (c *colleagues) pause() {
	select {
	case <-time.After(time.Second):
	case <-c.Context().Done():
	}
}
