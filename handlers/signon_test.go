package handlers_test

import (
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"testing"
	"time"

	"plenum/handlers"
	"plenum/moderation"
	"plenum/moderation/outgoing"
	"plenum/moderation/signon"
	"plenum/moderation/signon/signontest"
)

// vouched is a world whose moderators may come by an identity provider.
type vouched struct {
	*world
	provider *signontest.Provider
}

func newVouched(t *testing.T) *vouched {
	t.Helper()
	w := &vouched{}
	w.world = newWorldWith(t, func(o *handlers.Options) {
		w.provider = signontest.New(t, o.Flow.Now)
		o.Flow.SignOn = signon.New(signon.Settings{Issuer: w.provider.URL, ClientID: signontest.Client, ClientSecret: signontest.Secret,
			Redirect: o.BaseURL.JoinPath("desk", "signon", "callback").String()}, outgoing.New(netip.MustParsePrefix("127.0.0.1/32")).Client())
	})
	return w
}

// as has the provider vouch for an address, and say more about it.
func (w *vouched) as(email string, more map[string]any) {
	w.provider.Claims = map[string]any{"email": email, "email_verified": true}
	for name, value := range more {
		w.provider.Claims[name] = value
	}
}

// begin follows the link, and answers where it leads and what the browser keeps.
func (w *vouched) begin(path string) (to string, kept option) {
	w.Helper()
	a := w.get(path).want(303)
	cookies := (&http.Response{Header: a.header}).Cookies()
	if len(cookies) != 1 || !cookies[0].HttpOnly || !cookies[0].Secure || cookies[0].SameSite != http.SameSiteLaxMode || !strings.HasPrefix(cookies[0].Name, "__Host-") {
		w.Fatalf("got the cookies %v", cookies)
	}
	return a.header.Get("Location"), header("Cookie", cookies[0].Name+"="+cookies[0].Value)
}

// away is what the browser brings back from the provider: the path on this program.
func (w *vouched) away(to string) string {
	w.Helper()
	r, err := (&http.Transport{}).RoundTrip(func() *http.Request {
		q, err := http.NewRequest(http.MethodGet, to, nil)
		w.must(err)
		return q
	}())
	w.must(err)
	defer r.Body.Close()
	back, ok := strings.CutPrefix(r.Header.Get("Location"), w.server.URL)
	if !ok {
		w.Fatalf("got led back to %q", r.Header.Get("Location"))
	}
	return back
}

// signOn goes there and back, and answers what came of it.
func (w *vouched) signOn(path string) answer {
	w.Helper()
	to, kept := w.begin(path)
	return w.get(w.away(to), kept)
}

// seat is the session that an answer opened.
func seatOf(a answer) option {
	for _, c := range (&http.Response{Header: a.header}).Cookies() {
		if c.Name == "__Host-plenum" {
			return header("Cookie", c.Name+"="+c.Value)
		}
	}
	a.Fatalf("%s: got no session", a.call)
	return nil
}

func TestTheDoorOffersAnIdentityProviderWhereOneIsSet(t *testing.T) {
	w := newVouched(t)
	w.get("/desk/signin?next=/desk/zeitung/log").want(200).holds(`href="/desk/signon?next=%2fdesk%2fzeitung%2flog"`)
	w.as(mia, nil)
	in := w.signOn("/desk/signon?next=%2Fdesk%2Fzeitung%2Fqueue%3Fstate%3Dall")
	in.leadsTo("/desk/zeitung/queue?state=all")
	w.get("/desk/zeitung/queue", seatOf(in)).want(200).holds("Name of moderator mia")
	w.signOn("/desk/signon?next=https%3A%2F%2Fevil.example").leadsTo("/desk")
	w.flow.SignOn = nil
	w.get("/desk/signin").want(200).lacks("/desk/signon")
}

// Whoever is not invited stays outside, whatever the provider says: no account is made.
func TestNobodyIsLetInWhoWasNotInvitedOrIsNotSurelyThem(t *testing.T) {
	w := newVouched(t)
	count := func() (n int) {
		w.must(w.flow.Store.Pool().QueryRow(t.Context(), `select (select count(*) from moderators) + (select count(*) from sessions)`).Scan(&n))
		return n
	}
	before := count()
	for _, c := range []struct {
		email string
		more  map[string]any
		says  string
	}{
		{"stranger@zeitung.example", nil, "Unter stranger@zeitung.example ist hier niemand eingeladen"},
		{mia, map[string]any{"email_verified": false}, "nicht geprüft"},
		{mia, map[string]any{"nonce": "another"}, "stimmt nicht"},
		{mia, map[string]any{"aud": "another"}, "stimmt nicht"},
		{mia, map[string]any{"exp": 1}, "stimmt nicht"},
		{"", nil, "ist hier niemand eingeladen"},
		{"\x00", nil, "ist hier niemand eingeladen"},
	} {
		w.as(c.email, c.more)
		w.signOn("/desk/signon").want(403).holds(c.says)
	}
	if got := count(); got != before {
		t.Errorf("got %d accounts and sessions, want the %d of before", got, before)
	}
}

func TestASignOnIsForTheBrowserThatBeganItAndNotForLong(t *testing.T) {
	w := newVouched(t)
	w.as(mia, nil)
	to, kept := w.begin("/desk/signon")
	back := w.away(to)
	wrong := strings.Replace(back, "state=", "state=x", 1)
	w.get(wrong, kept).want(403).holds("nicht in diesem Browser begonnen")
	w.get(back).want(403).holds("nicht in diesem Browser begonnen") // somebody else follows the link
	_, others := w.begin("/desk/signon")
	w.get(back, others).want(403)
	w.get("/desk/signon/callback?error=access_denied&state="+url.QueryEscape(valueOf(to, "state")), kept).want(403).holds("nicht bestätigt")
	w.pass(moderation.SignOnLifetime + time.Second)
	w.get(back, kept).want(403)
	if w.provider.Tokens > 0 {
		t.Errorf("the provider was asked for %d tokens, want none", w.provider.Tokens)
	}
	w.provider.Config.Handler = http.NotFoundHandler()
	to, kept = w.begin("/desk/signon")
	w.get(w.back(to), kept).want(403).holds("stimmt nicht")
}

func valueOf(address, name string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	return u.Query().Get(name)
}

// back is where a provider would lead that answers with a code of its own.
func (w *vouched) back(to string) string {
	return "/desk/signon/callback?code=made-up&state=" + url.QueryEscape(valueOf(to, "state"))
}

func TestAProvidersTwoFactorsCountWhereItSaysSoAndElseOursAreAskedFor(t *testing.T) {
	w := newVouched(t)
	w.must(w.flow.SetSecondFactor(t.Context(), w.site, w.actor(ada), "required"))
	w.as(mia, map[string]any{"amr": []string{"pwd"}})
	w.get("/desk/zeitung/queue", seatOf(w.signOn("/desk/signon"))).leadsTo("/desk/security")
	w.as(mia, map[string]any{"amr": []string{"pwd", "mfa"}})
	w.get("/desk/zeitung/queue", seatOf(w.signOn("/desk/signon"))).want(200)
	w.as(tom, nil)
	w.sql(`insert into totp_secrets (moderator_id, sealed, created_at, confirmed_at) select id, 'x', now(), now() from moderators where email = $1`, tom)
	w.get("/desk/zeitung/queue", seatOf(w.signOn("/desk/signon"))).leadsTo("/desk/second?next=" + url.QueryEscape("/desk/zeitung/queue"))
}

// Secrets and roles are changed right after a proof: how long ago that was only the provider knows.
func TestAProvidersWordIsFreshOnlyWhereItSaysSo(t *testing.T) {
	w := newVouched(t)
	w.as(ada, nil)
	seat := seatOf(w.signOn("/desk/signon"))
	w.get("/desk/zeitung/moderators", seat).leadsTo("/desk/confirm?next=" + url.QueryEscape("/desk/zeitung/moderators"))
	w.get("/desk/confirm?next=/desk/zeitung/moderators", seat).want(200).holds(`href="/desk/signon?again=1&amp;next=%2fdesk%2fzeitung%2fmoderators"`)
	w.as(ada, map[string]any{"auth_time": w.flow.Now().Add(-time.Hour).Unix()})
	w.get("/desk/zeitung/moderators", seatOf(w.signOn("/desk/signon?again=1"))).leadsTo("/desk/confirm?next=" + url.QueryEscape("/desk/zeitung/moderators"))
	if w.provider.Asked.Get("prompt") != "login" {
		t.Errorf("got %v asked, want a fresh proof", w.provider.Asked)
	}
	w.as(ada, map[string]any{"auth_time": w.flow.Now().Add(-time.Minute).Unix()})
	w.get("/desk/zeitung/moderators", seatOf(w.signOn("/desk/signon?again=1"))).want(200)
	w.get("/desk/security", seatOf(w.signOn("/desk/signon?again=1"))).want(200).holds("Konto des Hauses")
	w.as(ada, map[string]any{"auth_time": w.flow.Now().Add(time.Hour).Unix()}) // of a time to come
	w.get("/desk/zeitung/moderators", seatOf(w.signOn("/desk/signon?again=1"))).leadsTo("/desk/confirm?next=" + url.QueryEscape("/desk/zeitung/moderators"))
}
