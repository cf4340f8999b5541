package handlers_test

import (
	"html"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	webhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"

	"plenum/moderation/notify"
	"plenum/moderation/outgoing"
)

func TestAWebhookIsToldWhatHappensAndOfTextsOnlyWhatIsPublic(t *testing.T) {
	w := newWorld(t)
	r := newReceiver(w)
	r.webhook(w.session(ida), everything...)
	p := w.send(newDraft("my secret thought").by("Rosa", "rosa@leser.example"))
	type said struct{ event, status, text string }
	var got []said
	told := func() {
		for _, c := range r.work() {
			if strings.Contains(string(c.body), "@") || strings.Contains(string(c.body), p.Token) {
				t.Errorf("an address or a token is in %s", c.body)
			}
			m := c.message(t)
			s := said{m.Type, m.Data.Comment.Status, ""}
			if m.Data.Comment.Public != nil {
				s.text = m.Data.Comment.Public.Name + ": " + m.Data.Comment.Public.Text
			} else if strings.Contains(string(c.body), "thought") || strings.Contains(string(c.body), "Rosa") {
				t.Errorf("what is not public is in %s", c.body)
			}
			got = append(got, s)
		}
	}
	told()
	w.approve(p)
	told()
	w.edit(p, "my second thought")
	told()
	w.do("POST", w.api("/comments/"+p.ID+"/reports"), draft{"kind": "illegal", "text": "a report's text", "name": "Otto", "email": "otto@leser.example", "good_faith": true}).want(202)
	told()
	w.decide(p, "remove", "topic")
	told()
	w.do("POST", w.api("/comments/"+p.ID+"/appeals"), draft{"text": "an appeal"}, token(p.Token)).want(202)
	told()
	w.withdraw(p)
	told()
	want := []said{{"comment.submit", "pending", ""}, {"comment.approve", "approved", "Rosa: my secret thought"}, {"comment.edit", "approved", "Rosa: my secret thought"},
		{"comment.report", "approved", "Rosa: my secret thought"}, {"comment.remove", "removed", ""}, {"comment.appeal", "removed", ""}, {"comment.withdraw", "withdrawn", ""}}
	if !slices.Equal(got, want) {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
}

// What was public when it happened, and is not any more when it is told, is not told.
func TestWhatWasTakenDownMeanwhileIsNotTold(t *testing.T) {
	w := newWorld(t)
	r := newReceiver(w)
	r.webhook(w.session(ida), "approve")
	p := w.published("my secret thought")
	w.decide(p, "remove", "topic")
	if calls := r.work(); len(calls) != 1 || strings.Contains(string(calls[0].body), "thought") || calls[0].message(t).Data.Comment.Status != "approved" {
		t.Errorf("got %s, want the decision without the text", calls)
	}
}

func TestAMessageIsSignedAndWhileASecretIsChangedByBoth(t *testing.T) {
	w := newWorld(t)
	r, as := newReceiver(w), w.session(ida)
	first := r.webhook(as, "submit")
	check := func(holds map[string]bool) {
		t.Helper()
		w.post("lorem " + w.flow.NewID().String())
		calls := r.work()
		if len(calls) != 1 {
			t.Fatalf("got %d calls, want one", len(calls))
		}
		for secret, want := range holds {
			verifier, err := webhooks.NewWebhook(secret)
			w.must(err)
			if err := verifier.VerifyIgnoringTimestamp(calls[0].body, calls[0].header); (err == nil) != want {
				t.Errorf("got %v, want it to hold: %v", err, want)
			}
			if verifier.VerifyIgnoringTimestamp(append(calls[0].body, ' '), calls[0].header) == nil {
				t.Error("a message that was changed holds")
			}
		}
	}
	check(map[string]bool{first.Secret: true, notify.ShownSecret([]byte("another secret of 32 characters!")): false})
	second := read[shown](w.do("POST", w.api("/webhooks/"+first.Webhook.ID+"/secret"), nil, as).want(200))
	check(map[string]bool{first.Secret: true, second.Secret: true})
	w.pass(24 * time.Hour)
	check(map[string]bool{first.Secret: false, second.Secret: true})
}

type deliveries struct {
	Items []struct {
		ID, Event, State string
		Attempts         int
		Code             *int
		Milliseconds     *int
	}
}

func TestWhatAWebhookDidNotTakeIsToldAgainUnderTheSameID(t *testing.T) {
	w := newWorld(t)
	r, as := newReceiver(w), w.session(ida)
	id := r.webhook(as, "submit").Webhook.ID
	r.code = http.StatusServiceUnavailable
	w.post("lorem")
	first := r.work()
	list := func() deliveries {
		t.Helper()
		return read[deliveries](w.get(w.api("/webhooks/"+id+"/deliveries"), as).want(200))
	}
	if got := list().Items; len(got) != 1 || got[0].State != "waiting" || got[0].Attempts != 1 || *got[0].Code != 503 || got[0].Milliseconds == nil {
		t.Fatalf("got %+v, want one that waits after a 503", got)
	}
	again := w.api("/webhooks/" + id + "/deliveries/" + list().Items[0].ID + "/again")
	w.do("POST", again, nil, as).refused(409)
	w.sql(`update webhook_deliveries set state = 'failed'`)
	r.code = http.StatusOK
	w.do("POST", again, nil, as).want(202)
	second := r.work()
	if name := http.CanonicalHeaderKey(webhooks.HeaderWebhookID); len(second) != 1 || second[0].header.Get(name) != first[0].header.Get(name) || string(second[0].body) != string(first[0].body) {
		t.Errorf("got %+v after %+v, want the same message under the same id", second, first)
	}
	if got := list().Items; got[0].State != "told" || *got[0].Code != 200 {
		t.Errorf("got %+v, want it told", got)
	}
}

func TestAnAddressThatIsNotPublicIsRefusedAndOneThatBecomesSoIsNotCalled(t *testing.T) {
	w := newWorld(t)
	r, as := newReceiver(w), w.session(ida)
	id := r.webhook(as, "submit").Webhook.ID
	w.flow.Outgoing = outgoing.New()
	w.post("lorem")
	if calls := r.work(); len(calls) > 0 {
		t.Errorf("got %d calls of this machine, want none", len(calls))
	}
	if got := read[deliveries](w.get(w.api("/webhooks/"+id+"/deliveries"), as).want(200)).Items[0]; got.State != "waiting" || got.Code != nil || got.Milliseconds != nil {
		t.Errorf("got %+v, want no more said than of a host that does not answer", got)
	}
	for _, address := range []string{r.server.URL, "http://hooks.example/", "https://10.0.0.1/", "https://ann:secret@hooks.example/", "javascript:alert(1)"} {
		d := draft{"url": address, "events": []string{"submit"}}
		if got := w.do("POST", w.api("/webhooks"), d, as).refused(422); !got.names("url", "webhook_url") {
			t.Errorf("%s: got %+v", address, got.Errors)
		}
	}
	if got := w.do("POST", w.api("/webhooks"), draft{"url": "https://hooks.example/", "events": []string{"nonsense"}}, as).refused(422); !got.names("events", "value") {
		t.Errorf("got %+v", got.Errors)
	}
}

var whsec = regexp.MustCompile(`whsec_[A-Za-z0-9+/=]{44}`)

func TestTheDeskShowsASecretOnceAndWhatWasSentLast(t *testing.T) {
	w := newWorld(t)
	r, as := newReceiver(w), w.session(ida)
	form := "url=" + strings.ReplaceAll(r.server.URL, ":", "%3A") + "&events=submit&events=approve"
	page := w.filled("/desk/zeitung/webhooks", form, as).want(200)
	secret := whsec.FindString(html.UnescapeString(string(page.body)))
	if secret == "" {
		t.Fatalf("no secret in %s", page.body)
	}
	list := w.get("/desk/zeitung/webhooks", as).want(200)
	list.holds(r.server.URL, "Kommentar eingegangen, freigegeben")
	list.lacks(secret)
	var id string
	w.must(w.flow.Store.Pool().QueryRow(t.Context(), `select id::text from webhooks`).Scan(&id))
	here := "/desk/zeitung/webhooks/" + id
	w.filled(here+"/tests", "", as).leadsTo(here + "?did=test")
	if calls := r.work(); len(calls) != 1 || calls[0].message(t).Type != "test" {
		t.Errorf("got %+v, want a test", calls)
	}
	p := w.send(newDraft("lorem").by("Rosa", "rosa@leser.example"))
	r.code = http.StatusBadGateway
	r.work()
	sent := w.get(here, as).want(200)
	sent.holds("Probe", "204 nach", "502 nach", "wartet", p.ID)
	sent.lacks(secret, "rosa@leser.example")
	w.filled(here, "url=https%3A%2F%2F10.0.0.1%2F&events=submit&state=off", as).want(422).holds("https://10.0.0.1/", "öffentlichen Rechner")
	w.filled(here, form+"&state=off", as).leadsTo(here + "?did=saved")
	w.post("ipsum")
	if calls := r.work(); len(calls) > 0 {
		t.Errorf("got %d calls of what is switched off", len(calls))
	}
	fresh := whsec.FindString(html.UnescapeString(string(w.filled(here+"/secret", "", as).want(200).body)))
	if fresh == "" || fresh == secret {
		t.Errorf("got the secret %q after %q", fresh, secret)
	}
	w.filled(here+"/remove", "", as).leadsTo("/desk/zeitung/webhooks?did=removed")
	w.get(here, as).want(404)
}

// letters are what editors are told of webhooks that were stopped.
func (r *receiver) letters() []notify.Letter {
	r.Helper()
	box := &letterbox{}
	rows, err := r.flow.Store.Pool().Query(r.Context(), `delete from river_job where kind = 'notify_webhook_stopped' returning args`)
	r.must(err)
	notices, err := pgx.CollectRows(rows, pgx.RowTo[notify.StoppedNotice])
	r.must(err)
	for _, n := range notices {
		r.must(r.postman(box).DeliverStopped(r.Context(), n))
	}
	return box.letters
}

func TestAWebhookThatFailsForDaysIsStoppedAndItsEditorsAreTold(t *testing.T) {
	w := newWorld(t)
	r, as := newReceiver(w), w.session(ida)
	id := r.webhook(as, "submit").Webhook.ID
	state := func() string {
		t.Helper()
		all, err := w.flow.Webhooks(t.Context(), w.site, w.actor(ida))
		w.must(err)
		return all[0].State
	}
	r.code = http.StatusInternalServerError
	w.post("one")
	r.work()
	w.pass(2 * 24 * time.Hour)
	w.post("two")
	if r.work(); state() != "on" || len(r.letters()) > 0 {
		t.Fatal("it was stopped after two days")
	}
	r.code = http.StatusOK // a call that is taken begins the days anew
	w.post("three")
	r.work()
	r.code = http.StatusInternalServerError
	w.post("four")
	r.work()
	w.pass(3*24*time.Hour + time.Minute)
	w.post("five")
	r.work()
	letters := r.letters()
	if state() != "stopped" || len(letters) != 2 || letters[0].ID == letters[1].ID {
		t.Fatalf("got %s and %d letters, want it stopped and editor and admin told", state(), len(letters))
	}
	for _, l := range letters {
		if l.To != ida && l.To != ada || strings.Contains(l.Text+l.HTML, "geheim") || !strings.Contains(l.Text, "/desk/zeitung/webhooks/"+id) {
			t.Errorf("got %+v", l)
		}
	}
	w.post("six")
	if calls := r.work(); len(calls) > 0 {
		t.Errorf("got %d calls of what is stopped", len(calls))
	}
	r.code = http.StatusGone // for good: no use to wait for days
	w.do("PUT", w.api("/webhooks/"+id), draft{"url": r.server.URL, "events": []string{"submit"}, "state": "on"}, w.session(ida)).want(200)
	w.post("seven")
	if r.work(); state() != "stopped" {
		t.Errorf("got %s after a 410, want it stopped", state())
	}
	w.must(w.flow.RemoveMember(t.Context(), w.site, w.actor(ada), w.actor(ida).ID))
	if letters := r.letters(); len(letters) != 1 || letters[0].To != ada {
		t.Errorf("got %+v, want none to whoever has left meanwhile", letters)
	}
}

func TestTheLastTryIsTheTenth(t *testing.T) {
	w := newWorld(t)
	r, as := newReceiver(w), w.session(ida)
	id := r.webhook(as, "submit").Webhook.ID
	r.code = http.StatusInternalServerError
	for _, c := range []struct {
		tried int
		want  string
	}{{8, "waiting"}, {9, "failed"}} {
		w.post("lorem " + c.want)
		w.sql(`update webhook_deliveries set attempts = $1 where state = 'waiting'`, c.tried)
		r.work()
		if got := read[deliveries](w.get(w.api("/webhooks/"+id+"/deliveries"), as).want(200)).Items[0]; got.State != c.want || got.Attempts != c.tried+1 {
			t.Errorf("after try %d: got %+v, want it %s", c.tried+1, got, c.want)
		}
		w.sql(`update webhook_deliveries set state = 'failed'`)
	}
	if notify.PauseAfter(1) != 5*time.Second || notify.PauseAfter(9) != 24*time.Hour || notify.PauseAfter(40) != 24*time.Hour {
		t.Error("the pauses are not those of Standard Webhooks")
	}
}
