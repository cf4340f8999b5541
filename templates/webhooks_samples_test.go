package templates

import (
	"strings"
	"testing"
)

func eventChoices() []EventChoice {
	return []EventChoice{{"submit", true}, {"approve", true}, {"remove", false}}
}

func fullWebhook() WebhookItem {
	return WebhookItem{ID: id(92), URL: "https://hooks.stadtanzeiger.example/plenum?key=1", State: "stopped", Events: []string{"submit", "approve"}, By: "A. Weber", Since: morning, FailingSince: morning, BeforeUntil: morning}
}

func webhookSamples() []sample {
	deliveries := []DeliveryItem{{ID: id(93), Event: "approve", State: "told", CommentID: id(1).String(), At: morning, Attempts: 3, Tried: morning, Code: 204, Millis: 1012},
		{ID: id(94), Event: "submit", State: "failed", CommentID: id(1).String(), At: morning, Attempts: 10, Tried: morning}, {ID: id(95), Event: "test", State: "waiting", At: morning}}
	off := WebhookItem{State: "off"}
	return []sample{
		{"desk/webhooks", "full", Webhooks{Site: site, Problem: "Wählen Sie mindestens ein Ereignis.", Notice: "removed", Webhooks: []WebhookItem{fullWebhook(), off}, URL: "https://x.example/", Events: eventChoices()}}, {"desk/webhooks", "bare", Webhooks{}},
		{"desk/webhook", "full", WebhookPage{Site: site, Problem: "Das wartet noch.", Notice: "test", Webhook: fullWebhook(), Secret: "whsec_GEHEIM", URL: fullWebhook().URL, On: true, Events: eventChoices(), Deliveries: deliveries}},
		{"desk/webhook", "bare", WebhookPage{Webhook: off}},
		{"mail/stopped", "full", StoppedMail{site, "A. Weber", "hooks.stadtanzeiger.example", "https://plenum.example/desk/stadtanzeiger/webhooks/1"}}, {"mail/stopped", "bare", StoppedMail{}},
	}
}

func TestAMailAboutAStoppedWebhookNamesTheHostAndNoMoreOfTheAddress(t *testing.T) {
	for locale, want := range map[string]string{"de": "wieder einschaltet", "en": "switches the webhook on again"} {
		subject, text, html, err := newSet(t).StoppedMail(locale, StoppedMail{site, "A. Weber", "hooks.stadtanzeiger.example", "https://plenum.example/desk/stadtanzeiger/webhooks/1"})
		if err != nil {
			t.Fatal(err)
		}
		for _, part := range []string{text, html} {
			flat := strings.Join(strings.Fields(part), " ")
			for _, said := range []string{want, "hooks.stadtanzeiger.example", "/webhooks/1"} {
				if !strings.Contains(flat, said) {
					t.Errorf("%s: got\n%s\nwant %q in it", locale, part, said)
				}
			}
		}
		golden(t, "stopped."+locale+".txt", "Subject: "+subject+"\n\n"+text)
	}
}
