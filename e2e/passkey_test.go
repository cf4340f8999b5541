package e2e

import (
	"context"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/webauthn"
	"github.com/chromedp/chromedp"
)

// device gives the tab a device that makes and shows passkeys, and verifies who uses it.
func (b *tab) device() {
	b.Helper()
	b.do(chromedp.Func(func(ctx context.Context, target *chromedp.Target) error {
		if _, err := cdp.Call(ctx, target, webauthn.Enable, webauthn.EnableParams{}); err != nil {
			return err
		}
		_, err := cdp.Call(ctx, target, webauthn.AddVirtualAuthenticator, webauthn.AddVirtualAuthenticatorParams{Options: &webauthn.VirtualAuthenticatorOptions{
			Protocol: webauthn.AuthenticatorProtocolCtap2, Transport: webauthn.AuthenticatorTransportInternal, HasResidentKey: true,
			HasUserVerification: true, IsUserVerified: true, AutomaticPresenceSimulation: true}})
		return err
	}))
}

const (
	keeper  = "keeper@example.org" // admin, whom no other test signs in
	passkey = "form[data-passkey] button"
)

// One tab makes a passkey, comes in with it alone, as the second factor and as the proof for secrets; and axe finds nothing on
// the pages on the way.
func TestAPasskeyOpensTheDeskInABrowser(t *testing.T) {
	if _, err := plenum.Command(t.Context(), "a long password\n", "moderator", "create", keeper, "--site", "stadtanzeiger", "--role", "admin"); err != nil {
		t.Fatal(err)
	}
	here := strings.Replace(plenum.base, "127.0.0.1", "localhost", 1)
	b := newTab(t)
	b.device()
	byPassword := func(next string) {
		b.open(here + "/desk/signin?next=" + next)
		b.fill("#email", keeper)
		b.fill("#password", "a long password")
		b.click("form button.primary")
	}
	out := func() {
		b.open(here + "/desk/second")
		b.click(`form[action="/desk/signout"] button`)
		b.see("#email")
	}
	byPassword("/desk/security")
	b.see("#passkey-name")
	b.click(`form[action$="/totp"] button`)
	b.see("#code")
	b.axe("an app that is being set up")
	b.fill("#passkey-name", "Prüfgerät")
	b.click(passkey)
	b.sees("main", "Der Passkey ist angelegt")
	b.see(".codes")
	b.axe("a passkey, and codes for emergencies")
	b.open(here + "/desk/stadtanzeiger/moderators")
	b.see("main table")
	b.axe("the moderators")
	b.open(here + "/desk/stadtanzeiger/settings")
	b.see("#thread_depth")
	b.axe("the settings of the site")

	b.open(here + "/desk/security")
	b.see("#passkey-name")
	b.fill("#passkey-name", "Noch einer")
	b.click(passkey)
	b.sees("[role=alert]", "liegt schon ein Passkey")

	out()
	b.see(passkey)
	b.axe("the door with a passkey")
	b.click(passkey)
	b.see(".list")

	out()
	byPassword("/desk/security")
	b.sees("h1", "Noch ein Nachweis")
	b.see(passkey)
	b.axe("the second factor")
	b.click(passkey)
	b.sees("h1", "Sicherheit")

	b.open(here + "/desk/confirm?next=/desk/preferences")
	b.see(passkey)
	b.axe("a proof once more")
	b.click(passkey)
	b.sees("h1", "Einstellungen")
}
