package handlers_test

import "testing"

func TestARepeatedDecisionGivesTheFirstAnswer(t *testing.T) {
	w := newWorld(t)
	p := w.post("Text")
	path, verdict := w.api("/comments/"+p.ID+"/decisions"), draft{"action": "approve", "version": 1, "note": "gut"}
	answers := w.atOnce(10, func(int) answer { return w.do("POST", path, verdict, w.as(mia), key("k")) })
	for _, a := range answers {
		if a.want(201); string(a.body) != string(answers[0].body) {
			t.Errorf("got %s, want %s", a.body, answers[0].body)
		}
	}
	w.withdraw(p)
	if again := w.do("POST", path, verdict, w.as(mia), key("k")).want(201); string(again.body) != string(answers[0].body) {
		t.Errorf("got %s, want %s", again.body, answers[0].body)
	}
	if got := w.do("POST", path, verdict.with("note", "sehr gut"), w.as(mia), key("k")).refused(422); !got.names("Idempotency-Key", "key_reused") {
		t.Errorf("got %+v", got.Errors)
	}
	w.do("POST", path, verdict, w.as(tom), key("k")).refused(409)
}

func TestARefusedDecisionKeepsNothing(t *testing.T) {
	w := newWorld(t)
	p := w.post("Text")
	path := w.api("/comments/" + p.ID + "/decisions")
	w.do("POST", path, draft{"action": "reject", "version": 1}, w.as(mia), key("k")).refused(422)
	w.do("POST", path, draft{"action": "approve", "version": 1}, w.as(mia), key("k")).want(201)
}

func TestAKeyDoesNotLendTheRightToWrite(t *testing.T) {
	w := newWorld(t)
	p := w.post("Text")
	scoped, err := w.flow.CreateToken(t.Context(), w.site, mia, "read")
	w.must(err)
	path, verdict := w.api("/comments/"+p.ID+"/decisions"), draft{"action": "approve", "version": 1}
	w.do("POST", path, verdict, w.as(mia), key("k")).want(201)
	w.do("POST", path, verdict, token(scoped), key("k")).refused(409) // the version goes before everything else
}

// results are what became of each item of a bulk decision.
type results struct {
	Items []struct {
		ID, Status string
		Problem    *problem
	}
}

func TestABulkDecisionAnswersForEachItem(t *testing.T) {
	w := newWorld(t)
	good, stale, own := w.post("gut"), w.published("schon öffentlich"), w.send(newDraft("von Mia").by("Mia", mia))
	foreign := w.abroad().post("fremd")
	items := []draft{{"id": foreign.ID, "version": 1}, {"id": good.ID, "version": 1}, {"id": stale.ID, "version": 1}, {"id": own.ID, "version": 1}, {"id": w.flow.NewID(), "version": 1}}
	call := func(who string, options ...option) answer {
		return w.do("POST", w.api("/decisions"), draft{"items": items, "action": "approve"}, append(options, w.as(who))...)
	}
	call(reads).refused(403)
	answer := call(mia, key("k")).want(200)
	for i, want := range []int{404, 0, 409, 403, 404} {
		got := read[results](answer).Items[i]
		if got.ID != items[i]["id"] && i < 4 || want == 0 && (got.Status != "approved" || got.Problem != nil) ||
			want != 0 && (got.Status != "refused" || got.Problem.Status != want) {
			t.Errorf("item %d: got %+v, want %d", i, got, want)
		}
	}
	if again := call(mia, key("k")).want(200); string(again.body) != string(answer.body) {
		t.Errorf("repeated: got %s, want %s", again.body, answer.body)
	}
	if got := w.abroad().comment(foreign).Status; got != "pending" {
		t.Errorf("the other site's comment is %s", got)
	}
}

func TestABulkDecisionHasOneToTwoHundredItems(t *testing.T) {
	w := newWorld(t)
	for name, items := range map[string]any{"items": []draft{}, "items.0.version": []draft{{"id": w.flow.NewID()}}, "items.0.id": []draft{{"id": "x", "version": 1}}} {
		got := w.do("POST", w.api("/decisions"), draft{"items": items, "action": "spam"}, w.as(mia)).refused(422)
		if len(got.Errors) != 1 || got.Errors[0].Field != name {
			t.Errorf("got %+v, want %s", got.Errors, name)
		}
	}
	for _, version := range []any{nil, 1 << 40} { // more than a row of a batch has room for
		order := draft{"items": []draft{{"id": w.flow.NewID(), "version": version}}, "action": "spam"}
		if got := w.do("POST", w.api("/batches"), order, w.as(mia)).refused(422); len(got.Errors) != 1 || got.Errors[0].Field != "items.0.version" {
			t.Errorf("version %v: got %+v", version, got.Errors)
		}
	}
	many := make([]draft, 201)
	for i := range many {
		many[i] = draft{"id": w.flow.NewID(), "version": 1}
	}
	got := w.do("POST", w.api("/decisions"), draft{"items": many, "action": "spam"}, w.as(mia)).refused(422)
	if len(got.Errors) != 1 || got.Errors[0].Message != "Das sind zu viele: höchstens 200." {
		t.Errorf("got %+v", got.Errors)
	}
	w.do("POST", w.api("/decisions"), draft{"items": many[:200], "action": "spam"}, w.as(mia)).want(200)
}
