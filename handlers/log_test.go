package handlers_test

import (
	"bytes"
	"log/slog"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"testing"

	"plenum/handlers"
)

// journal is a log that a test reads.
type journal struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (j *journal) Write(p []byte) (int, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.text.Write(p)
}

func (j *journal) String() string {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.text.String()
}

// lines are those that hold the text.
func (j *journal) lines(text string) (found []string) {
	for _, line := range strings.Split(j.String(), "\n") {
		if strings.Contains(line, text) {
			found = append(found, line)
		}
	}
	return found
}

// logged is a world whose log can be read, down to the finest level.
func logged(t *testing.T) (*world, *journal) {
	w, j := newWorld(t), &journal{}
	w.serve(func(o *handlers.Options) {
		o.Log = slog.New(slog.NewTextHandler(j, &slog.HandlerOptions{Level: slog.LevelDebug}))
	})
	return w, j
}

// What people write, where they can be reached and what opens their pages is in no line, whatever they do and whatever
// goes wrong meanwhile.
func TestTheLogHoldsNoTextNoAddressAndNoToken(t *testing.T) {
	w, j := logged(t)
	p := w.send(newDraft("unseen body").by("unseen name", "unseen@leser.example").with("article",
		draft{"key": "unseen-key", "title": "unseen title", "url": w.origin + "/unseen-url"}))
	own := header("Authorization", "Bearer "+p.Token)
	w.get("/zeitung/comments/"+p.ID+"?token="+p.Token, header("User-Agent", "unseen agent"), header("Referer", w.origin+"/unseen-referer")).want(200)
	w.get(w.api("/comments/"+p.ID), own).want(200)
	w.do("PATCH", w.api("/comments/"+p.ID), draft{"body": "unseen edit"}, own).want(202)
	w.approve(p)
	w.reportOf(p, draft{"kind": "illegal", "text": "unseen grounds", "name": "unseen reporter", "email": "unseen@melder.example", "good_faith": true}).want(202)
	w.do("POST", w.api("/comments/"+p.ID+"/decisions"), draft{"action": "remove", "rules": []string{"topic"}, "version": w.comment(p).Version,
		"statement": "unseen statement", "note": "unseen note"}, w.as(mia)).want(201)
	w.do("POST", w.api("/comments/"+p.ID+"/appeals"), draft{"text": "unseen appeal"}, own).want(202)
	w.get("/desk/zeitung/queue?q=unseen-words", w.session(mia)).want(200)
	w.get(w.api("/queue?q=unseen-words"), w.as(mia)).want(200)
	w.do("POST", "/desk/signin", url.Values{"email": {"unseen@nobody.example"}, "password": {"unseen password"}}.Encode(),
		header("Content-Type", "application/x-www-form-urlencoded"))
	w.do("POST", w.api("/comments"), `{"body":"unseen \x00`).refused(400)
	w.get("/unseen-path/%00unseen?unseen=unseen")
	w.get("//unseen", host("unseen.example"))

	sql := func(statement string) {
		_, err := w.flow.Store.Pool().Exec(t.Context(), statement)
		w.must(err)
	}
	sql(`alter table revisions add constraint poison check (body <> 'unseen poison')`)
	poison := newDraft("unseen poison").by("unseen name", "unseen@gift.example")
	fault := w.do("POST", w.api("/comments"), poison).refused(500)
	if lines := j.lines("request failed"); len(lines) != 1 || !strings.Contains(lines[0], "poison") {
		t.Errorf("got the lines %q, want one that names the constraint", lines)
	} else if id := regexp.MustCompile(` id=(\S+)`).FindStringSubmatch(lines[0]); id == nil || !strings.Contains(fault.Detail, id[1]) || len(j.lines(id[1])) != 2 {
		t.Errorf("got the fault %q for %q, want its id in the answer and in the line of the request", fault.Detail, lines[0])
	}
	w.flow.Store.Close()
	w.do("POST", w.api("/comments"), poison)

	text := j.String()
	for _, never := range []string{"unseen", p.Token, w.tokens[mia], "token=", "@leser", mia, password, "artikel"} {
		if i := strings.Index(text, never); i >= 0 {
			t.Errorf("%q is in the log: %.300q", never, text[max(0, i-150):])
		}
	}
	if n := len(j.lines("msg=request ")); n < 15 {
		t.Errorf("got %d lines of requests: something is wrong with this test", n)
	}
}

// One line a request, refused ones too, each with an id of its own.
func TestEachRequestIsOneLine(t *testing.T) {
	w, j := logged(t)
	w.get("/zeitung/").want(200)
	w.get("/nowhere/").want(404)
	w.get("//zeitung").want(404)
	w.get("/zeitung/", host("evil.example")).want(421)
	w.get("/healthz").want(200)
	ids := map[string]bool{}
	form := regexp.MustCompile(`^time=\S+ level=INFO msg=request id=([0-9a-f-]{36}) method=GET route=\S+ status=\d{3} bytes=\d+ ms=\S+$`)
	for _, line := range j.lines("msg=request") {
		if m := form.FindStringSubmatch(line); m == nil {
			t.Errorf("got the line %q", line)
		} else {
			ids[m[1]] = true
		}
	}
	if len(ids) != 5 {
		t.Errorf("got the ids %v, want five", ids)
	}
}

func TestAPeriodIsNamedByDaysOrByTimesOnThem(t *testing.T) {
	w := newWorld(t)
	w.published("Text")
	days := w.get(w.api("/statistics?from=2024-01-31&to=2024-02-01"), w.as(mia)).want(200)
	times := w.get(w.api("/statistics?from=2024-01-31T00:00:00Z&to=2024-02-02T01:00:00%2B05:00"), w.as(mia)).want(200)
	if string(days.body) != string(times.body) {
		t.Errorf("got %s, want %s", times.body, days.body)
	}
	for _, bad := range []string{"2024-02-30", "yesterday", "2024-01-31T00:00"} {
		if p := w.get(w.api("/statistics?from="+bad), w.as(mia)).refused(400); !p.names("from", "value") {
			t.Errorf("%s: got %+v", bad, p.Errors)
		}
	}
}
