package handlers_test

import (
	"encoding/json"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"
)

const lena = "lena@leser.example"

type sanction struct {
	ID, Kind, Statement, Note string
	AuthorID                  string     `json:"author_id"`
	InForce                   bool       `json:"in_force"`
	AcknowledgedAt            *time.Time `json:"acknowledged_at"`
	LiftedAt                  *time.Time `json:"lifted_at"`
}

// authorPath is the API's path of whoever wrote a comment.
func (w *world) authorPath(p posted) string {
	w.Helper()
	return w.api("/authors/" + w.comment(p).AuthorID.String())
}

// sanction lays one on the author of a comment, in an editor's name.
func (w *world) sanction(p posted, kind string, days int) sanction {
	w.Helper()
	return read[sanction](w.do("POST", w.authorPath(p)+"/sanctions", w.sanctioning(p, kind, days), w.as(w.editor)).want(201))
}

func (w *world) sanctioning(p posted, kind string, days int) draft {
	d := draft{"kind": kind, "comment_id": p.ID, "rules": []string{"respect"}, "statement": "unseen Grund", "note": "unseen Notiz"}
	if days > 0 {
		d["until"] = w.flow.Now().UTC().AddDate(0, 0, days)
	}
	return d
}

// typed is a comment in the page's form.
func (w *world) typed(fields url.Values) answer {
	w.Helper()
	form := url.Values{"article_key": {article}, "name": {"Lena Typed"}, "email": {lena}, "body": {"typed text"}, "rules_version": {"1"}}
	for name, value := range fields {
		form[name] = value
	}
	return w.do("POST", "/"+w.site.Slug+"/thread?article="+url.QueryEscape(article), form.Encode(), header("Content-Type", "application/x-www-form-urlencoded"))
}

func (a answer) holds(texts ...string) {
	a.Helper()
	for _, text := range texts {
		if !strings.Contains(string(a.body), text) {
			a.Errorf("%s: got no %q", a.call, text)
		}
	}
}

func (a answer) lacks(texts ...string) {
	a.Helper()
	for _, text := range texts {
		if strings.Contains(string(a.body), text) {
			a.Errorf("%s: got %q", a.call, text)
		}
	}
}

func TestAPausedAuthorIsToldInTheFormAndTheAPIAndLosesNothing(t *testing.T) {
	w := newWorld(t)
	p := w.send(newDraft("Erster").by("Lena", lena))
	w.sanction(p, "pause", 7)
	a := w.do("POST", w.api("/comments"), newDraft("Zweiter").by("Lena", lena), header("Idempotency-Key", "k"))
	refused := a.refused(422)
	if !refused.names("author.email", "paused") || !strings.Contains(refused.Errors[0].Message, "9. November 2026") {
		t.Errorf("got %+v, want the end of the pause", refused)
	}
	a.holds(`"kind":"pause"`, `"code":"respect"`, `"until":"2026-11-09`)
	a.lacks("unseen")
	page := w.typed(nil).want(422)
	page.holds("typed text", "Lena Typed", lena, "9. November 2026", "Respekt")
	page.lacks("unseen", `name="acknowledge"`)
	edit := w.do("PATCH", w.api("/comments/"+p.ID), draft{"body": "neu"}, token(p.Token)).refused(422)
	if !edit.names("body", "paused") {
		t.Errorf("an edit: got %+v", edit.Errors)
	}
	w.pass(8 * 24 * time.Hour)
	w.do("POST", w.api("/comments"), newDraft("Zweiter").by("Lena", lena), header("Idempotency-Key", "k")).want(202)
}

func TestAWarningIsReadBeforeTheNextCommentByFormAndByAPI(t *testing.T) {
	w := newWorld(t)
	p := w.send(newDraft("Erster").by("Lena", lena))
	first := w.sanction(p, "warn", 0)
	page := w.typed(nil).want(422)
	page.holds("typed text", "unseen Grund", "Respekt", `name="acknowledge" value="`+first.ID+`"`)
	page.lacks("unseen Notiz")
	w.typed(url.Values{"acknowledge": {"on"}}).want(422)
	w.typed(url.Values{"acknowledge": {first.ID}}).want(303)
	w.typed(url.Values{"body": {"a third one"}}).want(303)

	second := w.sanction(p, "warn", 0)
	a := w.do("POST", w.api("/comments"), newDraft("Vierter").by("Lena", lena))
	if got := a.refused(422); !got.names("acknowledge", "warned") {
		t.Errorf("got %+v", got.Errors)
	}
	a.holds(`"id":"`+second.ID+`"`, `"statement":"unseen Grund"`)
	w.do("POST", w.api("/comments"), newDraft("Vierter").by("Lena", lena).with("acknowledge", first.ID)).refused(422)
	w.do("POST", w.api("/comments"), newDraft("Vierter").by("Lena", lena).with("acknowledge", second.ID)).want(202)
}

func TestSanctionsKeepToTheirSiteTheirRolesAndTheirKeys(t *testing.T) {
	w := newWorld(t)
	p := w.send(newDraft("Erster").by("Lena", lena))
	path := w.authorPath(p) + "/sanctions"
	w.do("POST", path, w.sanctioning(p, "ban", 0), w.as(mia)).refused(403)
	w.do("POST", path, w.sanctioning(p, "warn", 0), w.as(reads)).refused(403)
	w.do("POST", path, w.sanctioning(p, "warn", 0)).refused(401)
	if got := w.do("POST", path, draft{"kind": "warn", "rules": []string{}}, w.as(mia)).refused(422); !got.names("rules", "sanction_rule") {
		t.Errorf("without grounds: got %+v", got.Errors)
	}
	body := w.sanctioning(p, "warn", 0)
	one := read[sanction](w.do("POST", path, body, w.as(mia), key("k")).want(201))
	if two := read[sanction](w.do("POST", path, body, w.as(mia), key("k")).want(201)); two.ID != one.ID {
		t.Errorf("got %s and %s for one request sent twice", one.ID, two.ID)
	}
	abroad := w.abroad()
	w.do("POST", strings.Replace(path, "/zeitung/", "/blatt/", 1), draft{"kind": "warn", "rules": []string{"respect"}}, w.as(bea)).refused(404)
	w.do("POST", abroad.api("/sanctions/"+one.ID+"/lift"), draft{"note": ""}, w.as(bea)).refused(404)
	w.get(strings.Replace(w.authorPath(p), "/zeitung/", "/blatt/", 1), w.as(bea)).refused(404)
	w.do("POST", w.api("/sanctions/"+one.ID+"/lift"), draft{"note": ""}, w.as(tom)).refused(403)
	lifted := read[sanction](w.do("POST", w.api("/sanctions/"+one.ID+"/lift"), draft{"note": "ein Irrtum"}, w.as(mia)).want(200))
	if lifted.InForce || lifted.LiftedAt == nil {
		t.Errorf("got %+v, want it lifted", lifted)
	}
	var actions []string
	for _, e := range w.audit("") {
		actions = append(actions, e.Action)
	}
	if got := strings.Join(actions, " "); got != "warn lift" {
		t.Errorf("got %s in the log", got)
	}
}

func TestWhatIsSaidOfAnAuthorIsForTheDeskOnly(t *testing.T) {
	w := newWorld(t)
	p := w.approve(w.send(newDraft("steht öffentlich").by("Lena", lena)))
	s := w.sanction(p, "ban", 30)
	w.mustNotAppear("unseen", s.ID, lena)
	file := w.get(w.authorPath(p), w.as(mia)).want(200)
	file.holds("unseen Grund", "unseen Notiz", "steht öffentlich")
	file.lacks(lena)
	w.get(w.api("/moderation/comments/"+p.ID), w.as(mia)).want(200).holds("unseen Notiz", `"author_id"`)
}

func TestAnAuthorsCommentsArePagedNewestFirst(t *testing.T) {
	w := newWorld(t)
	var p posted
	for _, text := range []string{"eins", "zwei", "drei"} {
		p = w.send(newDraft(text).by("Lena", lena))
	}
	type page struct {
		Comments []struct{ HTML string }
		Next     *string `json:"next_cursor"`
	}
	var got []string
	for at := "?limit=2"; at != ""; {
		file := read[page](w.get(w.authorPath(p)+at, w.as(mia)).want(200))
		for _, c := range file.Comments {
			got = append(got, strings.TrimSpace(c.HTML))
		}
		if at = ""; file.Next != nil {
			at = "?limit=2&cursor=" + *file.Next
		}
	}
	if want := "<p>drei</p> <p>zwei</p> <p>eins</p>"; strings.Join(got, " ") != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

// desk sends a form of the desk in somebody's session.
func (w *world) desk(who, path string, form url.Values) answer {
	w.Helper()
	return w.do("POST", "/desk/"+w.site.Slug+path, form.Encode(), w.session(who), header("Content-Type", "application/x-www-form-urlencoded"))
}

func TestTheDeskSanctionsAndLiftsOnTheAuthorsPage(t *testing.T) {
	w := newWorld(t)
	p := w.send(newDraft("Erster").by("Lena", lena))
	author := "/authors/" + w.comment(p).AuthorID.String()
	page := func(who string) answer {
		w.Helper()
		return w.get("/desk/"+w.site.Slug+author, w.session(who)).want(200)
	}
	page(mia).lacks(`value="ban"`)
	page(ida).holds(`value="ban"`, `value="network"`, "Erster")
	again := w.desk(mia, author+"/sanctions", url.Values{"kind": {"pause"}, "days": {"7"}, "statement": {"typed statement"}, "comment_id": {p.ID}}).want(422)
	again.holds("typed statement", "Nennen Sie die Regel")
	w.desk(mia, author+"/sanctions", url.Values{"kind": {"pause"}, "days": {"7"}, "rules": {"respect", "topic"}, "statement": {"Bitte"}, "comment_id": {p.ID}}).want(303)
	page(mia).holds("9. November 2026", "/lift", "Bitte")
	page(tom).lacks("/lift")
	w.get("/desk/"+w.site.Slug+"/comments/"+p.ID, w.session(mia)).want(200).holds("9. November 2026", author)
	id := read[struct {
		Record struct{ Sanctions []sanction }
	}](w.get(w.authorPath(p), w.as(mia))).Record.Sanctions[0].ID
	w.desk(mia, "/sanctions/"+id+"/lift", url.Values{"note": {"doch nicht"}}).want(303)
	page(mia).holds("aufgehoben")
}

// sendFrom sends a comment from an address, and answers how that was taken.
func (w *world) sendFrom(from, forwarded, body string) (int, posted) {
	w.Helper()
	q := httptest.NewRequest("POST", w.api("/comments"), strings.NewReader(w.text(newDraft(body))))
	q.RemoteAddr, q.Host = from, strings.TrimPrefix(w.server.URL, "http://")
	q.Header.Set("Content-Type", "application/json")
	q.Header.Set("X-Forwarded-For", forwarded)
	r := httptest.NewRecorder()
	w.product.ServeHTTP(r, q)
	var p posted
	w.must(json.Unmarshal(r.Body.Bytes(), &p))
	return r.Code, p
}

// A network is known by the address that a request came from, as nothing a client says.
func TestANetworkIsThatOfTheConnection(t *testing.T) {
	w := newWorld(t)
	_, p := w.sendFrom("198.51.100.7:4711", "203.0.113.1", "eins")
	w.sanction(p, "network", 7)
	for from, want := range map[string]int{"198.51.100.7:80": 422, "203.0.113.1:80": 202} {
		if got, _ := w.sendFrom(from, "198.51.100.7", "zwei von "+from); got != want {
			t.Errorf("from %s: got %d, want %d", from, got, want)
		}
	}
	stored := ""
	w.must(w.flow.Store.Pool().QueryRow(w.Context(), "select string_agg(n::text, '') || (select string_agg(s::text, '') from sanctions s) from comment_networks n").Scan(&stored))
	if strings.Contains(stored, "198.51") || strings.Contains(stored, "c6336407") {
		t.Errorf("the address itself is kept: %s", stored)
	}
}
