package handlers_test

import (
	"net/url"
	"strings"
	"testing"
)

type reviewed struct {
	Case *struct {
		Reports []struct{ Number, Text string }
	}
	Appeals []struct{ ID, Status, Statement string }
}

func (w *world) reportOf(p posted, body draft, options ...option) answer {
	w.Helper()
	return w.do("POST", w.api("/comments/"+p.ID+"/reports"), body, options...)
}

func (w *world) reviewOf(p posted) reviewed {
	w.Helper()
	return read[reviewed](w.get(w.api("/moderation/comments/"+p.ID), w.as(mia)).want(200))
}

func TestAReportIsTakenOnceUnderItsKeyAndShownToTheDeskAlone(t *testing.T) {
	w := newWorld(t)
	p := w.published("steht da")
	body := draft{"kind": "illegal", "text": "unseen grounds", "name": "unseen name", "email": "unseen@example.org", "good_faith": true}
	key := header("Idempotency-Key", "one")
	first := read[struct{ Number string }](w.reportOf(p, body, key).want(202)).Number
	if again := read[struct{ Number string }](w.reportOf(p, body, key).want(202)).Number; again != first {
		t.Errorf("got the number %s, want %s again", again, first)
	}
	w.reportOf(p, draft{"kind": "rule", "rule": "topic"}, key).refused(422)
	if got := w.reviewOf(p); got.Case == nil || len(got.Case.Reports) != 1 || got.Case.Reports[0].Number != first {
		t.Errorf("got %+v, want one report", got.Case)
	}
	w.mustNotAppear("unseen", first)
	w.decide(p, "keep")
	if got := w.reviewOf(p); got.Case != nil {
		t.Errorf("got %+v, want no open case", got.Case)
	}
}

func TestAReportNamesWhatItLacks(t *testing.T) {
	w := newWorld(t)
	p, held := w.published("steht da"), w.post("wartet")
	for field, body := range map[string]draft{
		"kind":       {"kind": "other"},
		"rule":       {"kind": "rule", "rule": "nothing"},
		"text":       {"kind": "illegal", "good_faith": true},
		"good_faith": {"kind": "illegal", "text": "grounds"},
		"email":      {"kind": "rule", "rule": "topic", "email": "no address"},
	} {
		if got := w.reportOf(p, body).refused(422); len(got.Errors) != 1 || got.Errors[0].Field != field {
			t.Errorf("%s: got %+v", field, got.Errors)
		}
	}
	w.reportOf(held, draft{"kind": "rule", "rule": "topic"}).refused(404)
}

func TestAnAppealIsHeardByAnotherPerson(t *testing.T) {
	w := newWorld(t)
	p := w.published("steht da")
	w.try(mia, p, "remove", "topic").want(201)
	path := w.api("/comments/" + p.ID + "/appeals")
	w.do("POST", path, draft{"text": "unseen plea"}).refused(404)
	got := read[struct{ ID, Status string }](w.do("POST", path, draft{"text": "unseen plea"}, token(p.Token)).want(202))
	w.do("POST", path, draft{"text": "again"}, token(p.Token)).refused(422)
	w.mustNotAppear("unseen plea")
	decide := func(who, action string) answer {
		return w.do("POST", w.api("/appeals/"+got.ID+"/decisions"), draft{"action": action, "statement": "unseen reasons"}, w.as(who))
	}
	decide(mia, "overturn").refused(403)
	decide(reads, "overturn").refused(403)
	decide(tom, "overturn").want(201)
	decide(tom, "uphold").refused(409)
	if a := w.reviewOf(p).Appeals; len(a) != 1 || a[0].Status != "overturned" || w.comment(p).Status != "approved" {
		t.Errorf("got %+v of a comment %s", a, w.comment(p).Status)
	}
	w.mustNotAppear("unseen plea", "unseen reasons")
}

func TestTheReportPageLosesNothingThatWasTyped(t *testing.T) {
	w := newWorld(t)
	p := w.published("steht da")
	form := func(f url.Values) answer {
		return w.do("POST", "/"+w.site.Slug+"/comments/"+p.ID+"/report", f.Encode(), header("Content-Type", "application/x-www-form-urlencoded"))
	}
	back := string(form(url.Values{"kind": {"illegal"}, "text": {"typed grounds"}, "name": {"typed name"}, "email": {"typed@example.org"}}).want(422).body)
	for _, typed := range []string{"typed grounds", "typed name", "typed@example.org", `value="illegal" checked`} {
		if !strings.Contains(back, typed) {
			t.Errorf("%q is lost", typed)
		}
	}
	wrong := string(form(url.Values{"kind": {"rule"}, "rule": {"topic"}, "email": {"typed"}}).want(422).body)
	for _, said := range []string{`<a href="#email">E-Mail: `, `aria-describedby="email-error email-hint" aria-invalid="true"`, `id="email-error"`} {
		if !strings.Contains(wrong, said) {
			t.Errorf("a wrong address is not named where it stands: %q is missing", said)
		}
	}
	taken := string(form(url.Values{"kind": {"rule"}, "rule": {"topic"}}).want(200).body)
	if number := w.reviewOf(p).Case.Reports[0].Number; !strings.Contains(taken, number) {
		t.Errorf("the page does not give the number %s", number)
	}
}

func TestTheStatusPageTakesAnAppealAndKeepsWhatWasTyped(t *testing.T) {
	w := newWorld(t)
	p := w.published("steht da")
	w.try(mia, p, "remove", "topic").want(201)
	send := func(text string) answer {
		form := url.Values{"token": {p.Token}, "body": {text}}
		return w.do("POST", "/"+w.site.Slug+"/comments/"+p.ID+"/appeal", form.Encode(), header("Content-Type", "application/x-www-form-urlencoded"))
	}
	send("my plea").want(303)
	if back := string(send("a second plea").want(422).body); !strings.Contains(back, "a second plea") || !strings.Contains(back, "my plea") {
		t.Error("what was typed, or the appeal before it, is lost")
	}
}
