package handlers_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
)

func TestEveryActionFitsExactlyTheStatesItShould(t *testing.T) {
	w := newWorld(t)
	// What each action leads to from each state, and which text is public then; what is not here does not fit.
	next := map[string]map[string]struct{ status, public string }{
		"pending":  {"approve": {"approved", "lorem"}, "reject": {"rejected", ""}, "spam": {"spam", ""}},
		"approved": {"keep": {"approved", "lorem"}, "remove": {"removed", ""}, "spam": {"spam", ""}, "reopen": {"pending", ""}, "undo": {"pending", ""}},
		"edited": {"approve": {"approved", "new lorem"}, "reject": {"approved", "lorem"}, "keep": {"approved", "lorem"},
			"remove": {"removed", ""}, "spam": {"spam", ""}, "reopen": {"pending", ""}},
		"rejected":  {"restore": {"approved", "lorem"}, "reopen": {"pending", ""}, "undo": {"pending", ""}},
		"spam":      {"restore": {"approved", "lorem"}, "reopen": {"pending", ""}, "undo": {"approved", "lorem"}},
		"removed":   {"restore": {"approved", "lorem"}, "reopen": {"pending", ""}, "undo": {"approved", "lorem"}},
		"withdrawn": {},
	}
	for _, state := range states {
		for _, action := range []string{"approve", "reject", "spam", "remove", "keep", "restore", "reopen", "undo"} {
			p := w.state(state)
			before := w.comment(p)
			got := w.try(ida, p, action, "topic")
			want, fits := next[state][action]
			after := w.comment(p)
			if !fits {
				if refused := got.refused(422); len(refused.Errors) != 1 || refused.Errors[0].Field != "action" || after.Version != before.Version {
					t.Errorf("%s of %s: got %+v at version %d", action, state, refused.Errors, after.Version)
				}
				continue
			}
			d := read[struct {
				Action, Status string
				Version        int
			}](got.want(201))
			if d.Action != action || d.Status != want.status || d.Version != before.Version+1 || after.Status != want.status || after.Version != d.Version {
				t.Errorf("%s of %s: got %+v, then %s at version %d; want %s", action, state, d, after.Status, after.Version, want.status)
			}
			if texts := strings.Join(w.texts(w.keyOf(p)), ","); !strings.HasPrefix(texts, want.public) || (texts == "") != (want.public == "") {
				t.Errorf("%s of %s: got %q public, want %q", action, state, texts, want.public)
			}
		}
	}
}

// keyOf is the article that a comment stands under.
func (w *world) keyOf(p posted) string {
	w.Helper()
	return read[struct{ Article struct{ Key string } }](w.get(w.api("/comments/"+p.ID), token(p.Token)).want(200)).Article.Key
}

func TestARefusalNamesARuleOfTheVersionInForce(t *testing.T) {
	w := newWorld(t)
	for action, p := range map[string]posted{"reject": w.post("eins"), "remove": w.published("zwei")} {
		if got := w.try(mia, p, action).refused(422); !got.names("rules", "rule_required") {
			t.Errorf("%s without a rule: got %+v", action, got.Errors)
		}
		for _, code := range []string{"nonsense", "Topic", "to\x00pic"} {
			if got := w.try(mia, p, action, "topic", code).refused(422); !got.names("rules", "rule_unknown") {
				t.Errorf("%s by %q: got %+v", action, code, got.Errors)
			}
		}
		w.try(mia, p, action, "topic", "respect").want(201)
	}
	p := w.post("drei")
	w.publishRules("new")
	w.try(mia, p, "reject", "substance").refused(422)
	for field, value := range map[string]any{"action": "publish", "rules": []string{""}, "statement": strings.Repeat("x", 5001), "note": "a\x00b", "version": nil} {
		verdict := draft{"action": "approve", "version": 1}.with(field, value)
		got := w.do("POST", w.api("/comments/"+p.ID+"/decisions"), verdict, w.as(mia)).refused(422)
		if len(got.Errors) != 1 || !strings.HasPrefix(got.Errors[0].Field, field) {
			t.Errorf("%s: got %+v", field, got.Errors)
		}
	}
}

func TestAStaleDecisionIsToldWhatHappenedMeanwhile(t *testing.T) {
	w := newWorld(t)
	p := w.published("Text")
	w.edit(p, "neuer Text")
	for _, action := range []string{"approve", "reject"} { // one names no rule, and yet the version is what is wrong
		got := w.do("POST", w.api("/comments/"+p.ID+"/decisions"), draft{"action": action, "version": 1}, w.as(mia)).refused(409)
		c := got.Comment
		if c == nil || c.ID != p.ID || c.Version != 3 || c.Status != "approved" || len(c.Decisions) != 2 || c.Decisions[0].Action != "approve" || c.Decisions[1].Action != "edit" {
			t.Errorf("%s: got %+v", action, c)
		}
	}
	for _, version := range []int{4, 0, -1, 1 << 40, -1 << 40} {
		w.do("POST", w.api("/comments/"+p.ID+"/decisions"), draft{"action": "approve", "version": version}, w.as(mia)).refused(409)
	}
}

func TestOfTwoOppositeDecisionsAtOnceExactlyOneWins(t *testing.T) {
	w := newWorld(t)
	for range 10 {
		p := w.state("pending")
		answers := w.atOnce(2, func(i int) answer {
			verdict := draft{"action": []string{"approve", "reject"}[i], "rules": []string{"topic"}, "version": 1}
			return w.do("POST", w.api("/comments/"+p.ID+"/decisions"), verdict, w.as([]string{mia, tom}[i]))
		})
		if got := answers[0].status + answers[1].status; got != 201+409 {
			t.Errorf("got %d and %d, want 201 and 409", answers[0].status, answers[1].status)
		}
		if got := w.comment(p).Version; got != 2 {
			t.Errorf("got version %d, want 2", got)
		}
	}
}

func TestWhatAnotherHoldsIsNotDecidedUntilTheLeaseRunsOut(t *testing.T) {
	w := newWorld(t)
	p := w.post("Text")
	w.claim(mia, 1)
	if got := w.try(ida, p, "approve").refused(409); !strings.Contains(got.Detail, "Name of moderator mia") || got.Comment != nil {
		t.Errorf("got %+v", got)
	}
	w.pass(61 * time.Second)
	w.try(tom, p, "approve").want(201)
	q := w.post("Noch ein Text")
	w.claim(mia, 1)
	w.try(mia, q, "approve").want(201)
}

func TestNobodyDecidesTheirOwnCommentOrAReplyToIt(t *testing.T) {
	w := newWorld(t)
	own := w.send(newDraft("von der Chefin").by("Ada", " Ada@Zeitung.example"))
	w.try(ada, own, "approve").refused(403)
	w.approve(own)
	reply := w.send(newDraft("Antwort").below(own))
	w.try(ada, own, "remove", "topic").refused(403)
	w.try(ada, reply, "spam").refused(403)
	w.try(mia, reply, "spam").want(201)
}

func TestWhatIsPublicAgainAfterARefusalIsForEditors(t *testing.T) {
	w := newWorld(t)
	for _, action := range []string{"restore", "reopen"} {
		p := w.state("removed")
		w.try(mia, p, action).refused(403)
		w.try(reads, p, action).refused(403)
		w.try(ada, p, action).want(201)
	}
}

func TestADecisionIsForWhoeverMayWriteOnTheSite(t *testing.T) {
	w := newWorld(t)
	p := w.post("Text")
	path, verdict := w.api("/comments/"+p.ID+"/decisions"), draft{"action": "approve", "version": 1}
	w.do("POST", path, verdict).refused(401)
	w.do("POST", path, verdict, token(p.Token)).refused(401)
	w.do("POST", path, verdict, w.as(reads)).refused(403)
	w.do("POST", path, verdict, w.as(bea)).refused(401)
	w.do("POST", w.abroad().api("/comments/"+p.ID+"/decisions"), verdict, w.as(bea)).refused(404)
	w.do("POST", w.api("/comments/"+uuid.NewString()+"/decisions"), verdict, w.as(mia)).refused(404)
	if got := w.comment(p); got.Version != 1 {
		t.Errorf("got version %d, want 1", got.Version)
	}
}

// A caller of one site can't tell whether an id of another exists: a token is no credential elsewhere, a session is, but
// the site is not theirs.
func TestAnotherSitesCommentsCannotBeToldFromNone(t *testing.T) {
	w := newWorld(t)
	mine, session := w.published("Text"), w.session(bea)
	for _, id := range []string{mine.ID, w.flow.NewID().String()} {
		for _, path := range []string{"/moderation/comments/" + id, "/comments/" + id + "/decisions"} {
			w.get(w.api(path), w.as(bea)).refused(401)
			w.get(w.api(path), session).refused(404)
			w.get(w.abroad().api(path), w.as(bea)).refused(404)
			w.get(w.abroad().api(path), session).refused(404)
		}
	}
}
