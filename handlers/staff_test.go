package handlers_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"plenum/models"
	"plenum/moderation"
	"plenum/moderation/notify"
)

// outbox keeps what is sent.
type outbox struct{ letters []notify.Letter }

// Send keeps a letter.
func (o *outbox) Send(_ context.Context, l notify.Letter) error {
	o.letters = append(o.letters, l)
	return nil
}

func (o *outbox) sent() notify.Letter { return o.letters[len(o.letters)-1] }

// deliver sends the mails about accounts that wait, as the worker does, each twice.
func (w *world) deliver() *outbox {
	w.Helper()
	set, err := templateSet()
	w.must(err)
	base, err := url.Parse(w.server.URL)
	w.must(err)
	out := &outbox{}
	postman := notify.NewPostman(w.flow.Store, set, out, base, []byte("a secret of the tests"))
	rows, err := w.flow.Store.Pool().Query(w.Context(), `delete from river_job where kind = 'notify_account' returning args`)
	w.must(err)
	notices, err := pgx.CollectRows(rows, pgx.RowTo[notify.AccountNotice])
	w.must(err)
	for _, n := range notices {
		w.must(postman.DeliverAccount(w.Context(), n))
		w.must(postman.DeliverAccount(w.Context(), n))
	}
	return out
}

// link is the path of the link in a letter.
func (w *world) link(l notify.Letter) string {
	w.Helper()
	_, rest, _ := strings.Cut(l.Text, w.server.URL)
	return strings.Fields(rest)[0]
}

const neu = "neu@zeitung.example"

func TestAnInvitedModeratorSetsAPasswordOnce(t *testing.T) {
	w := newWorld(t)
	admin := w.session(ada)
	w.filled("/desk/zeitung/moderators", "email=Neu%40zeitung.example&name=N.+Neu&role=editor", admin).leadsTo("/desk/zeitung/moderators?did=invited")
	w.filled("/desk/zeitung/moderators", "email="+neu+"&role=editor", admin).want(409)
	out := w.deliver()
	if l := out.sent(); l.To != neu || out.letters[0].ID != l.ID || !strings.Contains(l.Subject, "zeitung") {
		t.Fatalf("got %+v", l)
	}
	link := w.link(out.sent())
	_, token, _ := strings.Cut(link, "token=")
	for range 2 { // a look uses nothing up
		w.get(link).want(200).holds(neu)
	}
	w.filled("/desk/password", "token="+token+"&password=short", header("X-None", "")).want(422)
	w.filled("/desk/password", "token="+token+"&password=long+enough", header("X-None", "")).leadsTo("/desk/signin")
	w.filled("/desk/password", "token="+token+"&password=another+one", header("X-None", "")).want(404)
	if _, _, err := w.flow.SignIn(t.Context(), moderation.Credentials{Email: neu, Password: "long enough"}); err != nil {
		t.Error(err)
	}
	var hash []byte
	w.must(w.flow.Store.Pool().QueryRow(t.Context(), `select token_hash from password_links`).Scan(&hash))
	if want := sha256.Sum256([]byte(token)); !bytes.Equal(hash, want[:]) {
		t.Error("the link is kept otherwise than as its hash")
	}
}

func TestAForgottenPasswordIsSetByMailAndTellsNobodyWhoIsKnown(t *testing.T) {
	w := newWorld(t)
	there := w.session(mia)
	known := w.filled("/desk/forgot", "email="+mia, header("X-None", "")).want(200)
	unknown := w.filled("/desk/forgot", "email=nobody@zeitung.example", header("X-None", "")).want(200)
	if !bytes.Equal(known.body, unknown.body) {
		t.Error("an unknown address is answered otherwise")
	}
	out := w.deliver()
	if len(out.letters) != 2 || out.sent().To != mia { // one, twice
		t.Fatalf("got %d letters", len(out.letters))
	}
	link := w.link(out.sent())
	_, token, _ := strings.Cut(link, "token=")
	w.filled("/desk/password", "token="+token+"&password=long+enough", header("X-None", "")).want(303)
	w.get("/desk/zeitung/queue", there).leadsTo("/desk/signin")
	w.filled("/desk/forgot", "email="+mia, header("X-None", "")).want(200)
	late := w.link(w.deliver().sent())
	w.pass(61 * time.Minute)
	w.get(late).want(404)
}

func TestRolesAreGivenAndTakenOnlyBelowOnesOwn(t *testing.T) {
	w := newWorld(t)
	w.join(w.site, "otto@zeitung.example", "admin")
	admin, id := w.session(ada), func(email string) string { return w.actor(email).ID.String() }
	path := func(email string) string { return w.api("/moderators/" + id(email)) }
	w.do("POST", w.api("/moderators"), draft{"email": neu, "role": "admin"}, admin).refused(403)
	w.do("PUT", path(mia), draft{"role": "admin"}, admin).refused(403)
	w.do("PUT", path("otto@zeitung.example"), draft{"role": "editor"}, admin).refused(403)
	w.do("DELETE", path("otto@zeitung.example"), nil, admin).refused(403)
	w.do("PUT", path(mia), draft{"role": "editor"}, w.session(ida)).refused(403)
	w.do("PUT", path(mia), draft{"role": "editor"}, w.as(ada)).refused(403) // a token cannot prove who speaks
	w.do("DELETE", w.api("/moderators/"+uuid.NewString()), nil, admin).refused(404)
	w.do("PUT", path(mia), draft{"role": "editor"}, admin).want(204)
	if got := w.actor(mia).Role; got != "editor" {
		t.Errorf("got the role %s", got)
	}
	w.do("DELETE", path(ada), nil, w.session("otto@zeitung.example")).refused(403)
	w.do("DELETE", path("otto@zeitung.example"), nil, w.session("otto@zeitung.example")).want(204)
	w.do("DELETE", path(ada), nil, admin).refused(422) // the last
	w.do("PUT", path(ada), draft{"role": "editor"}, admin).refused(422)
	w.do("DELETE", path(tom), nil, admin).want(204)
	w.get(w.api("/queue"), w.as(tom)).refused(401)
	staff := read[struct {
		Changes []struct{ Action string }
	}](w.get(w.api("/moderators"), admin).want(200))
	var got []string
	for _, c := range staff.Changes {
		got = append(got, c.Action)
	}
	if want := "remove remove role"; strings.Join(got, " ") != want {
		t.Errorf("got %v in the log, want %s", got, want)
	}
}

func TestAnAPITokenIsShownOnceRunsOutAndIsRevoked(t *testing.T) {
	w := newWorld(t)
	session := w.session(mia)
	made := read[struct{ ID, Token string }](w.do("POST", w.api("/tokens"), draft{"scope": "read", "days": 2, "name": "Statistik"}, session).want(201))
	w.get("/desk/security", session).want(200).lacks(made.Token)
	w.get(w.api("/queue"), token(made.Token)).want(200)
	w.do("POST", w.api("/queue/claims"), draft{"limit": 1, "seconds": 60}, token(made.Token)).refused(403)
	w.do("DELETE", w.api("/tokens/"+made.ID), nil, w.session(tom)).refused(403)
	w.pass(49 * time.Hour)
	w.get(w.api("/queue"), token(made.Token)).refused(401)
	session = w.session(mia)
	page := w.filled("/desk/zeitung/tokens", "name=&scope=write&days=", session).want(200)
	_, rest, _ := strings.Cut(string(page.body), `role="status">`)
	_, rest, _ = strings.Cut(rest, "<code>")
	shown, _, _ := strings.Cut(rest, "</code>")
	w.do("POST", w.api("/queue/claims"), draft{"limit": 1, "seconds": 60}, token(shown)).want(200)
	all, err := w.flow.Store.Tokens(t.Context(), w.site.ID)
	w.must(err)
	newest := all[0]
	if newest.Scope != models.ScopeWrite || newest.ExpiresAt != nil {
		t.Errorf("got %+v", newest)
	}
	w.filled("/desk/zeitung/moderators/tokens/"+newest.ID.String()+"/revoke", "", w.session(ada)).want(303)
	w.get(w.api("/queue"), token(shown)).refused(401)
}

func TestARefusalNamesTheFieldOfAFormWithoutAName(t *testing.T) {
	w := newWorld(t)
	if p := w.do("PUT", w.api("/second-factor"), draft{}, w.session(ada)).refused(422); !p.names("second_factor", "required") {
		t.Errorf("got %+v", p)
	}
}
