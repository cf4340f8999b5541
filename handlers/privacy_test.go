package handlers_test

import (
	"net/url"
	"strings"
	"testing"

	"github.com/google/uuid"
)

// inquiry is a link as it was mailed.
type inquiry struct{ id, token string }

// inquire asks by the page's form, and answers the link of it.
func (w *world) inquire(email string) inquiry {
	w.Helper()
	w.form("/"+w.site.Slug+"/privacy", url.Values{"email": {email}}).want(200).holds("ist eine Mail unterwegs")
	var id uuid.UUID
	w.must(w.flow.Store.Pool().QueryRow(w.Context(), `select id from inquiries order by created_at desc limit 1`).Scan(&id))
	return inquiry{id.String(), w.flow.InquiryToken(w.site.ID, id)}
}

func (w *world) form(path string, fields url.Values) answer {
	w.Helper()
	return w.do("POST", path, fields.Encode(), header("Content-Type", "application/x-www-form-urlencoded"))
}

func TestThePrivacyNoticeIsThePublicDataMap(t *testing.T) {
	w := newWorld(t)
	w.get("/zeitung/privacy").want(200).holds("Lesen hinterlässt nichts", "365 Tage", "Art. 6 Abs. 1 lit. c DSGVO", "DSA Art. 16", w.origin)
	w.get("/zeitung/privacy?locale=en").want(200).holds("Reading leaves nothing behind", "24 hours at most")
	if got := read[struct{ Items []struct{ Name, Why string } }](w.get(w.api("/privacy")).want(200)); len(got.Items) < 10 || got.Items[0].Why == "" {
		t.Errorf("got %+v, want every group with its purpose", got)
	}
	for _, page := range []string{"/zeitung/", "/zeitung/thread?article=a", "/zeitung/transparency", "/zeitung/comments/" + w.published("x").ID + "/report"} {
		w.get(page).want(200).holds(`href="/zeitung/privacy"`)
	}
}

// Whoever types an address must not learn from the answer whether somebody wrote under it.
func TestNobodyLearnsFromAnInquiryWhetherAnAddressIsKnown(t *testing.T) {
	w := newWorld(t)
	w.send(newDraft("text").by("Lena", lena))
	known, unknown := w.form("/zeitung/privacy", url.Values{"email": {lena}}).want(200), w.form("/zeitung/privacy", url.Values{"email": {"nobody@leser.example"}}).want(200)
	if string(known.body) != string(unknown.body) {
		t.Error("the pages differ")
	}
	for _, email := range []string{lena, "nobody@leser.example"} {
		if got := w.do("POST", w.api("/inquiries"), draft{"email": email}).want(202); strings.TrimSpace(string(got.body)) != "{}" {
			t.Errorf("got %s, want nothing told", got.body)
		}
	}
	w.form("/zeitung/privacy", url.Values{"email": {"nonsense"}}).want(422).holds(`value="nonsense"`, `aria-invalid="true"`)
	w.do("POST", w.api("/inquiries"), draft{"email": "nonsense"}).refused(422)
}

func TestTheLinkOfAnInquiryChangesNothingUntilAButtonIsPressed(t *testing.T) {
	w := newWorld(t)
	p := w.send(newDraft("unseen text").by("Unseen Lena", lena))
	i := w.inquire(lena)
	page := "/zeitung/privacy/" + i.id
	for range 100 {
		w.get(page + "?token=" + url.QueryEscape(i.token)).want(200).holds("Alles löschen")
		w.do("HEAD", page+"?token="+url.QueryEscape(i.token), nil).want(200)
	}
	for _, wrong := range []string{"", "?token=" + p.Token} {
		w.get(page + wrong).want(404)
	}
	w.form(page+"/export", url.Values{"token": {p.Token}}).want(404)
	w.form(page+"/erase", url.Values{"token": {p.Token}}).want(404)
	file := w.form(page+"/export", url.Values{"token": {i.token}}).want(200)
	file.holds("unseen text", "Unseen Lena", lena)
	if got := file.header.Get("Content-Disposition"); got != `attachment; filename="zeitung.json"` {
		t.Errorf("got Content-Disposition %q", got)
	}
	w.form(page+"/export", url.Values{"token": {i.token}}).want(422)
	w.get(page + "?token=" + url.QueryEscape(i.token)).want(200).holds("Heruntergeladen")
	w.form(page+"/erase", url.Values{"token": {i.token}}).want(200).holds("Gelöscht", "Kommentare: 1")
	w.get(page + "?token=" + url.QueryEscape(i.token)).want(404)
	if c := w.comment(p); c.ErasedAt == nil {
		t.Error("the comment is not erased")
	}
}

func TestTheAPIHandsOutAndErasesAPerson(t *testing.T) {
	w := newWorld(t)
	p := w.approve(w.send(newDraft("unseen text").by("Unseen Lena", lena)))
	w.edit(p, "unseen edit")
	w.do("POST", w.api("/comments/"+w.published("other").ID+"/reports"), draft{"kind": "illegal", "text": "unseen report", "email": lena, "good_faith": true}).want(202)
	w.sanction(p, "warn", 0)
	i := w.inquire(lena)
	call := w.api("/inquiries/" + i.id)
	w.do("POST", call+"/export", nil).want(404)
	w.do("POST", call+"/export", nil, token(i.token)).want(200).holds("unseen text", "unseen edit", "unseen report", "unseen Grund")
	w.do("POST", call+"/export", nil, token(i.token)).refused(422)
	w.do("POST", call+"/erasure", nil, token(p.Token)).want(404)
	if got := read[struct{ Comments, Reports int }](w.do("POST", call+"/erasure", nil, token(i.token)).want(200)); got.Comments != 1 || got.Reports != 1 {
		t.Errorf("got %+v erased, want a comment and a report", got)
	}
	w.do("POST", call+"/erasure", nil, token(i.token)).want(404)
	w.mustNotAppear("unseen", "Unseen")
}
