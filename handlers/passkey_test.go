package handlers_test

import (
	"bytes"
	"encoding/json"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"plenum/handlers"
	"plenum/models"
	"plenum/moderation"
)

func TestAPasskeyAloneOpensTheDesk(t *testing.T) {
	w := newWorld(t)
	here := w.session(mia)
	a := w.authenticator()
	page := w.add(a, here).want(200) // with codes for emergencies
	if codes := recovery.FindAll(page.body, -1); len(codes) != 10 {
		t.Errorf("got %d codes for emergencies", len(codes))
	}
	w.get("/desk/security", here).want(200).holds("Telefon")
	w.get("/desk/zeitung/queue", here).want(200) // whoever made it has just shown it

	in := w.enter(a)
	in.leadsTo("/desk/zeitung/words")
	session := header("Cookie", cookie(in, "__Host-plenum"))
	w.get("/desk/zeitung/queue", session).want(200)
	w.get("/desk/security", session).want(200).holds(`>Passkey</td>`)
	if door := cookie(in, "__Host-plenum-door"); door != "__Host-plenum-door=" {
		t.Errorf("got the cookie %q of the door, want it ended", door)
	}
	w.get("/desk/zeitung/queue", w.session(mia)).leadsTo("/desk/second") // the password alone opens nothing
}

func TestAPasskeyIsBothFactorsWhereASiteDemandsThem(t *testing.T) {
	w := newWorld(t)
	w.sql(`update sites set second_factor = 'required' where id = $1`, w.site.ID)
	session := w.session(mia)
	w.get("/desk/zeitung/queue", session).leadsTo("/desk/security")
	a := w.passkey(session)
	w.get("/desk/zeitung/queue", session).want(200)
	in := w.enter(a)
	w.get("/desk/zeitung/queue", header("Cookie", cookie(in, "__Host-plenum"))).want(200)

	id := w.passkeys(session)[0].ID
	w.filled("/desk/security/passkeys/"+id+"/remove", "", session).want(422)
	w.do("DELETE", "/api/v1/passkeys/"+id, nil, session).refused(422)
	w.equip(session)
	w.filled("/desk/security/passkeys/"+id+"/remove", "", session).want(303)
	w.filled("/desk/security/totp/remove", "", session).want(422)
	w.passkey(session)
	w.filled("/desk/security/totp/remove", "", session).want(303)
}

// key is one as the API lists it.
type listed struct {
	ID, Name, Kept string
	UsedAt         *time.Time `json:"used_at"`
	CopiedAt       *time.Time `json:"copied_at"`
}

func (w *world) passkeys(as option) []listed {
	w.Helper()
	return read[struct{ Items []listed }](w.get("/api/v1/passkeys", as).want(200)).Items
}

func TestAPasskeyIsTheSecondFactorAndTheProofForSecrets(t *testing.T) {
	w := newWorld(t)
	a := w.passkey(w.session(mia))
	owes := w.session(mia)
	w.get("/desk/second", owes).want(200).holds(proofs)
	w.get(w.api("/queue"), owes).refused(403)
	q := w.options(proofs, owes)
	if len(q.PublicKey.Allow) != 1 || q.PublicKey.Allow[0].ID != b64(a.id) || q.PublicKey.Verify != "required" || q.PublicKey.RPID != "localhost" {
		t.Errorf("got %+v", q)
	}
	a.count++
	w.filled("/desk/second", passed(a.show(q), "next=/desk/zeitung/words"), owes).leadsTo("/desk/zeitung/words")
	w.get("/desk/zeitung/queue", owes).want(200)

	w.pass(16 * time.Minute)
	w.get("/desk/security", owes).leadsTo("/desk/confirm")
	w.get("/api/v1/passkeys", owes).refused(403)
	w.get("/desk/confirm", owes).want(200).holds(proofs)
	a.count++
	w.filled("/desk/confirm", passed(a.show(w.options(proofs, owes)), "next=/desk/security"), owes).leadsTo("/desk/security")
	w.get("/desk/security", owes).want(200)

	w.pass(16 * time.Minute)
	a.count++
	w.do("POST", "/api/v1/proofs", draft{"credential": json.RawMessage(a.show(w.options(proofs, owes)))}, owes).want(204)
	w.get("/api/v1/passkeys", owes).want(200)
	w.pass(16 * time.Minute)
	w.do("POST", "/api/v1/proofs", draft{"password": "wrong password"}, owes).refused(422)
	w.do("POST", "/api/v1/proofs", draft{"password": password}, owes).want(204)
	w.get("/api/v1/passkeys", owes).want(200)
	w.do("POST", proofs, nil, w.session(tom)).refused(422) // who has none
}

func TestPasskeysAreMadeNamedAndRemovedThroughTheAPI(t *testing.T) {
	w := newWorld(t)
	here, a := w.session(mia), w.authenticator()
	a.flags |= backupAble
	q := w.options(offers, here)
	if p := q.PublicKey; p.Selection.Verify != "required" || p.Selection.Resident != "required" || p.Attestation != "none" || p.RP.ID != "localhost" || len(p.Exclude) != 0 {
		t.Errorf("got %+v", p)
	}
	handle := read[request](w.do("POST", offers, nil, here)).PublicKey.User.ID // which made the first of no use
	if handle != q.PublicKey.User.ID || strings.Contains(handle, b64([]byte(mia))) || len(handle) < 22 {
		t.Errorf("got the handle %s", handle)
	}
	w.do("POST", "/api/v1/passkeys", draft{"name": "Ring", "credential": json.RawMessage(a.make(q))}, here).refused(403)
	made := read[struct {
		listed
		Codes []string `json:"recovery_codes"`
	}](w.do("POST", "/api/v1/passkeys", draft{"name": "Ring", "credential": json.RawMessage(a.make(w.options(offers, here)))}, here).want(201))
	if made.Name != "Ring" || made.Kept != "synced" || len(made.Codes) != 10 || made.UsedAt != nil {
		t.Errorf("got %+v", made)
	}
	again := w.options(offers, here)
	if len(again.PublicKey.Exclude) != 1 || again.PublicKey.Exclude[0].ID != b64(a.id) {
		t.Errorf("got %+v", again)
	}
	w.do("POST", "/api/v1/passkeys", draft{"name": "Ring", "credential": json.RawMessage(a.make(again))}, here).refused(409)
	bad := []string{"", " ", strings.Repeat("x", 81), "a\nb"}
	for _, name := range bad {
		w.do("PATCH", "/api/v1/passkeys/"+made.ID, draft{"name": name}, here).refused(422)
	}
	w.do("PATCH", "/api/v1/passkeys/"+made.ID, draft{"name": "Stein"}, w.session(tom)).refused(404)
	w.do("DELETE", "/api/v1/passkeys/"+made.ID, nil, w.session(tom)).refused(404)
	if got := read[listed](w.do("PATCH", "/api/v1/passkeys/"+made.ID, draft{"name": "Stein"}, here).want(200)); got.Name != "Stein" {
		t.Errorf("got %+v", got)
	}
	w.filled("/desk/security/passkeys/"+made.ID, "name=Kiesel", here).leadsTo("/desk/security?did=passkey_named")
	if in := w.do("POST", "/api/v1/signin", draft{}).refused(422); !in.names("credential", "late_passkey") {
		t.Errorf("got %+v", in)
	}
	if in := w.do("POST", "/api/v1/passkeys", draft{"name": "x"}, here).refused(422); !in.names("credential", "required") {
		t.Errorf("got %+v", in)
	}
	knocked, visit := w.knock()
	opened := w.do("POST", "/api/v1/signin", draft{"credential": json.RawMessage(a.show(knocked))}, visit).want(201)
	session := header("Cookie", cookie(opened, "__Host-plenum"))
	if own := w.passkeys(session); len(own) != 1 || own[0].Name != "Kiesel" || own[0].UsedAt == nil || own[0].CopiedAt != nil {
		t.Errorf("got %+v", own)
	}
	w.do("DELETE", "/api/v1/passkeys/"+made.ID, nil, session).want(204)
	w.enter(a).want(403)
	w.get("/desk/zeitung/queue", w.session(mia)).want(200) // the password is enough again
	if left := w.value(`select count(*)::text from recovery_codes`); left != "0" {
		t.Errorf("got %s codes for emergencies without anything they stand for", left)
	}
}

func TestThePasswordAloneChangesNoPasskeys(t *testing.T) {
	w := newWorld(t)
	w.passkey(w.session(mia))
	owes := w.session(mia)
	for _, path := range []string{offers, "/api/v1/passkeys"} {
		w.do("POST", path, draft{"name": "x", "credential": draft{}}, owes).refused(403)
	}
	w.get("/api/v1/passkeys", owes).refused(403)
	late := w.session(tom)
	w.pass(16 * time.Minute)
	w.do("POST", offers, nil, late).refused(403)
	w.filled("/desk/security/passkeys", "name=x", late).leadsTo("/desk/confirm")
}

var pageID = regexp.MustCompile(`[0-9a-f]{8}-[0-9a-f-]{27}`)

// Whatever is wrong with an answer, and whoever's it is, is refused alike, and opens nothing.
func TestNoOtherAnswerOpensTheDesk(t *testing.T) {
	w := newWorld(t)
	a := w.passkey(w.session(mia))
	other := w.passkey(w.session(tom))
	said := ""
	for what, change := range map[string]func(*authenticator){
		"another origin":           func(a *authenticator) { a.origin = "https://evil.example" },
		"another port":             func(a *authenticator) { a.origin = "http://localhost:1" },
		"the address of the name":  func(a *authenticator) { a.origin = w.server.URL },
		"another party":            func(a *authenticator) { a.party = "evil.example" },
		"nobody was verified":      func(a *authenticator) { a.flags = userPresent },
		"nobody was there":         func(a *authenticator) { a.flags = userVerified },
		"a challenge of its own":   func(a *authenticator) { a.challenge = b64(make([]byte, 32)) },
		"another key":              func(a *authenticator) { a.key = w.authenticator().key },
		"an unknown passkey":       func(a *authenticator) { a.id = w.authenticator().id },
		"another owner":            func(a *authenticator) { a.handle = other.handle },
		"no owner":                 func(a *authenticator) { a.handle = nil },
		"kept otherwise than made": func(a *authenticator) { a.flags |= backupAble },
	} {
		changed := *a
		change(&changed)
		got := w.enter(&changed)
		if got.status != 403 || cookie(got, "__Host-plenum") != "" {
			t.Errorf("%s: got %d %s", what, got.status, cookie(got, "__Host-plenum"))
		}
		page := string(pageID.ReplaceAll(got.body, nil))
		if said != "" && page != said {
			t.Errorf("%s: is answered otherwise", what)
		}
		said = page
	}
	if strings.Contains(said, mia) {
		t.Error("a passkey tells whose it is")
	}
	w.enter(a).leadsTo("/desk/zeitung/words") // a good one still does
}

func TestAChallengeIsAnsweredOnceInTheBrowserThatGotIt(t *testing.T) {
	w := newWorld(t)
	here := w.session(mia)
	a := w.passkey(here)
	enter := func(credential string, as option) answer {
		return w.filled("/desk/signin/passkey", passed(credential, ""), as)
	}
	q, visit := w.knock()
	a.count++
	shown := a.show(q)
	_, elsewhere := w.knock()
	enter(shown, elsewhere).want(403)            // it holds another challenge
	enter(shown, header("X-None", "")).want(422) // no cookie: no challenge
	enter(shown, visit).want(303)
	a.count++
	enter(a.show(q), visit).want(422) // with a count that was not used

	q, visit = w.knock()
	a.count++
	enter("{}", visit).want(403)
	enter(a.show(q), visit).want(422) // a bad answer used it up

	q, visit = w.knock()
	w.pass(5*time.Minute + time.Second)
	enter(a.show(q), visit).want(422)

	q = w.options(proofs, here) // of another ceremony, in another place
	_, visit = w.knock()
	enter(a.show(q), visit).want(403)
	there := w.session(tom)
	w.filled("/desk/confirm", passed(a.show(q), ""), there).want(422)
	w.filled("/desk/confirm", passed(a.show(q), ""), here).want(303)
	w.filled("/desk/confirm", passed(a.show(q), ""), here).want(422)
	b := w.authenticator()
	offered := w.options(offers, here)
	w.filled("/desk/confirm", passed(a.show(offered), ""), here).want(422) // which is for a new one
	w.filled("/desk/security/passkeys", passed(b.make(offered), "name=x"), there).want(422)
	w.filled("/desk/security/passkeys", passed(b.make(offered), "name=x"), here).want(303)
}

func TestWhatVerifiesNobodyIsNoPasskey(t *testing.T) {
	w := newWorld(t)
	here := w.session(mia)
	for what, change := range map[string]func(*authenticator){
		"nobody was verified": func(a *authenticator) { a.flags = userPresent },
		"another origin":      func(a *authenticator) { a.origin = "https://evil.example" },
		"another party":       func(a *authenticator) { a.party = "evil.example" },
		"a short name":        func(a *authenticator) { a.id = a.id[:8] },
	} {
		a := w.authenticator()
		change(a)
		if got := w.add(a, here); got.status != 403 {
			t.Errorf("%s: got %d", what, got.status)
		}
	}
	if got := w.passkeys(here); len(got) != 0 {
		t.Errorf("got %+v", got)
	}
}

func TestAPasskeyThatCountsBackOpensNothingAndIsSaid(t *testing.T) {
	w, log := logged(t)
	here := w.session(mia)
	a := w.passkey(here)
	a.count = 9
	w.enter(a).want(303) // 10
	clone := *a
	w.enter(a).want(303) // 11
	if got := w.enter(&clone).want(403); cookie(got, "__Host-plenum") != "" {
		t.Error("a copy opened the desk")
	}
	own := w.passkeys(here)[0]
	if lines := log.lines("its count was used before"); own.CopiedAt == nil || len(lines) != 1 || !strings.Contains(lines[0], own.ID) {
		t.Errorf("got %+v and the lines %q", own, lines)
	}
	w.get("/desk/security", here).want(200).holds("Vielleicht gibt es ihn zweimal")
	w.enter(a).want(303)

	still := w.authenticator() // one that does not count: most that are synced
	w.add(still, here).want(303)
	for range 2 {
		q, visit := w.knock()
		w.filled("/desk/signin/passkey", passed(still.show(q), ""), visit).want(303)
	}
}

func TestADoorWithoutANameHasNoPasskeys(t *testing.T) {
	w := newWorld(t)
	party, err := moderation.PartyOf(&url.URL{Scheme: "https", Host: "192.0.2.7"})
	w.must(err)
	w.serve(func(o *handlers.Options) {
		flow := *w.flow
		flow.Party = party
		o.Flow = &flow
	})
	here := w.session(mia)
	w.get("/desk/signin").want(200).lacks(knocks)
	page := w.get("/desk/security", here).want(200)
	page.lacks(offers)
	page.holds("keinen Namen")
	w.do("POST", knocks, nil).refused(422)
	w.do("POST", offers, nil, here).refused(422)
	w.filled("/desk/signin/passkey", "credential={}", header("X-None", "")).want(422)
}

func TestTheDoorIsKnockedAtOnlySoOften(t *testing.T) {
	w := newWorld(t)
	w.flow.Unlimited = false
	for range 20 {
		w.do("POST", knocks, nil).want(200)
	}
	w.do("POST", knocks, nil).want(429)
	w.do("POST", knocks, nil, header("Sec-Fetch-Site", "cross-site")).refused(403)
	w.do("POST", "/api/v1/signin", draft{"credential": draft{}}, header("Sec-Fetch-Site", "cross-site")).refused(403)
	w.pass(6 * time.Minute)
	w.must(w.flow.Store.Sweep(t.Context(), models.Cutoffs{Now: w.flow.Now()}))
	if left := w.value(`select count(*)::text from passkey_challenges`); left != "0" {
		t.Errorf("got %s challenges that nobody can answer any more", left)
	}
}

func TestNothingThatIsKeptOfAPasskeyOpensTheDesk(t *testing.T) {
	w := newWorld(t)
	a := w.passkey(w.session(mia))
	_, visit := w.knock()
	q, err := http.NewRequest("GET", "/", nil)
	w.must(err)
	visit(q)
	c, err := q.Cookie("__Host-plenum-door")
	w.must(err)
	all := w.value(`select concat((select string_agg(p::text, '') from passkeys p), (select string_agg(c::text, '') from passkey_challenges c))`)
	private, err := a.key.Bytes()
	w.must(err)
	if strings.Contains(all, c.Value) || bytes.Contains([]byte(all), private) || strings.Contains(all, "telepathy") {
		t.Error("the database holds more of a passkey than it needs")
	}
	if id := w.value(`select user_handle::text from moderators where email = '` + mia + `'`); uuid.MustParse(id).Version() != 4 {
		t.Errorf("got the handle %s, want a random one", id)
	}
}

func TestWhoeverLostEveryProofIsLetInAgainFromTheCommandLine(t *testing.T) {
	w := newWorld(t)
	here := w.session(mia)
	a := w.passkey(here)
	w.equip(here)
	w.must(w.flow.Unlock(t.Context(), mia))
	w.get("/desk/security", here).leadsTo("/desk/signin")
	w.enter(a).want(403)
	w.get("/desk/zeitung/queue", w.session(mia)).want(200)
	if left := w.value(`select concat((select count(*) from passkeys), (select count(*) from totp_secrets), (select count(*) from recovery_codes))`); left != "000" {
		t.Errorf("got %s left", left)
	}
}

// Two proofs that are taken away at once are not each the last but one.
func TestOfTwoLastProofsTakenAwayAtOnceOneStays(t *testing.T) {
	w := newWorld(t)
	w.sql(`update sites set second_factor = 'required' where id = $1`, w.site.ID)
	here := w.session(mia)
	w.passkey(here)
	w.equip(here)
	tx, err := w.flow.Store.Pool().Begin(t.Context()) // which takes the passkey, as RemovePasskey does
	w.must(err)
	_, err = tx.Exec(t.Context(), `select from moderators where email = $1 for no key update`, mia)
	w.must(err)
	_, err = tx.Exec(t.Context(), `delete from passkeys`)
	w.must(err)
	done := make(chan answer, 1)
	go func() { done <- w.filled("/desk/security/totp/remove", "", here) }()
	w.wait("the other to wait its turn, or not to", func() bool {
		return len(done) == 1 || w.value(`select count(*)::text from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`) != "0"
	})
	w.must(tx.Commit(t.Context()))
	(<-done).want(422)
	w.get("/desk/zeitung/queue", here).want(200)
}
