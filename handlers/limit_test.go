package handlers_test

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"net/url"
	"strconv"
	"testing"
	"time"
)

// limited is a world whose limits hold. Every call of it comes from one network.
func limited(t *testing.T) *world {
	w := newWorld(t)
	w.flow.Unlimited = false
	return w
}

// later reads how long an answer asks to wait.
func (a answer) later() time.Duration {
	a.Helper()
	seconds, err := strconv.Atoi(a.want(429).header.Get("Retry-After"))
	if err != nil || seconds < 1 {
		a.Fatalf("%s: got Retry-After %q, want seconds", a.call, a.header.Get("Retry-After"))
	}
	return time.Duration(seconds) * time.Second
}

// attempts asks until it is told to wait, and answers what said so.
func attempts(ask func(n int) answer) (last answer) {
	for n := range 200 {
		if last = ask(n); last.status == 429 {
			break
		}
	}
	return last
}

func TestACommentTooManyIsToldWhenToComeBack(t *testing.T) {
	w := limited(t)
	a := attempts(func(n int) answer { return w.do("POST", w.api("/comments"), newDraft(fmt.Sprint("text ", n))) })
	wait := a.later()
	if got, want := a.refused(429).Detail, "Aus Ihrem Netz kommt gerade sehr viel. In 30 Sekunden geht es weiter."; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	w.pass(wait)
	w.send(newDraft("after the wait"))
}

func TestTheFormSaysSoAndKeepsWhatWasTyped(t *testing.T) {
	w := limited(t)
	a := attempts(func(n int) answer {
		return w.typed(url.Values{"body": {fmt.Sprint("typed by hand ", n)}, "name": {"Lena Schnell"}, "email": {lena}})
	})
	wait := a.later()
	a.holds("typed by hand 5", "Lena Schnell", lena, "In 30 Sekunden geht es weiter.", `role="alert"`)
	w.pass(wait)
	w.typed(url.Values{"body": {"typed by hand 5"}, "name": {"Lena Schnell"}, "email": {lena}}).want(303)
}

func TestReportsAppealsAndSignInsAreToldWhenToComeBack(t *testing.T) {
	w := limited(t)
	w.flow.Unlimited = true
	public := w.published("steht da")
	var refused []posted
	for range 11 {
		refused = append(refused, w.state("rejected"))
	}
	w.flow.Unlimited = false
	form := header("Content-Type", "application/x-www-form-urlencoded")
	attempts(func(n int) answer { return w.reportOf(public, draft{"kind": "rule", "rule": "topic"}) }).later()
	a := w.do("POST", "/zeitung/comments/"+public.ID+"/report", url.Values{"kind": {"rule"}, "rule": {"topic"}, "text": {"typed grounds"}}.Encode(), form)
	a.later()
	a.holds("typed grounds", "Aus Ihrem Netz")
	attempts(func(n int) answer {
		return w.do("POST", w.api("/comments/"+refused[n].ID+"/appeals"), draft{"text": "why?"}, token(refused[n].Token))
	}).later()
	last := refused[10]
	a = w.do("POST", "/zeitung/comments/"+last.ID+"/appeal", url.Values{"token": {last.Token}, "body": {"typed objection"}}.Encode(), form)
	a.later()
	a.holds("typed objection", "Aus Ihrem Netz")
	a = attempts(func(int) answer {
		return w.do("POST", "/desk/signin", url.Values{"email": {mia}, "password": {"a wrong one"}}.Encode(), form)
	})
	a.later()
	a.holds(mia, "Aus Ihrem Netz")
	a.lacks("a wrong one")
}

func TestAnEditTooManyIsToldWhenToComeBack(t *testing.T) {
	w := limited(t)
	p := read[posted](w.do("POST", w.api("/comments"), newDraft("at first")).want(202))
	attempts(func(n int) answer {
		return w.do("PATCH", w.api("/comments/"+p.ID), draft{"body": fmt.Sprint("text ", n)}, token(p.Token))
	}).later()
	a := w.do("POST", "/zeitung/comments/"+p.ID+"/edit", url.Values{"token": {p.Token}, "body": {"typed anew"}}.Encode(), header("Content-Type", "application/x-www-form-urlencoded"))
	a.later()
	a.holds("typed anew", "Hier kommt gerade sehr viel")
}

// A proxy that nobody named hides who asks: then nobody pays for what another sent.
func TestBehindAProxyThatIsNotNamedNoNetworkIsCounted(t *testing.T) {
	w := limited(t)
	for n := range 20 {
		w.do("POST", w.api("/comments"), newDraft(fmt.Sprint("text ", n)), header("X-Forwarded-For", "198.51.100.7")).want(202)
	}
}

// proofOf solves the challenge in an answer.
func (a answer) proofOf() string {
	a.Helper()
	c := read[struct {
		Challenge struct {
			Algorithm, Challenge, Salt, Signature string
			MaxNumber                             int
		}
	}](a).Challenge
	for number := range c.MaxNumber + 1 {
		if sum := sha256.Sum256(fmt.Append(nil, c.Salt, number)); hex.EncodeToString(sum[:]) == c.Challenge {
			return base64.StdEncoding.EncodeToString(encoded(a.T, draft{"algorithm": c.Algorithm, "challenge": c.Challenge, "salt": c.Salt, "signature": c.Signature, "number": number}))
		}
	}
	a.Fatalf("%s: got no challenge that can be solved in %.500s", a.call, a.body)
	return ""
}

func TestWhoeverSolvesTheChallengeNeedNotWait(t *testing.T) {
	w := limited(t)
	d := newDraft("one too many")
	a := attempts(func(n int) answer { return w.do("POST", w.api("/comments"), newDraft(fmt.Sprint("text ", n))) })
	w.send(d.with("proof", a.proofOf()))
	a = w.do("POST", w.api("/comments"), newDraft("another")).want(429)
	proof := a.proofOf()
	w.typed(url.Values{"proof": {proof}}).want(303)
	a = w.typed(url.Values{"proof": {proof}, "body": {"typed twice"}}).want(429)
	a.holds("typed twice", "Dieser Nachweis ist schon verwendet.")
	a.lacks("data-challenge")
}

// The form asks once by itself; whoever gets it wrong is told to wait, and not asked for ever.
func TestTheFormHasTheChallengeOnce(t *testing.T) {
	w := limited(t)
	a := attempts(func(n int) answer { return w.typed(url.Values{"body": {fmt.Sprint("typed ", n)}}) })
	a.holds("data-challenge", `name="proof"`, "proof.", "Rechenaufgabe")
	again := w.typed(url.Values{"body": {"typed again"}, "proof": {"nonsense"}}).want(429)
	again.lacks("data-challenge", "proof.js", "Rechenaufgabe")
	again.holds("typed again", "geht es weiter")
	w.get("/zeitung/thread?article="+url.QueryEscape(article)).want(200).lacks("data-challenge", "proof.")
}
