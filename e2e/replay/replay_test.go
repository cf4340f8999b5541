package main

import (
	"context"
	"errors"
	"io"
	"strings"
	"testing"
)

func replayOf(client *Client) *Replay {
	return &Replay{client: client, items: plan(invented(200), 2), workers: 10, log: io.Discard}
}

func TestAReplayOfAFaithfulServerFindsNothing(t *testing.T) {
	_, client := newFake(t)
	r := replayOf(client)
	if err := r.run(t.Context()); err != nil {
		t.Fatal(err)
	}
	var out strings.Builder
	r.summary(&out)
	if r.report.failed > 0 || r.report.passed < 600 {
		t.Errorf("got\n%s", out.String())
	}
	if got := r.number((*Item).Posted); got != 199 {
		t.Errorf("got %d posted, want all but the one with a control character", got)
	}
	if !strings.Contains(out.String(), "missing 0 extra 0\n") || r.number((*Item).Reply) < 50 || r.number((*Item).Unpostable) != 1 {
		t.Errorf("got\n%s", out.String())
	}
}

func TestAReplayFindsEveryLie(t *testing.T) {
	refused := func(c *told) bool { return c.status == "rejected" }
	for name, c := range map[string]struct {
		lie  func(f *fake)
		want Kind
	}{
		"shows what waits": {func(f *fake) { f.shows = func(c *told) bool { return c.status == "pending" || c.status == "approved" } }, Extra},
		"shows some refused": {func(f *fake) {
			f.shows = func(c *told) bool { return c.status == "approved" || refused(c) && c.id[35]%2 == 0 } // every other one
		}, Extra},
		"loses one": {func(f *fake) {
			f.shows = func(c *told) bool { return c.status == "approved" && c.Author.Name != "Leser 8" }
		}, Missing},
		"shows another text":   {func(f *fake) { f.html = func(c *told) string { return "<p>" + strings.ToUpper(c.Body) + "</p>" } }, Extra},
		"counts one more":      {func(f *fake) { f.counts = func(a string) int { return len(f.below(a, "", nil)) + 1 } }, Extra},
		"counts one less":      {func(f *fake) { f.counts = func(a string) int { return max(len(f.below(a, "", nil))-1, 0) } }, Missing},
		"forgets its keys":     {func(f *fake) { f.known = func(string) bool { return false } }, Extra},
		"lists the oldest":     {func(f *fake) { f.recent = turned }, Wrong},
		"lists all but newest": {func(f *fake) { f.recent = func(all []*told) []*told { return all[min(1, len(all)):] } }, Missing},
		"repeats its pages":    {func(f *fake) { f.next = func(string) string { return "0" } }, Extra},
	} {
		t.Run(name, func(t *testing.T) {
			f, client := newFake(t)
			c.lie(f)
			r := replayOf(client)
			_ = r.run(t.Context()) // the end of it, too, is a way to notice
			if found := [...]int{r.report.missing, r.report.extra, r.report.wrong}[c.want]; found == 0 {
				t.Errorf("no fault is %s", c.want)
			}
		})
	}
}

func turned(all []*told) (back []*told) {
	for i := len(all) - 1; i >= 0; i-- {
		back = append(back, all[i])
	}
	return back
}

func TestAReplayEndsWithItsServer(t *testing.T) {
	_, client := newFake(t)
	gone := errors.New("gone")
	ctx, cancel := context.WithCancelCause(t.Context())
	cancel(gone)
	if err := replayOf(client).run(ctx); err == nil {
		t.Error("got no error of a run without a server")
	}
}

func TestTheQueueHoldsWhatWasPostedOnce(t *testing.T) {
	items := []*Item{{ID: "a"}, {ID: "b"}, {}}
	for name, c := range map[string]struct {
		queue []waiting
		want  [3]int
	}{
		"the same":    {[]waiting{{ID: "b"}, {ID: "a"}}, [3]int{0, 0, 0}},
		"one missing": {[]waiting{{ID: "b"}}, [3]int{1, 0, 0}},
		"one twice":   {[]waiting{{ID: "b"}, {ID: "a"}, {ID: "a"}}, [3]int{0, 1, 0}},
		"a stranger":  {[]waiting{{ID: "b"}, {ID: "a"}, {ID: "c"}}, [3]int{0, 1, 0}},
	} {
		if got := kinds(inQueue(c.queue, items)); got != c.want {
			t.Errorf("%s: got %v, want %v", name, got, c.want)
		}
	}
}
