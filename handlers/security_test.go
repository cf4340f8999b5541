package handlers_test

import (
	"net/url"
	"testing"
	"time"
)

// What a moderator minds on the page of their ways in, a program can too.
func TestTheWaysInAreMindedThroughTheAPI(t *testing.T) {
	w := newWorld(t)
	here, there := w.session(mia), w.session(mia)
	type fresh struct {
		Codes []string `json:"recovery_codes"`
	}
	w.do("POST", "/api/v1/recovery-codes", nil, here).refused(422) // for nothing
	offered := read[struct{ Secret, URL string }](w.do("POST", "/api/v1/totp", nil, here).want(201))
	w.do("POST", "/api/v1/totp/confirmations", draft{"code": "000000"}, here).refused(422)
	made := read[fresh](w.do("POST", "/api/v1/totp/confirmations", draft{"code": w.code(offered.Secret)}, here).want(200))
	if len(made.Codes) != 10 {
		t.Errorf("got %d codes for emergencies", len(made.Codes))
	}
	w.do("POST", "/api/v1/totp", nil, here).refused(409)
	w.do("POST", "/api/v1/totp", nil, there).refused(403) // the password alone is not enough any more
	again := read[fresh](w.do("POST", "/api/v1/recovery-codes", nil, here).want(201))
	w.do("POST", "/api/v1/proofs", draft{"code": made.Codes[0]}, there).refused(422)
	w.do("POST", "/api/v1/proofs", draft{"code": again.Codes[0]}, there).want(204)

	type place struct {
		ID, Factor string
		Here       bool
	}
	places := read[struct{ Items []place }](w.get("/api/v1/sessions", here).want(200)).Items
	for _, p := range places {
		if p.Here != (p.Factor == "totp") {
			t.Errorf("got %+v", p)
		}
		if !p.Here {
			w.do("DELETE", "/api/v1/sessions/"+p.ID, nil, w.session(tom)).want(204) // which is not his to end
			w.get("/api/v1/sessions", there).want(200)
			w.do("DELETE", "/api/v1/sessions/"+p.ID, nil, here).want(204)
		}
	}
	w.get("/api/v1/sessions", there).refused(401)
	third := w.session(mia)
	w.do("DELETE", "/api/v1/sessions", nil, here).want(204)
	w.get("/desk/second", third).leadsTo("/desk/signin")

	w.do("PUT", "/api/v1/password", draft{"old": "wrong password", "new": "another one"}, here).refused(422)
	w.do("PUT", "/api/v1/password", draft{"old": password, "new": "another one"}, here).want(204)
	w.do("POST", "/api/v1/proofs", draft{"password": "another one"}, here).want(204)
	w.do("DELETE", "/api/v1/totp", nil, here).want(204)
	w.pass(16 * time.Minute)
	for _, path := range []string{"/api/v1/totp", "/api/v1/recovery-codes"} {
		w.do("POST", path, nil, here).refused(403) // without a proof
	}
	w.get("/api/v1/sessions", w.as(mia)).refused(401) // a token proves nothing
}

func TestAWrongPasswordOpensNothingAndKeepsTheAddress(t *testing.T) {
	w := newWorld(t)
	for _, email := range []string{mia, "nobody@zeitung.example"} {
		a := w.do("POST", "/desk/signin", url.Values{"email": {email}, "password": {"a wrong one"}}.Encode(),
			header("Content-Type", "application/x-www-form-urlencoded")).want(401)
		a.holds(email)
		a.lacks("a wrong one")
		if got := a.header.Get("Set-Cookie"); got != "" {
			t.Errorf("%s: got the cookie %q", email, got)
		}
	}
}
