package handlers_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
)

func TestEveryAnswerHasTheHeadersOfTheWall(t *testing.T) {
	w := newWorld(t)
	w.published("Text")
	for _, call := range []string{
		"GET /healthz", "GET /zeitung/", "GET /zeitung/thread?article=" + article, "GET /zeitung/thread", "GET /zeitung/feed.atom", "GET /nowhere/",
		"GET /desk", "GET /desk/signin", "GET /embed.js", "GET /static/none.css", "GET /", "GET //", "GET /zeitung/%2e%2e/", "GET /favicon.ico",
		"GET /api/openapi.json", "GET " + w.api("/thread?article="+article), "GET " + w.api("/queue"), "GET " + w.api("/none"), "GET /api/v1/sites/nowhere/thread", "GET /api/thread", "GET /api/",
		"DELETE " + w.api("/thread"), "POST /zeitung/feed.rss", "POST " + w.api("/comments"), "OPTIONS " + w.api("/comments"), "HEAD /zeitung/", "PUT /",
		"GET /api/v1/sites/%00/thread?article=x", "GET /%00/", "GET /%ff/thread?article=x", "GET /%f0%9f%98%80/", "BREW /zeitung/",
	} {
		method, path, _ := strings.Cut(call, " ")
		a := w.do(method, path, nil)
		if a.status >= 500 {
			t.Errorf("%s: got %d", call, a.status)
		}
		policy := a.header.Get("Content-Security-Policy")
		if a.header.Get("X-Content-Type-Options") != "nosniff" || a.header.Get("Referrer-Policy") != "same-origin" || a.header.Get("Cross-Origin-Opener-Policy") != "same-origin" ||
			!strings.Contains(a.header.Get("Permissions-Policy"), "camera=()") || !strings.HasPrefix(policy, "default-src 'none'") {
			t.Errorf("%s: got %v", call, a.header)
		}
		if a.status >= 400 && strings.HasPrefix(path, "/api/") && method != "OPTIONS" {
			a.refused(a.status)
		}
		if html := strings.HasPrefix(a.header.Get("Content-Type"), "text/html"); html && !strings.Contains(policy, "frame-ancestors") {
			t.Errorf("%s: got a page without frame-ancestors: %s", call, policy)
		}
	}
}

func TestWhoeverIsNotSignedInIsSentToTheDoorByHEADToo(t *testing.T) {
	w := newWorld(t)
	for _, method := range []string{"GET", "HEAD"} {
		h := w.do(method, "/desk/zeitung/queue?lane=edited", nil).want(303).header
		if h.Get("Location") != "/desk/signin?next=%2Fdesk%2Fzeitung%2Fqueue%3Flane%3Dedited" || h.Get("Cache-Control") != "no-store" {
			t.Errorf("%s: got %v", method, h)
		}
	}
}

func TestAnArticleKeyIsRefusedForWhatIsWrongWithIt(t *testing.T) {
	w := newWorld(t)
	for key, want := range map[string]string{"": "required", strings.Repeat("k", 513): "max", "a%00b": "control"} {
		if p := w.get(w.api("/thread?article=" + key)).refused(400); !p.names("article", want) {
			t.Errorf("%.10q: got %+v, want %s", key, p.Errors, want)
		}
	}
}

func TestPagesSayWhoMayFrameThem(t *testing.T) {
	w := newWorld(t)
	for path, want := range map[string]string{
		"/zeitung/thread?article=x": "'self' https://zeitung.example https://www.zeitung.example:8443", "/blatt/": "'self' https://blatt.example",
		"/desk/signin": "'none'; require-trusted-types-for 'script'; trusted-types 'none'", "/nowhere/": "'none'",
	} {
		_, got, _ := strings.Cut(w.get(path).header.Get("Content-Security-Policy"), "frame-ancestors ")
		if got != want {
			t.Errorf("%s: got frame-ancestors %s, want %s", path, got, want)
		}
	}
}

func TestOnlyOurOwnHostIsAnswered(t *testing.T) {
	w := newWorld(t)
	base, err := url.Parse(w.server.URL)
	w.must(err)
	port := base.Port()
	for name, want := range map[string]int{
		base.Host: 200, "localhost:" + port: 200, "LOCALHOST:" + port: 200, "[::1]:" + port: 200, "127.0.0.2:" + port: 200,
		"evil.example": 421, "evil.example:" + port: 421, "localhost:1": 421, "127.0.0.1": 421, "127.0.0.1.evil.example:" + port: 421,
	} {
		for _, path := range []string{"/zeitung/", "/api/openapi.json"} {
			if got := w.get(path, host(name)).status; got != want {
				t.Errorf("%s%s: got %d, want %d", name, path, got, want)
			}
		}
		w.get("/healthz", host(name)).want(200)
		w.get("/readyz", host(name)).want(200)
	}
	w.get("/api/openapi.json", host("evil.example")).refused(421)
}

func TestAPathHasOneSpelling(t *testing.T) {
	w := newWorld(t)
	for _, path := range []string{
		"//api/openapi.json", "/api//openapi.json", "/api/openapi.json/", "/api/./openapi.json", "/api/../api/openapi.json", "/%61pi/openapi.json",
		"/api/openapi%2ejson", "/api/openapi.json%00", "/API/openapi.json", "/api/v1/sites/zeitung/rules/", "/api/v1/sites/Zeitung/rules", "/api/v1/sites/%7aeitung/rules",
		"/zeitung/thread/", "/zeitung", "//zeitung/", "/zeitung//thread", "/zeitung/%2e/thread", "/zeitung/..", "/desk/", "/desk//signin", "/healthz/", "/embed.js/", "/static/",
	} {
		a := w.get(path + "?article=x").want(404)
		if got := a.header.Get("Location"); got != "" {
			t.Errorf("%s: got sent to %s", path, got)
		}
	}
}

func TestAMethodThatIsNotThereIsNamedAsSuch(t *testing.T) {
	w := newWorld(t)
	for call, allow := range map[string]string{"DELETE " + w.api("/thread"): "GET", "GET " + w.api("/decisions"): "POST", "POST /zeitung/rules": "GET"} {
		method, path, _ := strings.Cut(call, " ")
		if a := w.do(method, path, nil).want(405); !strings.Contains(a.header.Get("Allow"), allow) {
			t.Errorf("%s: got Allow %q, want %s", call, a.header.Get("Allow"), allow)
		}
	}
}

func TestAnyPageReadsAndTheSitesOwnWrite(t *testing.T) {
	w := newWorld(t)
	p := w.published("Text")
	const evil, null = "https://evil.example", "null"
	for _, path := range []string{"/thread?article=x", "/counts?article=x", "/rules", "/rules/1", "/comments/" + p.ID, "/thread"} {
		for _, from := range []string{w.origin, evil, null} {
			h := w.get(w.api(path), header("Origin", from), token(p.Token)).header
			if h.Get("Access-Control-Allow-Origin") != "*" || h.Get("Access-Control-Allow-Credentials") != "" {
				t.Errorf("GET %s from %s: got %v", path, from, h)
			}
		}
	}
	for from, want := range map[string]string{w.origin: w.origin, "https://www.zeitung.example:8443": "https://www.zeitung.example:8443",
		evil: "", null: "", "https://blatt.example": "", "http://zeitung.example": "", w.origin + ".evil.example": ""} {
		h := w.do("OPTIONS", w.api("/comments"), nil, header("Origin", from), header("Access-Control-Request-Method", "POST"),
			header("Access-Control-Request-Headers", "content-type,idempotency-key")).header
		if got := h.Get("Access-Control-Allow-Origin"); got != want || h.Get("Access-Control-Allow-Credentials") != "" ||
			want != "" && !strings.Contains(strings.ToLower(h.Get("Access-Control-Allow-Headers")), "idempotency-key") {
			t.Errorf("preflight from %s: got %v, want %q", from, h, want)
		}
		a := w.do("POST", w.api("/comments"), newDraft("von "+from), header("Origin", from))
		if got := a.header.Get("Access-Control-Allow-Origin"); got != want {
			t.Errorf("POST from %s: got Allow-Origin %q, want %q", from, got, want)
		}
		if want == "" {
			a.refused(403)
		} else if a.want(202); !strings.Contains(strings.Join(a.header.Values("Vary"), ","), "Origin") {
			t.Errorf("POST from %s: got Vary %q", from, a.header.Values("Vary"))
		}
	}
	for _, from := range []string{w.origin, evil, null} { // a read with a header of its own is asked for first, too
		h := w.do("OPTIONS", w.api("/comments/"+p.ID), nil, header("Origin", from), header("Access-Control-Request-Method", "GET"),
			header("Access-Control-Request-Headers", "authorization")).want(204).header
		if h.Get("Access-Control-Allow-Origin") != "*" || h.Get("Access-Control-Allow-Credentials") != "" ||
			!strings.Contains(h.Get("Access-Control-Allow-Headers"), "Authorization") || strings.Contains(h.Get("Access-Control-Allow-Methods"), "DELETE") {
			t.Errorf("preflight of a read from %s: got %v", from, h)
		}
	}
	contract := "/api/openapi.json" // which is of no site
	if h := w.get(contract, header("Origin", evil)).want(200).header; h.Get("Access-Control-Allow-Origin") != "*" || h.Get("Access-Control-Allow-Credentials") != "" {
		t.Errorf("GET %s: got %v", contract, h)
	}
	if h := w.do("OPTIONS", contract, nil, header("Origin", evil), header("Access-Control-Request-Method", "GET"),
		header("Access-Control-Request-Headers", "if-none-match")).want(204).header; h.Get("Access-Control-Allow-Origin") != "*" {
		t.Errorf("preflight of %s: got %v", contract, h)
	}
	w.do("OPTIONS", w.api("/subscriptions/"+p.ID), nil, header("Origin", w.origin), header("Access-Control-Request-Method", "DELETE")).want(204)
	w.do("POST", w.api("/comments"), newDraft("von uns selbst"), header("Origin", w.server.URL)).want(202)
}

// What went wrong can be read wherever the right answer could, and when to ask again. Nothing that takes a credential says
// anything to another site's page.
func TestAnotherPageCanReadWhatWentWrong(t *testing.T) {
	w := limited(t)
	p := w.published("Text")
	evil, own := header("Origin", "https://evil.example"), header("Origin", w.origin)
	const nobody = "/api/v1/sites/nobody"
	for _, c := range []struct {
		method, path string
		from         option
		status       int
		want         string
	}{
		{"GET", nobody + "/counts?article=x", evil, 404, "*"},
		{"HEAD", nobody + "/thread?article=x", evil, 404, "*"},
		{"GET", w.api("/counts"), evil, 400, "*"},
		{"GET", w.api("/comments/" + p.ID), evil, 404, "*"},
		{"GET", w.api("/nothing"), evil, 404, "*"},
		{"GET", "/api/v1/", evil, 404, "*"},
		{"GET", w.api("//thread"), evil, 404, "*"},
		{"GET", w.api("/counts/"), evil, 404, "*"},
		{"GET", w.api("/subscriptions"), evil, 405, "*"},
		{"DELETE", w.api("/thread"), own, 405, "*"},
		{"POST", nobody + "/comments", own, 404, "*"},
		{"POST", w.api("/comments"), own, 413, w.origin},
		{"POST", w.api("/comments"), evil, 403, ""},
		{"GET", w.api("/queue"), own, 401, ""},
		{"GET", nobody + "/queue", own, 404, ""},
		{"GET", "/zeitung/nothing", own, 404, ""},
		{"GET", "/nobody/thread", own, 404, ""},
	} {
		a := w.do(c.method, c.path, strings.Repeat(" ", 129<<10)+"{}", c.from, header("Content-Type", "application/json")).want(c.status)
		if got := a.header.Get("Access-Control-Allow-Origin"); got != c.want || a.header.Get("Access-Control-Allow-Credentials") != "" {
			t.Errorf("%s: got Allow-Origin %q, want %q", a.call, got, c.want)
		}
	}
	a := attempts(func(n int) answer { return w.do("POST", w.api("/comments"), newDraft(fmt.Sprint("text ", n)), own) })
	if a.later(); a.header.Get("Access-Control-Allow-Origin") != w.origin || a.header.Get("Access-Control-Expose-Headers") != "Retry-After" {
		t.Errorf("%s: got %v, want a wait that the site's own page can read", a.call, a.header)
	}
}

// A browser that asks first is answered without the database, so that what its page reads is that this is away.
func TestAnotherPageCanReadThatTheDatabaseIsAway(t *testing.T) {
	w := newWired(t)
	p := w.published("Text")
	w.cutOff()
	evil := header("Origin", "https://evil.example")
	w.do("OPTIONS", w.api("/comments/"+p.ID), nil, evil, header("Access-Control-Request-Method", "GET"),
		header("Access-Control-Request-Headers", "authorization")).want(204)
	for _, a := range []answer{w.get(w.api("/thread?article=x"), evil), w.get("/api/v1/sites/nobody/rules", evil), w.do("POST", "/api/v1/sites/nobody/comments", newDraft("neu"), evil)} {
		if a.want(503); a.header.Get("Access-Control-Allow-Origin") != "*" || a.header.Get("Access-Control-Expose-Headers") != "Retry-After" {
			t.Errorf("%s: got %v, want a wait that any page can read", a.call, a.header)
		}
	}
	if got := w.get(w.api("/queue"), w.as(mia), evil).want(503).header.Get("Access-Control-Allow-Origin"); got != "" {
		t.Errorf("the queue: got Allow-Origin %q", got)
	}
}

func TestNoOtherPageReadsOrWritesAtTheDesk(t *testing.T) {
	w := newWorld(t)
	session := w.session(mia)
	for _, path := range []string{w.api("/queue"), w.api("/audit"), "/desk/zeitung/queue"} {
		h := w.get(path, session, header("Origin", w.origin)).want(200).header
		if got := h.Get("Access-Control-Allow-Origin"); got != "" {
			t.Errorf("%s: got Allow-Origin %q", path, got)
		}
	}
	p := w.post("Text")
	path, verdict := w.api("/comments/"+p.ID+"/decisions"), draft{"action": "approve", "version": 1}
	for _, from := range []option{header("Sec-Fetch-Site", "cross-site"), header("Sec-Fetch-Site", "same-site"), header("Origin", w.origin), header("Origin", "null")} {
		w.do("POST", path, verdict, session, from).refused(403)
		w.do("POST", "/desk/zeitung/comments/"+p.ID+"/decisions", "action=approve&version=1", session, from,
			header("Content-Type", "application/x-www-form-urlencoded")).want(403)
	}
	if got := w.comment(p).Version; got != 1 {
		t.Fatalf("another page decided: version %d", got)
	}
	w.do("POST", path, verdict, session, header("Sec-Fetch-Site", "same-origin")).want(201)
}

func TestNoReaderIsGivenACookie(t *testing.T) {
	w := newWorld(t)
	p := w.published("Text")
	for _, addresses := range public {
		for _, address := range addresses(w) {
			if got := w.get(address).header.Values("Set-Cookie"); len(got) > 0 {
				t.Errorf("%s: got %q", address, got)
			}
		}
	}
	for _, a := range []answer{w.do("POST", w.api("/comments"), newDraft("neu")), w.do("POST", w.api("/counts"), draft{"articles": []string{"a"}}),
		w.get(strings.TrimPrefix(p.URL, w.server.URL)), w.do("DELETE", w.api("/comments/"+p.ID), nil, token(p.Token)),
		w.do("POST", "/zeitung/thread?article=x", "body=Hallo", header("Content-Type", "application/x-www-form-urlencoded"))} {
		if got := a.header.Values("Set-Cookie"); len(got) > 0 || a.status == http.StatusInternalServerError {
			t.Errorf("%s: got %d %q", a.call, a.status, got)
		}
	}
}

func TestWhatIsNoTextIsNoFaultOfOurs(t *testing.T) {
	w := newWorld(t)
	p := w.published("Text")
	session, form := w.session(mia), header("Content-Type", "application/x-www-form-urlencoded")
	for _, bytes := range []string{"%00", "%ff", "a%00b", "%ed%a0%80"} {
		for _, a := range []answer{
			w.do("POST", "/desk/signin", "email="+bytes+"&password="+bytes, form),
			w.do("POST", "/desk/zeitung/comments/"+p.ID+"/decisions", "action=reject:"+bytes+"&version=2&note="+bytes, form, session),
			w.do("POST", "/zeitung/thread?article=a", "article_key="+bytes+"&name="+bytes+"&body="+bytes+"&parent_id="+bytes+"&rules_version=1", form),
			w.do("POST", "/zeitung/comments/"+p.ID+"/edit", "token="+p.Token+"&body="+bytes, form),
			w.get("/zeitung/thread?article=a&title=" + bytes + "&url=" + bytes + "&reply=" + bytes), w.get("/zeitung/thread?article=" + bytes),
			w.get("/zeitung/feed.atom?article=" + bytes), w.get("/zeitung/?cursor=" + bytes), w.get("/zeitung/rules?version=" + bytes),
			w.get("/zeitung/comments/" + p.ID + "?token=" + bytes), w.get("/desk/"+bytes+"/queue?lane="+bytes, session), w.get("/" + bytes + "/"),
		} {
			if a.status >= 500 {
				t.Errorf("%s with %s: got %d", a.call, bytes, a.status)
			}
		}
	}
}
