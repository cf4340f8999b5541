package moderation_test

import (
	"testing"
	"time"

	"plenum/models"
	"plenum/moderation"
)

// hook has an address told of everything on the site.
func (w *world) hook() models.Webhook {
	w.Helper()
	hook, _, err := w.flow.AddWebhook(w.Context(), w.site, w.editor, moderation.WebhookChange{URL: "https://hooks.example/", Events: moderation.Events, State: models.WebhookOn})
	w.must(err)
	return hook
}

// told counts deliveries, and the jobs that tell them.
func (w *world) told() (deliveries, jobs int) {
	w.Helper()
	w.must(w.flow.Store.Pool().QueryRow(w.Context(), `select (select count(*) from webhook_deliveries), (select count(*) from river_job where kind = 'notify_webhook')`).Scan(&deliveries, &jobs))
	return deliveries, jobs
}

// A delivery and its job are committed with what they tell: where the commit fails, none of it is there.
func TestWhatWasNotCommittedIsToldToNobody(t *testing.T) {
	w := newWorld(t)
	w.hook()
	id := w.submit(w.submission()).ID
	if deliveries, jobs := w.told(); deliveries != 1 || jobs != 1 {
		t.Fatalf("got %d deliveries and %d jobs of one comment", deliveries, jobs)
	}
	_, err := w.flow.Store.Pool().Exec(t.Context(), `create function fail() returns trigger language plpgsql as $$ begin raise exception 'no commit'; end $$;
		create constraint trigger fail after insert on ledger deferrable initially deferred for each row execute function fail();
		create constraint trigger fail after insert on comments deferrable initially deferred for each row execute function fail()`)
	w.must(err)
	if w.decide(w.moderator, id, moderation.Approve) == nil {
		t.Fatal("the decision was committed: something is wrong with this test")
	}
	if _, err := w.flow.Submit(t.Context(), w.site, w.submission()); err == nil {
		t.Fatal("the comment was committed: something is wrong with this test")
	}
	if deliveries, jobs := w.told(); deliveries != 1 || jobs != 1 {
		t.Errorf("got %d deliveries and %d jobs, want those of the comment alone", deliveries, jobs)
	}
}

// At each step of a decision at which the time is asked one more webhook is deleted: it holds nothing up.
func TestAWebhookThatIsDeletedMeanwhileIsToldNothing(t *testing.T) {
	w, flows := twoReplicas(t)
	id, hooks := w.submit(w.submission()).ID, []models.Webhook{w.hook(), w.hook(), w.hook(), w.hook()}
	flows[0].Now = func() time.Time {
		if len(hooks) > 1 {
			w.must(flows[1].RemoveWebhook(t.Context(), w.site, w.editor, hooks[0].ID))
			hooks = hooks[1:]
		}
		return time.Now()
	}
	w.must(w.decide(w.moderator, id, moderation.Approve))
	if len(hooks) > 1 {
		t.Fatalf("%d were not deleted meanwhile: something is wrong with this test", len(hooks)-1)
	}
	if deliveries, _ := w.told(); deliveries != 1 {
		t.Errorf("got %d deliveries, want that of the webhook that is left", deliveries)
	}
}

func TestOnlyWhatAWebhookAskedForIsNoted(t *testing.T) {
	w := newWorld(t)
	hook := w.hook()
	_, err := w.flow.SetWebhook(t.Context(), w.site, w.editor, hook.ID, moderation.WebhookChange{URL: hook.URL, Events: []string{moderation.Reject}, State: models.WebhookOn})
	w.must(err)
	id := w.public()
	w.must(w.decide(w.moderator, w.submit(w.submission()).ID, moderation.Reject, "respect"))
	if deliveries, _ := w.told(); deliveries != 1 {
		t.Errorf("got %d deliveries, want the rejection alone", deliveries)
	}
	w.site = w.newSite("other")
	w.must(w.decide(w.moderator, w.submit(w.submission()).ID, moderation.Reject, "respect"))
	if deliveries, _ := w.told(); deliveries != 1 {
		t.Errorf("got %d deliveries, want none of another site's comment, nor of %s", deliveries, id)
	}
}

func TestWebhooksAreForEditors(t *testing.T) {
	w := newWorld(t)
	hook := w.hook()
	change := moderation.WebhookChange{URL: hook.URL, Events: hook.Events, State: models.WebhookOn}
	_, list := w.flow.Webhooks(t.Context(), w.site, w.moderator)
	_, _, one := w.flow.Webhook(t.Context(), w.site, w.moderator, hook.ID)
	_, _, add := w.flow.AddWebhook(t.Context(), w.site, w.moderator, change)
	_, set := w.flow.SetWebhook(t.Context(), w.site, w.moderator, hook.ID, change)
	_, _, rotate := w.flow.RotateSecret(t.Context(), w.site, w.moderator, hook.ID)
	_, test := w.flow.TestWebhook(t.Context(), w.site, w.moderator, hook.ID)
	_, again := w.flow.TellAgain(t.Context(), w.site, w.moderator, hook.ID, hook.ID)
	for what, err := range map[string]error{"list": list, "one": one, "add": add, "set": set, "rotate": rotate, "test": test, "again": again,
		"remove": w.flow.RemoveWebhook(t.Context(), w.site, w.moderator, hook.ID)} {
		if w.refusal(err) != "refusal.role" {
			t.Errorf("%s: got %v, want it refused", what, err)
		}
	}
	for range 9 {
		w.hook()
	}
	if _, _, err := w.flow.AddWebhook(t.Context(), w.site, w.editor, change); w.refusal(err) != "refusal.webhooks_many" {
		t.Errorf("the eleventh: got %v, want it refused", err)
	}
}

func TestWhatWasSentIsForgottenAfterAMonth(t *testing.T) {
	w := newWorld(t)
	w.hook()
	id := w.submit(w.submission()).ID
	w.expired(id, 29*day)
	if deliveries, _ := w.told(); deliveries != 1 {
		t.Error("a delivery was forgotten before its time")
	}
	w.expired(id, 30*day+time.Minute)
	if deliveries, _ := w.told(); deliveries != 0 {
		t.Error("a delivery is kept for longer than a month")
	}
}
