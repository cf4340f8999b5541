package handlers_test

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// localhost is the origin under which passkeys of this world are made: a browser takes none for an address.
func (w *world) localhost() string { return strings.Replace(w.server.URL, "127.0.0.1", "localhost", 1) }

// options asks for what a browser needs.
func (w *world) options(path string, as option) request {
	w.Helper()
	return read[request](w.do("POST", path, nil, as).want(200))
}

const (
	offers = "/api/v1/passkeys/challenges"
	proofs = "/api/v1/proofs/challenges"
	knocks = "/api/v1/signin/challenges"
)

// passkey registers a new one for whoever is signed in, as the page does.
func (w *world) passkey(as option) *authenticator {
	w.Helper()
	a := w.authenticator()
	a.count = 1
	w.add(a, as).either(200, 303)
	return a
}

// either ends the test unless the answer has one of the statuses.
func (a answer) either(statuses ...int) answer {
	a.Helper()
	if !slices.Contains(statuses, a.status) {
		a.Fatalf("%s: got %d %.300s, want one of %v", a.call, a.status, a.body, statuses)
	}
	return a
}

// value asks the database for one text.
func (w *world) value(query string) (text string) {
	w.Helper()
	w.must(w.flow.Store.Pool().QueryRow(w.Context(), query).Scan(&text))
	return text
}

func (w *world) add(a *authenticator, as option) answer {
	w.Helper()
	return w.filled("/desk/security/passkeys", passed(a.make(w.options(offers, as)), "name=Telefon"), as)
}

// passed is a form that a script filled in.
func passed(credential, rest string) string {
	return "credential=" + url.QueryEscape(credential) + "&" + rest
}

// knock asks at the door, and answers the options and the cookie that came with them.
func (w *world) knock() (request, option) {
	w.Helper()
	a := w.do("POST", knocks, nil).want(200)
	return read[request](a), header("Cookie", cookie(a, "__Host-plenum-door"))
}

// cookie is one that an answer sets, as a request sends it.
func cookie(a answer, name string) string {
	r := http.Response{Header: a.header}
	for _, c := range r.Cookies() {
		if c.Name == name {
			return c.Name + "=" + c.Value
		}
	}
	return ""
}

// enter comes in with a passkey alone, as the page does.
func (w *world) enter(a *authenticator) answer {
	w.Helper()
	q, visit := w.knock()
	a.count++
	return w.filled("/desk/signin/passkey", passed(a.show(q), "next=/desk/zeitung/words"), visit)
}
