package handlers_test

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"
)

func TestEveryLaneAnswersItsOwnAndTheTotalsOfAll(t *testing.T) {
	w := newWorld(t)
	waits, edited := w.state("pending"), w.state("edited")
	decided := w.state("rejected")
	aside := w.state("pending")
	w.do("POST", w.api("/comments/"+aside.ID+"/set-aside"), draft{"version": 1, "until": w.flow.Now().UTC().Add(time.Hour), "note": "später"}, w.as(mia)).want(201)
	w.do("POST", w.api("/comments/"+waits.ID+"/pass"), draft{"version": 1, "to": "editors"}, w.as(mia)).want(201)
	for lane, want := range map[string][]string{"pending": {waits.ID}, "edited": {edited.ID}, "reported": nil, "appealed": nil, "mine": nil, "set_aside": {aside.ID}, "decided": {decided.ID}} {
		q := w.queue("?state=" + lane)
		if !slices.Equal(itemIDs(q.Items), want) || lane != "decided" && q.Total != len(want) {
			t.Errorf("%s: got %v of %d, want %v", lane, itemIDs(q.Items), q.Total, want)
		}
	}
	if got := read[queue](w.get(w.api("/queue?state=mine"), w.as(ida)).want(200)); len(got.Items) != 1 {
		t.Errorf("an editor's own lane: got %+v, want what was passed to the editors", got.Items)
	}
}

func TestAReportAndAnAppealWaitSinceTheyCame(t *testing.T) {
	w := newWorld(t)
	reported, removed := w.published("steht da"), w.published("steht nicht mehr da")
	w.try(mia, removed, "remove", "topic").want(201)
	w.pass(30 * time.Hour)
	came := w.comment(reported).CreatedAt.Add(30 * time.Hour)
	w.reportOf(reported, draft{"kind": "rule", "rule": "topic"}).want(202)
	w.do("POST", w.api("/comments/"+removed.ID+"/appeals"), draft{"text": "warum"}, token(removed.Token)).want(202)
	w.pass(20 * time.Minute)
	for _, lane := range []string{"reported", "appealed"} {
		q := read[struct {
			Items []struct {
				WaitingSince time.Time `json:"waiting_since"`
			}
		}](w.get(w.api("/queue?state="+lane), w.as(tom)).want(200))
		if len(q.Items) != 1 || q.Items[0].WaitingSince.Sub(came).Abs() > time.Minute {
			t.Errorf("%s: got %+v, want it waiting since %v", lane, q.Items, came)
		}
		if page := string(w.get("/desk/"+w.site.Slug+"/queue?state="+lane, w.session(tom)).want(200).body); !strings.Contains(page, `<span class="due">20 min</span>`) {
			t.Errorf("%s: the list does not say that 20 minutes have passed", lane)
		}
	}
}

func TestAQueueIsNarrowedAndSorted(t *testing.T) {
	w := newWorld(t)
	first := w.send(newDraft("Häuser am Fluss").under("haus"))
	w.pass(2 * time.Hour)
	second := w.send(newDraft("houses").under("house").with("locale", "en"))
	author := w.comment(second).AuthorID.String()
	for query, want := range map[string][]string{
		"?sort=newest": {second.ID, first.ID}, "?sort=oldest": {first.ID, second.ID}, "?sort=priority": {second.ID, first.ID}, // one word is a stronger signal than three

		"?article=haus": {first.ID}, "?section=Politik": nil, "?author=" + author: {second.ID}, "?signal=links": nil, "?signal=length": {second.ID}, "?older=60": {first.ID},
		"?younger=60": {second.ID}, "?language=en": {second.ID}, "?q=Haus": {first.ID}, "?state=all&q=house": {second.ID}, "?state=decided&rule=topic": nil,
	} {
		if got := itemIDs(w.queue(query).Items); !slices.Equal(got, want) {
			t.Errorf("%s: got %v, want %v", query, got, want)
		}
	}
	for _, query := range []string{"?sort=best", "?author=x", "?older=0", "?younger=-1", "?language=fr", "?state=all", "?q=" + url.QueryEscape("a\x00")} {
		w.get(w.api("/queue"+query), w.as(mia)).refused(400)
	}
	next := *w.queue("?sort=newest&limit=1").Next
	w.get(w.api("/queue?sort=oldest&limit=1&cursor="+next), w.as(mia)).refused(400)
	for _, sort := range []string{"urgent", "oldest", "newest", "priority"} {
		q := w.queue("?limit=1&sort=" + sort)
		if later := w.queue(fmt.Sprintf("?limit=1&sort=%s&cursor=%s", sort, *q.Next)); len(later.Items) != 1 || later.Items[0].ID == q.Items[0].ID || later.Next != nil {
			t.Errorf("%s: got %+v behind %+v", sort, later, q)
		}
	}
}

func TestAClaimIsRenewedShownAndGivenBackOnLeaving(t *testing.T) {
	w := newWorld(t)
	p := w.post("lorem")
	path := w.api("/comments/" + p.ID + "/claim")
	type lease struct {
		By    struct{ Name string }
		Until time.Time
	}
	first := read[*lease](w.do("POST", path, nil, w.as(mia)).want(200))
	w.pass(4 * time.Minute)
	second := read[*lease](w.do("POST", path, nil, w.as(mia)).want(200))
	if first == nil || second == nil || !second.Until.After(first.Until.Add(3*time.Minute)) {
		t.Fatalf("got %+v after %+v, want it renewed", second, first)
	}
	if other := read[*lease](w.do("POST", path, nil, w.as(tom)).want(200)); other == nil || other.By != second.By {
		t.Errorf("got %+v, want to be told who holds it", other)
	}
	if mine := w.queue("?state=mine"); len(mine.Items) != 1 || w.comment(p).Version != 1 {
		t.Errorf("got %+v, want the claim and no entry", mine)
	}
	w.do("POST", w.api("/queue/releases"), nil, w.as(reads)).refused(403)
	w.do("POST", w.api("/queue/releases"), nil, w.as(mia)).want(204)
	if got := read[*lease](w.do("POST", path, nil, w.as(tom)).want(200)); got == nil || got.By == second.By {
		t.Errorf("got %+v, want it free for another", got)
	}
}

func TestPassingIsRefusedLikeADecision(t *testing.T) {
	w := newWorld(t)
	p := w.post("lorem")
	path := w.api("/comments/" + p.ID + "/pass")
	if got := w.do("POST", path, draft{"version": 1, "to": "nobody"}, w.as(mia)).refused(422); !got.names("to", "pass_nobody") {
		t.Errorf("got %+v", got)
	}
	w.do("POST", path, draft{"version": 2, "to": "editors"}, w.as(mia)).refused(409)
	w.do("POST", path, draft{"version": 1, "to": "editors"}, w.as(reads)).refused(403)
	w.do("POST", w.api("/comments/"+p.ID+"/set-aside"), draft{"version": 1, "until": w.flow.Now()}, w.as(mia)).refused(422)
	w.do("POST", w.abroad().api("/comments/"+p.ID+"/pass"), draft{"version": 1, "to": "editors"}, w.as(bea)).refused(404)
	staff := read[struct {
		Items []struct{ ID, Role string }
	}](w.get(w.api("/staff"), w.as(mia)).want(200))
	if len(staff.Items) != 5 {
		t.Errorf("got %d of the staff, want 5", len(staff.Items))
	}
	w.do("POST", path, draft{"version": 1, "to": staff.Items[0].ID, "note": "Bitte ansehen"}, w.as(tom))
}

func TestWhoServesSeveralSitesSeesThemAsOneQueue(t *testing.T) {
	w := newWorld(t)
	w.join(w.other, mia, "moderator")
	var want []string
	for i := range 3 {
		want = append(want, w.post(fmt.Sprint("hier ", i)).ID)
		abroad := w.abroad()
		want = append(want, abroad.send(draft{"article": draft{"key": "x"}, "author": draft{"name": "Ann"}, "body": fmt.Sprint("dort ", i), "rules_version": 1}).ID)
	}
	me := w.session(mia)
	var got []string
	for at := "?limit=2"; at != ""; {
		q := read[queue](w.get("/api/v1/queue"+at, me).want(200))
		got, at = append(got, itemIDs(q.Items)...), ""
		if q.Total != 6 {
			t.Errorf("got total %d, want 6", q.Total)
		}
		if q.Next != nil {
			at = "?limit=2&cursor=" + *q.Next
		}
	}
	if !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
	if only := read[queue](w.get("/api/v1/queue", w.session(tom)).want(200)); len(only.Items) != 3 {
		t.Errorf("got %d items for who serves one site, want 3", len(only.Items))
	}
	w.get("/api/v1/queue", w.as(mia)).refused(401)
}
