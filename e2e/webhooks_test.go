package e2e

import (
	"testing"

	"github.com/chromedp/chromedp"
)

// An editor sets a webhook up, sees its secret once and what was sent; both pages fit and say what they are to everybody.
func TestAnEditorSetsAWebhookUp(t *testing.T) {
	desk := newTab(t).signIn(weber)
	desk.open(plenum.base + "/desk/stadtanzeiger/webhooks")
	desk.see("form")
	desk.axe("the webhooks")
	desk.fits(desk, "de")
	desk.width(1280)
	desk.fill("#url", "https://hooks.example/plenum/with/a/path/that/is/longer/than/a/small/phone/is/wide?key=0123456789")
	desk.click("#event-remove")
	desk.click("button.primary")
	desk.see("code.secret")
	desk.click(`form[action$="/tests"] button`)
	desk.sees("tbody", "Probe")
	if again := ask(desk, chromedp.Evaluate[bool](`document.querySelector("code.secret") !== null`)); again {
		t.Error("the secret is shown again")
	}
	desk.axe("a webhook")
	desk.fits(desk, "de")
}
