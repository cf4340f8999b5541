package handlers_test

import (
	"context"
	"net/url"
	"strings"
	"testing"

	"github.com/google/uuid"

	"plenum/moderation/notify"
)

// postbox keeps the last letter instead of sending it.
type postbox struct{ notify.Letter }

func (p *postbox) Send(_ context.Context, l notify.Letter) error {
	p.Letter = l
	return nil
}

// strict is a world whose site asks for a confirmed address.
func strict(t *testing.T) *world {
	w := newWorld(t)
	_, err := w.flow.Store.Pool().Exec(t.Context(), `update sites set require_confirmed = true`)
	w.must(err)
	return w
}

// letter is what the author of an unconfirmed comment is sent, and the path of the link in it.
func (w *world) letter(p posted) (l notify.Letter, link string) {
	w.Helper()
	set, err := templateSet()
	w.must(err)
	base, err := url.Parse("https://comments.example")
	w.must(err)
	var box postbox
	postman := notify.NewPostman(w.flow.Store, set, &box, base, []byte("a secret of the tests"))
	w.must(postman.DeliverConfirm(w.Context(), notify.ConfirmNotice{SiteID: w.site.ID, CommentID: uuid.MustParse(p.ID)}))
	for _, word := range strings.Fields(box.Text) {
		if after, ok := strings.CutPrefix(word, base.String()); ok {
			return box.Letter, after
		}
	}
	w.Fatalf("got no link in %q", box.Text)
	return box.Letter, ""
}

func unconfirmed() draft { return newDraft("unseen Quittengelee").by("unseen Wanda", lena) }

func TestAMailedLinkLeadsToAButtonAndOnlyTheButtonConfirms(t *testing.T) {
	w := strict(t)
	a := w.do("POST", w.api("/comments"), unconfirmed()).want(202)
	p := read[posted](a)
	if read[struct{ Confirmed bool }](a).Confirmed {
		t.Error("the answer says that it is confirmed")
	}
	w.articles[article] = true
	l, link := w.letter(p)
	if l.To != lena || strings.Contains(l.Text+l.HTML+l.Subject, "unseen") {
		t.Errorf("got a letter to %s that says %q, want nothing in it that somebody typed", l.To, l.Text)
	}
	for range 100 {
		w.get(link).want(200).holds("unseen Quittengelee", `name="token"`)
		w.do("HEAD", link, nil).want(200)
	}
	total := func() int { return read[struct{ Total int }](w.get(w.api("/queue"), w.as(mia)).want(200)).Total }
	if got := total(); got != 0 {
		t.Fatalf("got %d in the queue after the link was fetched, want none", got)
	}
	w.mustNotAppear("unseen")
	w.get(w.api("/moderation/comments/"+p.ID), w.as(mia)).want(404)
	w.get(w.api("/queue?state=all&q=Quittengelee"), w.as(mia)).want(200).lacks("unseen")

	own := w.get(w.api("/comments/"+p.ID), token(p.Token)).want(200)
	if got := read[struct {
		Status    string
		Confirmed bool
		Until     string `json:"confirm_until"`
	}](own); got.Status != "pending" || got.Confirmed || got.Until == "" {
		t.Errorf("got %+v, want pending and not confirmed", got)
	}
	status := w.get("/zeitung/comments/" + p.ID + "?new=1&token=" + p.Token).want(200)
	status.holds("Wartet auf Ihre Bestätigung", "Adresse bestätigen")

	query, err := url.Parse(link)
	w.must(err)
	press := func() answer {
		return w.do("POST", query.Path, query.RawQuery, header("Content-Type", "application/x-www-form-urlencoded")).want(303)
	}
	w.get(press().header.Get("Location")).want(200).holds("Wartet auf Prüfung")
	press()
	if got := total(); got != 1 {
		t.Errorf("got %d in the queue after the button was pressed twice, want one", got)
	}
	w.get(link).want(200).lacks("unseen", `name="token"`)
	w.mustNotAppear("unseen")
	w.approve(p)
	w.get(w.api("/thread?article=" + url.QueryEscape(article))).want(200).holds("unseen Quittengelee")
}

func TestTheAPIConfirmsAsTheButtonDoes(t *testing.T) {
	w := strict(t)
	p, gone := w.send(unconfirmed()), w.send(unconfirmed().with("body", "taken back"))
	_, link := w.letter(p)
	mailed := link[strings.Index(link, "token=")+len("token="):]
	w.do("POST", w.api("/comments/"+p.ID+"/confirmations"), draft{"token": p.Token}).refused(404)
	w.do("POST", w.api("/comments/"+gone.ID+"/confirmations"), draft{"token": mailed}).refused(404)
	a := w.do("POST", w.api("/comments/"+p.ID+"/confirmations"), draft{"token": mailed}).want(202)
	if got := read[struct{ Confirmed bool }](a); !got.Confirmed {
		t.Error("got it unconfirmed still")
	}
	w.try(ida, p, "approve").want(201)

	_, link = w.letter(gone)
	w.withdraw(gone)
	w.do("POST", w.api("/comments/"+gone.ID+"/confirmations"), draft{"token": link[strings.Index(link, "token=")+len("token="):]}).refused(410)
	w.get(link).want(410).holds("gelöscht")
	w.get(w.api("/comments/" + gone.ID)).want(404)
	w.get(w.api("/comments/"+gone.ID), token(gone.Token)).want(200).holds(`"withdrawn"`)
	w.get("/zeitung/comments/" + gone.ID + "?token=" + gone.Token).want(200)
}

func TestTheFormAsksForAnAddressWhereItMustBeConfirmed(t *testing.T) {
	w := strict(t)
	page := w.get("/zeitung/thread?article=" + url.QueryEscape(article)).want(200)
	page.holds("Erst wenn Sie ihn bestätigen", `type="email" value="" autocomplete="email" required`)
	a := w.typed(url.Values{"email": {""}}).want(422)
	a.holds("typed text", "Bitte geben Sie eine E-Mail-Adresse an")
	if got := w.do("POST", w.api("/comments"), newDraft("without")).refused(422); !got.names("author.email", "confirm_address") {
		t.Errorf("got %+v, want the address asked for", got.Errors)
	}
}

// Without scripts whoever is too fast goes on by mail, and loses nothing.
func TestTheFormOffersToConfirmInsteadOfWaiting(t *testing.T) {
	w := limited(t)
	a := attempts(func(n int) answer { return w.typed(url.Values{"body": {"typed " + strings.Repeat("x", n+1)}}) })
	a.holds(`name="confirm" value="mail"`, "Per E-Mail bestätigen")
	a = w.typed(url.Values{"confirm": {"mail"}, "email": {""}, "body": {"typed again"}}).want(422)
	a.holds("typed again", "Bitte geben Sie eine E-Mail-Adresse an", `name="confirm" value="mail"`)
	a = w.typed(url.Values{"confirm": {"mail"}, "email": {"other@leser.example"}, "body": {"typed again"}}).want(303)
	w.get(a.header.Get("Location")).want(200).holds("Wartet auf Ihre Bestätigung")
}
