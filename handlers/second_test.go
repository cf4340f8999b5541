package handlers_test

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/pquerna/otp/totp"

	"plenum/moderation"
)

// filled sends a form of the desk.
func (w *world) filled(path, form string, as option) answer {
	w.Helper()
	return w.do("POST", path, form, as, header("Content-Type", "application/x-www-form-urlencoded"))
}

var (
	offered  = regexp.MustCompile(`<code>([A-Z2-7]{32})</code>`)
	recovery = regexp.MustCompile(`<li><code>([A-Z2-7]{26})</code></li>`)
)

// equip sets up an app for whoever is signed in, and answers its secret and the codes for emergencies.
func (w *world) equip(as option) (secret string, codes []string) {
	w.Helper()
	w.filled("/desk/security/totp", "", as).want(303)
	page := w.get("/desk/security", as).want(200)
	secret = offered.FindStringSubmatch(string(page.body))[1]
	if got := w.get("/desk/security/totp.png", as).want(200).header.Get("Content-Type"); got != "image/png" {
		w.Errorf("got %s for the picture", got)
	}
	done := w.filled("/desk/security/totp/confirm", "code="+w.code(secret), as).either(200, 303)
	for _, found := range recovery.FindAllStringSubmatch(string(done.body), -1) {
		codes = append(codes, found[1])
	}
	return secret, codes
}

// code is what the app shows now.
func (w *world) code(secret string) string {
	w.Helper()
	code, err := totp.GenerateCode(secret, w.flow.Now())
	w.must(err)
	return code
}

func (a answer) leadsTo(path string) {
	a.Helper()
	if got := a.want(303).header.Get("Location"); !strings.HasPrefix(got, path) {
		a.Fatalf("%s: got sent to %s, want %s", a.call, got, path)
	}
}

func TestWhoHasASecondFactorOwesItAtEachSignIn(t *testing.T) {
	w := newWorld(t)
	first := w.session(mia)
	secret, codes := w.equip(first)
	if len(codes) != 10 {
		t.Fatalf("got %d codes for emergencies", len(codes))
	}
	w.get("/desk/zeitung/queue", first).want(200) // whoever set it up has just given it
	w.pass(time.Minute)

	second := w.session(mia)
	w.get("/desk/zeitung/queue", second).leadsTo("/desk/second?next=%2Fdesk%2Fzeitung%2Fqueue")
	w.get("/desk/security", second).leadsTo("/desk/second")
	w.get(w.api("/queue"), second).refused(403)
	w.filled("/desk/zeitung/claims", "", second).leadsTo("/desk/second")
	w.filled("/desk/second", "code=000000", second).want(422).lacks(secret)
	code := w.code(secret)
	w.filled("/desk/second", "code="+code+"&next="+url.QueryEscape("/desk/zeitung/words"), second).leadsTo("/desk/zeitung/words")
	w.get("/desk/zeitung/queue", second).want(200)
	w.get(w.api("/queue"), second).want(200)

	third := w.session(mia)
	w.filled("/desk/second", "code="+code, third).want(422) // it was used
	w.filled("/desk/second", "code="+codes[0][:13]+"+"+strings.ToLower(codes[0][13:]), third).want(303)
	w.get("/desk/zeitung/queue", third).want(200)
	fourth := w.session(mia)
	w.filled("/desk/second", "code="+codes[0], fourth).want(422)
	w.get("/desk/zeitung/queue", w.as(mia)).want(303) // a token opens no page
	w.get(w.api("/queue"), w.as(mia)).want(200)       // and owes no code
}

func TestWrongCodesCostALongerWaitEach(t *testing.T) {
	w := newWorld(t)
	secret, codes := w.equip(w.session(mia))
	w.pass(time.Minute)
	owes := w.session(mia)
	for range 4 {
		w.filled("/desk/second", "code=000000", owes).want(422)
	}
	late := w.filled("/desk/second", "code="+w.code(secret), owes).want(http.StatusTooManyRequests)
	if late.header.Get("Retry-After") == "" {
		t.Error("got no Retry-After")
	}
	w.filled("/desk/second", "code="+w.code(secret), w.session(mia)).want(429) // signing in anew begins nothing anew
	w.filled("/desk/second", "code="+codes[3], w.session(mia)).want(303)       // which cannot be guessed
	w.pass(time.Minute)
	w.filled("/desk/second", "code="+w.code(secret), owes).want(303)
}

func TestASiteThatDemandsASecondFactorOpensNothingElse(t *testing.T) {
	w := newWorld(t)
	w.sql(`update sites set second_factor = 'required' where id = $1`, w.site.ID)
	session := w.session(mia)
	for _, path := range []string{"/desk", "/desk/zeitung/queue", "/desk/preferences", "/desk/queue"} {
		w.get(path, session).leadsTo("/desk/security")
	}
	w.get(w.api("/queue"), session).refused(403)
	w.filled("/desk/zeitung/claims", "", session).leadsTo("/desk/security")
	w.get("/desk/security", session).want(200).lacks(`href="/desk"`)
	w.equip(session)
	w.get("/desk/zeitung/queue", session).want(200)
	w.filled("/desk/security/totp/remove", "", session).want(422)
	w.get("/desk/zeitung/queue", session).want(200)
	w.get("/desk/blatt/queue", w.session(bea)).want(200) // another site demands nothing
}

func TestSecretsAreChangedOnlyRightAfterAProof(t *testing.T) {
	w := newWorld(t)
	session := w.session(mia)
	w.pass(16 * time.Minute)
	w.get("/desk/zeitung/queue", session).want(200)
	w.get("/desk/security", session).leadsTo("/desk/confirm?next=%2Fdesk%2Fsecurity")
	w.filled("/desk/security/totp", "", session).leadsTo("/desk/confirm")
	w.filled("/desk/confirm", "password=wrong+password", session).want(422)
	w.get("/desk/security", session).leadsTo("/desk/confirm")
	w.filled("/desk/confirm", "password=open+sesame&next=/desk/security", session).leadsTo("/desk/security")
	w.get("/desk/security", session).want(200)
	w.get("/desk/security", w.as(mia)).leadsTo("/desk/signin")
}

func TestSessionsAreListedAndEndedHereAndByThemselves(t *testing.T) {
	w := newWorld(t)
	here, there, lost := w.session(mia), w.session(mia), w.session(mia)
	page := w.get("/desk/security", here).want(200)
	ends := regexp.MustCompile(`/desk/security/sessions/([0-9a-f-]{36})/end`).FindAllStringSubmatch(string(page.body), -1)
	if len(ends) != 2 {
		t.Fatalf("got %d sessions that can be ended, want the two elsewhere", len(ends))
	}
	w.filled(ends[0][0], "", w.session(tom)).want(303) // which is not his to end
	w.get("/desk/zeitung/queue", lost).want(200)
	w.filled("/desk/security/sessions/end", "", here).want(303)
	w.get("/desk/zeitung/queue", there).leadsTo("/desk/signin")
	w.get("/desk/zeitung/queue", lost).leadsTo("/desk/signin")
	w.get("/desk/zeitung/queue", here).want(200)

	w.pass(moderation.SessionIdle - time.Hour)
	w.get("/desk/zeitung/queue", here).want(200) // a look keeps nothing open
	w.filled("/desk/locale", "locale=de&return_to=/desk", here).want(303)
	w.pass(moderation.SessionIdle - time.Hour)
	w.get("/desk/zeitung/queue", here).want(200)
	w.pass(2 * time.Hour)
	w.get("/desk/zeitung/queue", here).leadsTo("/desk/signin")
}

func TestASessionEndsAfterAWeekHoweverMuchIsDoneInIt(t *testing.T) {
	w := newWorld(t)
	here := w.session(mia)
	for left := moderation.SessionLifetime - time.Hour; left > 0; left -= moderation.SessionIdle / 2 {
		w.pass(min(left, moderation.SessionIdle/2))
		w.filled("/desk/locale", "locale=de&return_to=/desk", here).want(303)
	}
	w.get("/desk/zeitung/queue", here).want(200)
	w.pass(2 * time.Hour)
	w.get("/desk/zeitung/queue", here).leadsTo("/desk/signin")
}

func TestASessionIsKnownByItsBrowser(t *testing.T) {
	w := newWorld(t)
	for agent, want := range map[string]string{
		"Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:145.0) Gecko/20100101 Firefox/145.0":                                                        "Firefox, Windows",
		"Mozilla/5.0 (iPhone; CPU iPhone OS 18_7 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.1 Mobile/15E148 Safari/604.1": "Safari, iOS",
		"<b>Postbote</b>": "&lt;b&gt;Postbote&lt;/b&gt;",
		"":                "–",
	} {
		token, _, err := w.flow.SignIn(t.Context(), moderation.Credentials{Email: mia, Password: password, Device: agent})
		w.must(err)
		w.get("/desk/security", header("Cookie", "__Host-plenum="+token)).want(200).holds(">" + want + "</td>")
	}
}

func TestAPasswordIsChangedByWhoeverKnowsIt(t *testing.T) {
	w := newWorld(t)
	here, there := w.session(mia), w.session(mia)
	w.filled("/desk/security/password", "old=wrong+password&fresh=another+one", here).want(422)
	w.filled("/desk/security/password", "old=open+sesame&fresh=short", here).want(422)
	w.get("/desk/zeitung/queue", there).want(200)
	w.filled("/desk/security/password", "old=open+sesame&fresh=another+one", here).want(303)
	w.get("/desk/zeitung/queue", there).leadsTo("/desk/signin")
	w.get("/desk/zeitung/queue", here).want(200)
	if _, _, err := w.flow.SignIn(t.Context(), moderation.Credentials{Email: mia, Password: "another one"}); err != nil {
		t.Error(err)
	}
}

func TestNothingInTheDatabaseOpensTheDesk(t *testing.T) {
	w := newWorld(t)
	secret, codes := w.equip(w.session(mia))
	var all string
	w.must(w.flow.Store.Pool().QueryRow(t.Context(), `select concat((select string_agg(s::text, '') from sessions s), (select string_agg(t::text, '') from totp_secrets t),
		(select string_agg(encode(sealed, 'escape'), '') from totp_secrets), (select string_agg(r::text, '') from recovery_codes r))`).Scan(&all))
	for _, text := range append(codes, secret) {
		if strings.Contains(all, text) {
			t.Errorf("the database holds %q", text)
		}
	}
}
