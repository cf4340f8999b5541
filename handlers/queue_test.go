package handlers_test

import (
	"fmt"
	"slices"
	"testing"
	"time"
)

type queue struct {
	Total int
	Items []item
	Next  *string `json:"next_cursor"`
}

type item struct {
	ID, Status, Body  string
	Version, Revision int
	Claim             *struct {
		By    struct{ Name string }
		Until time.Time
	}
}

func (w *world) queue(query string) queue {
	w.Helper()
	return read[queue](w.get(w.api("/queue"+query), w.as(mia)).want(200))
}

// claim leases up to limit items for a minute.
func (w *world) claim(who string, limit int) []item {
	w.Helper()
	return read[queue](w.do("POST", w.api("/queue/claims"), draft{"limit": limit, "seconds": 60}, w.as(who)).want(200)).Items
}

func (w *world) fill(n int) (all []string) {
	w.Helper()
	for i := range n {
		all = append(all, w.post(fmt.Sprint("text ", i)).ID)
	}
	return all
}

func itemIDs(items []item) (all []string) {
	for _, i := range items {
		all = append(all, i.ID)
	}
	return all
}

func TestTheQueueIsInTheOrderOfWhatIsPromisedPageByPage(t *testing.T) {
	w := newWorld(t)
	want := w.fill(7)
	late := w.published("alt")
	w.pass(-2 * time.Hour)
	w.edit(late, "neu")
	first := w.post("vor zwei Stunden")
	want = append([]string{first.ID}, want...)
	for _, limit := range []int{1, 3, 200} {
		var got []string
		for at := fmt.Sprint("?limit=", limit); at != ""; {
			q := w.queue(at)
			if q.Total != 8 {
				t.Errorf("got total %d, want 8", q.Total)
			}
			got, at = append(got, itemIDs(q.Items)...), ""
			if q.Next != nil {
				at = fmt.Sprint("?limit=", limit, "&cursor=", *q.Next)
			}
		}
		if !slices.Equal(got, want) {
			t.Errorf("pages of %d: got %v, want %v", limit, got, want)
		}
	}
	edited := w.queue("?state=edited")
	if edited.Total != 1 || len(edited.Items) != 1 || edited.Items[0].Body != "neu" || edited.Items[0].Status != "approved" {
		t.Errorf("edited: got %+v", edited)
	}
}

func TestACursorOfTheQueueHoldsForItsOwnLaneAndSiteOnly(t *testing.T) {
	w := newWorld(t)
	w.fill(3)
	cursor := *w.queue("?limit=1").Next
	for _, path := range []string{w.api("/queue?state=edited&cursor=" + cursor), w.api("/queue?cursor=x" + cursor), w.api("/queue?cursor=!")} {
		if p := w.get(path, w.as(mia)).refused(400); !p.names("cursor", "cursor") {
			t.Errorf("%s: got %+v", path, p.Errors)
		}
	}
	w.get(w.abroad().api("/queue?cursor="+cursor), w.as(bea)).refused(400)
	w.get(w.api("/queue?state=all"), w.as(mia)).refused(400)
	w.get(w.api("/queue?limit=0"), w.as(mia)).refused(400)
}

func TestReadingTheQueueChangesNothing(t *testing.T) {
	w := newWorld(t)
	w.fill(2)
	w.claim(tom, 1)
	before := w.get(w.api("/queue"), w.as(mia)).want(200)
	w.get(w.api("/moderation/comments/"+w.queue("").Items[0].ID), w.as(reads)).want(200)
	if after := w.get(w.api("/queue"), w.as(mia)); string(after.body) != string(before.body) {
		t.Errorf("got %s, want %s", after.body, before.body)
	}
}

func TestFourModeratorsClaimingAtOnceNeverGetTheSameItem(t *testing.T) {
	w := newWorld(t)
	w.fill(60)
	people := []string{mia, tom, ida, ada}
	answers := w.atOnce(4, func(i int) answer {
		return w.do("POST", w.api("/queue/claims"), draft{"limit": 15, "seconds": 60}, w.as(people[i]))
	})
	seen := map[string]bool{}
	for _, a := range answers {
		items := read[queue](a.want(200)).Items
		if len(items) != 15 {
			t.Errorf("got %d items, want 15", len(items))
		}
		for _, i := range items {
			seen[i.ID] = true
		}
	}
	if len(seen) != 60 {
		t.Errorf("got %d different items, want 60", len(seen))
	}
	if left := w.claim(w.fifth(), 10); len(left) != 0 {
		t.Errorf("got %d items that others hold", len(left))
	}
}

// fifth is one more moderator.
func (w *world) fifth() string {
	w.join(w.site, "eve@zeitung.example", "moderator")
	return "eve@zeitung.example"
}

func TestAClaimIsShownAndRunsOut(t *testing.T) {
	w := newWorld(t)
	all := w.fill(3)
	mine := w.claim(mia, 2)
	if got := itemIDs(mine); !slices.Equal(got, all[:2]) {
		t.Errorf("got %v, want the two most urgent", got)
	}
	if c := w.queue("").Items[0].Claim; c == nil || c.By.Name != "Name of moderator mia" {
		t.Errorf("got claim %+v, want Mia's", c)
	}
	if got := itemIDs(w.claim(tom, 3)); !slices.Equal(got, all[2:]) {
		t.Errorf("got %v, want the free one", got)
	}
	w.pass(59 * time.Second)
	if got := w.claim(ida, 3); len(got) != 0 {
		t.Errorf("before it ran out: got %v", got)
	}
	w.pass(2 * time.Second)
	if c := w.queue("").Items[0].Claim; c != nil {
		t.Errorf("after it ran out: got claim %+v", c)
	}
	if got := w.claim(ida, 3); len(got) != 3 {
		t.Errorf("after it ran out: got %v", got)
	}
}

func TestLettingGoGivesBackWhatIsOnesOwn(t *testing.T) {
	w := newWorld(t)
	p := w.post("Text")
	w.claim(mia, 1)
	path := w.api("/comments/" + p.ID + "/claim")
	w.do("DELETE", path, nil, w.as(tom)).want(204)
	if got := w.claim(tom, 1); len(got) != 0 {
		t.Error("one let go of what another holds")
	}
	w.do("DELETE", path, nil, w.as(reads)).refused(403)
	w.do("DELETE", path, nil, w.as(mia)).want(204)
	w.do("DELETE", path, nil, w.as(mia)).want(204)
	if got := w.claim(tom, 1); len(got) != 1 {
		t.Error("what was let go is not free")
	}
	w.do("DELETE", w.abroad().api("/comments/"+p.ID+"/claim"), nil, w.as(bea)).refused(404)
}

func TestNobodyIsGivenTheirOwnCommentOrAReplyToIt(t *testing.T) {
	w := newWorld(t)
	own := w.send(newDraft("von Mia").by("Mia", "MIA@Zeitung.example"))
	if got := w.claim(mia, 5); len(got) != 0 {
		t.Errorf("got %+v, her own comment", got)
	}
	w.approve(own)
	w.send(newDraft("Antwort an Mia").below(own))
	if got := w.claim(mia, 5); len(got) != 0 {
		t.Errorf("got %+v, a reply to her own comment", got)
	}
	if got := w.claim(tom, 5); len(got) != 1 {
		t.Errorf("another got %d items, want 1", len(got))
	}
}

func TestAClaimAsksForOneToTwoHundredItemsForUpToAnHour(t *testing.T) {
	w := newWorld(t)
	for _, test := range []struct {
		limit, seconds int
		field, message string
	}{
		{0, 60, "limit", "Das ist zu wenig: mindestens 1."},
		{-1, 60, "limit", "Das ist zu wenig: mindestens 1."},
		{201, 60, "limit", "Das ist zu viel: höchstens 200."},
		{1, 0, "seconds", "Das ist zu wenig: mindestens 1."},
		{1, 3601, "seconds", "Das ist zu viel: höchstens 3.600."},
	} {
		p := w.do("POST", w.api("/queue/claims"), draft{"limit": test.limit, "seconds": test.seconds}, w.as(mia)).refused(422)
		if len(p.Errors) != 1 || p.Errors[0].Field != test.field || p.Errors[0].Message != test.message {
			t.Errorf("%+v: got %+v", test, p.Errors)
		}
	}
	w.do("POST", w.api("/queue/claims"), draft{"limit": 200, "seconds": 3600}, w.as(mia)).want(200)
	w.do("POST", w.api("/queue/claims"), draft{"limit": 1, "seconds": 1}, w.as(reads)).refused(403)
}
