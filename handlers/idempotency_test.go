package handlers_test

import (
	"sync"
	"testing"
	"time"
)

// atOnce sends the same request n times at once.
func (w *world) atOnce(n int, call func(i int) answer) []answer {
	answers := make([]answer, n)
	var group sync.WaitGroup
	for i := range answers {
		group.Go(func() { answers[i] = call(i) })
	}
	group.Wait()
	return answers
}

// waiting is how many comments the queue has.
func (w *world) waiting() int {
	w.Helper()
	return read[struct{ Total int }](w.get(w.api("/queue"), w.as(w.editor)).want(200)).Total
}

func TestEqualPostsWithOneKeyAtOnceAreOneComment(t *testing.T) {
	w := newWorld(t)
	answers := w.atOnce(50, func(int) answer { return w.do("POST", w.api("/comments"), newDraft("einmal"), key("k")) })
	for _, a := range answers {
		if a.want(202); string(a.body) != string(answers[0].body) {
			t.Errorf("got %s, want %s", a.body, answers[0].body)
		}
	}
	if got := w.waiting(); got != 1 {
		t.Errorf("got %d comments, want 1", got)
	}
}

func TestEqualPostsWithoutAKeyAtOnceAreOneComment(t *testing.T) {
	w := newWorld(t)
	answers := w.atOnce(20, func(int) answer { return w.do("POST", w.api("/comments"), newDraft("einmal")) })
	for _, a := range answers {
		if a.want(202); string(a.body) != string(answers[0].body) {
			t.Errorf("got %s, want %s", a.body, answers[0].body)
		}
	}
	if got := w.waiting(); got != 1 {
		t.Errorf("got %d comments, want 1", got)
	}
}

func TestTheSameTextWithoutAKeyIsAnotherCommentElsewhereOrFromAnother(t *testing.T) {
	w := newWorld(t)
	parent := w.published("ein Anfang")
	seen := map[string]bool{}
	drafts := []draft{newDraft("gleich"), newDraft("gleich").under("other"), newDraft("gleich").below(parent),
		newDraft("gleich").by("Rosa", "rosa@leser.example"), newDraft("gleich").by("Rosalie", "")}
	for _, d := range drafts {
		seen[w.send(d).ID] = true
	}
	if len(seen) != len(drafts) {
		t.Errorf("got %d comments of %d texts", len(seen), len(drafts))
	}
}

func TestTheSameTextAfterApprovalIsANewCommentAndNeverTheOldToken(t *testing.T) {
	w := newWorld(t)
	first := w.published("gleich")
	second := w.post("gleich")
	if second.ID == first.ID || second.Token == first.Token {
		t.Error("whoever copies a public text got its author's token")
	}
	w.pass(11 * time.Minute)
	if third := w.post("gleich"); third.ID == second.ID {
		t.Error("the same text eleven minutes later is the same comment")
	}
}

// Two who thank under the same name are two, and neither holds the other's token; whoever presses twice is one.
func TestTheSameTextWithoutAKeyFromAnotherNetworkIsAnotherComment(t *testing.T) {
	w := newWorld(t)
	_, first := w.sendFrom("198.51.100.7:4711", "", "Danke!")
	_, again := w.sendFrom("198.51.100.7:4712", "", "Danke!")
	_, other := w.sendFrom("203.0.113.1:4711", "", "Danke!")
	if again.ID != first.ID || again.Token != first.Token {
		t.Errorf("got %s and %s from one network, want one comment", first.ID, again.ID)
	}
	if other.ID == first.ID || other.Token == first.Token || w.waiting() != 2 {
		t.Errorf("got %s from both networks, want a comment each", other.ID)
	}
}

func TestAKeyWithAnotherBodyIsRefused(t *testing.T) {
	w := newWorld(t)
	w.do("POST", w.api("/comments"), newDraft("eins"), key("k")).want(202)
	if p := w.do("POST", w.api("/comments"), newDraft("zwei"), key("k")).refused(422); !p.names("Idempotency-Key", "key_reused") {
		t.Errorf("got %+v", p.Errors)
	}
	w.pass(25 * time.Hour)
	w.do("POST", w.api("/comments"), newDraft("zwei"), key("k")).want(202)
}

func TestAKeyGivesTheFirstAnswerWhateverBecameOfTheComment(t *testing.T) {
	w := newWorld(t)
	first := w.do("POST", w.api("/comments"), newDraft("eins"), key("k")).want(202)
	w.withdraw(read[posted](first))
	if again := w.do("POST", w.api("/comments"), newDraft("eins"), key("k")).want(202); string(again.body) != string(first.body) {
		t.Errorf("got %s, want %s", again.body, first.body)
	}
}

func TestAKeyOfAnotherSiteIsAnotherKey(t *testing.T) {
	w := newWorld(t)
	here := read[posted](w.do("POST", w.api("/comments"), newDraft("eins"), key("k")).want(202))
	there := read[posted](w.do("POST", w.abroad().api("/comments"), newDraft("zwei"), key("k")).want(202))
	if here.ID == there.ID {
		t.Error("one key made one comment on two sites")
	}
}

func TestAFailedRequestKeepsNothing(t *testing.T) {
	w := newWorld(t)
	w.do("POST", w.api("/comments"), newDraft("eins").with("rules_version", 7), key("k")).refused(409)
	w.do("POST", w.api("/comments"), newDraft("eins").with("parent_id", w.flow.NewID()), key("k")).refused(422)
	w.do("POST", w.api("/comments"), newDraft("zwei"), key("k")).want(202)
	if empty := read[struct{ Article struct{ Title string } }](w.get(w.api("/thread?article=other")).want(200)); empty.Article.Title != "" {
		t.Errorf("got %+v of a refused comment", empty)
	}
}

func TestABadKeyIsMalformed(t *testing.T) {
	w := newWorld(t)
	long := make([]byte, 129)
	for i := range long {
		long[i] = 'k'
	}
	for _, k := range []string{"", "two words", "ümlaut", string(long)} {
		if p := w.do("POST", w.api("/comments"), newDraft("eins"), key(k)).refused(400); !p.names("Idempotency-Key", "header") {
			t.Errorf("%q: got %+v", k, p.Errors)
		}
	}
	w.do("POST", w.api("/comments"), newDraft("eins"), key(string(long[:128]))).want(202)
}
