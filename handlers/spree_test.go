package handlers_test

import (
	"net/url"
	"testing"
	"time"

	"plenum/moderation"
)

// An editor looks what somebody did, by the API and at the desk alike, and takes it back as one batch.
func TestASpreeIsLookedAtAndTakenBack(t *testing.T) {
	w := newWorld(t)
	from := w.flow.Now().UTC()
	wrong, kept := w.post("zu Unrecht abgelehnt"), w.post("inzwischen <b>von</b> anderen entschieden")
	w.try(mia, wrong, "reject", "topic").want(201)
	w.try(mia, kept, "approve").want(201)
	w.try(ida, kept, "keep").want(201)
	w.pass(5 * time.Hour)
	by := w.actor(mia).ID.String()
	asked := url.Values{"by": {by}, "from": {from.Format(time.RFC3339)}, "to": {w.flow.Now().UTC().Format(time.RFC3339)}}
	var look struct {
		Takes, Leaves []struct {
			ID, Action, Status string
			Since              *string
		}
	}
	w.do("GET", w.api("/sprees/decisions?"+asked.Encode()), nil, w.as(ida)).want(200).into(&look)
	if len(look.Takes) != 1 || look.Takes[0].ID != wrong.ID || look.Takes[0].Since != nil || len(look.Leaves) != 1 || *look.Leaves[0].Since != "keep" {
		t.Fatalf("got %+v, want one to take back and one that is left", look)
	}
	page := w.get("/desk/"+w.site.Slug+"/sprees?"+asked.Encode(), w.session(ida)).want(200)
	page.holds("zu Unrecht abgelehnt", "inzwischen &lt;b&gt;", `method="post"`)
	asked.Set("to", from.Add(-time.Hour).Format("2006-01-02T15:04"))
	w.desk(ida, "/sprees", asked).want(422).holds(`role="alert"`)
	asked.Set("to", w.flow.Now().UTC().Format("2006-01-02T15:04"))
	made := w.desk(ida, "/sprees", asked).want(303)
	if at := made.header.Get("Location"); len(at) == 0 {
		t.Error("got no way to the batch")
	}
	w.do("POST", w.api("/sprees/undo"), map[string]string{"by": "x", "from": "y", "to": "z"}, w.as(ida)).refused(400)
}

// The alarm stands at the desk of those who can do something about it, and in the API.
func TestAnAlarmIsShownToEditors(t *testing.T) {
	w := newWorld(t)
	for range 20 {
		p := w.published("Text")
		w.try(mia, p, "remove", "topic").want(201)
	}
	w.must(w.flow.WatchSprees(t.Context()))
	queue := "/desk/" + w.site.Slug + "/queue"
	w.get(queue, w.session(ida)).want(200).holds("20 öffentliche Kommentare", "/sprees?by="+w.actor(mia).ID.String())
	w.get(queue, w.session(mia)).want(200).lacks("20 öffentliche Kommentare")
	w.do("GET", w.api("/sprees"), nil, w.as(ida)).want(200).holds(`"kind":"taken_down"`, `"count":20`)
}

func TestWhoIsCappedIsToldWhoCanLiftIt(t *testing.T) {
	w := newWorld(t)
	one := 1
	site, err := w.flow.SetSite(t.Context(), w.site, moderation.SiteChange{Numbers: map[string]int{"removals_hour": one}})
	w.must(err)
	w.site = site
	first, second := w.published("Text"), w.published("Text")
	w.flow.Unlimited = false
	w.try(mia, first, "remove", "topic").want(201)
	got := w.try(mia, second, "remove", "topic").refused(429)
	if got.Detail == "" || w.try(mia, second, "remove", "topic").header.Get("Retry-After") == "" {
		t.Errorf("got %+v, want a sentence and when to come back", got)
	}
}
