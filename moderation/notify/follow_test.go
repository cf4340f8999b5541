package notify_test

import (
	"bytes"
	"context"
	"errors"
	"net/mail"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"plenum/models"
	"plenum/moderation"
	"plenum/moderation/internal/keys"
	"plenum/moderation/notify"
)

// follow lets an address follow something, and confirms it.
func (w *world) follow(wish moderation.Wish) (id uuid.UUID) {
	w.Helper()
	w.must(w.flow.Subscribe(w.Context(), w.site, wish))
	w.must(w.flow.Store.Pool().QueryRow(w.Context(), `select id from subscriptions order by created_at desc limit 1`).Scan(&id))
	_, err := w.flow.Confirm(w.Context(), w.site, moderation.Link{ID: id, Token: keys.New([]byte(secret)).Token(keys.Confirm, w.site.ID, id)})
	w.must(err)
	return id
}

// publish approves a comment, and answers the mails that are to tell of it.
func (w *world) publish(id uuid.UUID) (mails []notify.FollowUpNotice) {
	w.Helper()
	e, err := w.flow.Decide(w.Context(), w.site, w.actor, moderation.Verdict{CommentID: id, Version: 1, Action: moderation.Approve})
	w.must(err)
	w.must(w.flow.TellFollowers(w.Context(), moderation.FollowUpJob{SiteID: w.site.ID, CommentID: id, EntryID: e.ID}))
	rows, err := w.flow.Store.Pool().Query(w.Context(), `select follower_id from follow_ups where comment_id = $1 and due_at is null order by created_at`, id)
	w.must(err)
	defer rows.Close()
	for rows.Next() {
		n := notify.FollowUpNotice{SiteID: w.site.ID, CommentID: id, EntryID: e.ID}
		w.must(rows.Scan(&n.FollowerID))
		mails = append(mails, n)
	}
	return mails
}

func (w *world) reply(to uuid.UUID, text string) uuid.UUID {
	w.Helper()
	r, err := w.flow.Submit(w.Context(), w.site, moderation.Submission{Article: moderation.ArticleName{Key: "a"}, ParentID: &to, Name: "Bea", Body: text, RulesVersion: 1})
	w.must(err)
	return r.ID
}

// parsed reads a letter's header and its text part.
func (w *world) parsed(letter string) (mail.Header, string) {
	w.Helper()
	m, err := mail.ReadMessage(strings.NewReader(letter))
	w.must(err)
	var body bytes.Buffer
	_, err = body.ReadFrom(m.Body)
	w.must(err)
	return m.Header, strings.ReplaceAll(body.String(), "=\r\n", "")
}

func TestAFollowUpHasTheHeadersOfAList(t *testing.T) {
	w, l := newWorld(t, "de", "ann@example.org"), listen(t)
	server, err := notify.NewSMTP("smtp://"+l.address+"?tls=off", "comments@news.example")
	w.must(err)
	site := w.follow(moderation.Wish{Email: "fay@example.org", Kind: models.FollowSite, Locale: "en"})
	first := w.publish(w.id)
	second := w.publish(w.reply(w.id, "And *why* so?"))
	for _, n := range []notify.FollowUpNotice{first[0], second[0]} {
		w.must(w.postman(server).DeliverFollowUp(t.Context(), n))
	}
	root, _ := w.parsed(l.received()[0])
	h, text := w.parsed(l.received()[1])
	way := "https://comments.example/news/subscriptions/" + site.String() + "/end?locale=en&token=" + keys.New([]byte(secret)).Token(keys.Unsubscribe, w.site.ID, site)
	follower := first[0].FollowerID.String()
	for name, want := range map[string]string{
		"List-Unsubscribe": "<" + way + ">", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click", "Content-Language": "en", "Auto-Submitted": "auto-generated",
		"Message-Id":  "<follow-up." + second[0].CommentID.String() + "." + follower + "@comments.example>",
		"In-Reply-To": root.Get("Message-Id"),
		"References":  root.Get("References") + " " + root.Get("Message-Id"),
	} {
		if got := strings.Join(strings.Fields(h.Get(name)), " "); got != want {
			t.Errorf("got %s: %s\nwant %s", name, got, want)
		}
	}
	if got := root.Get("In-Reply-To"); got != root.Get("References") || !strings.HasPrefix(got, "<article.") {
		t.Errorf("got the first in reply to %s after %s, want the article's conversation", got, root.Get("References"))
	}
	if !strings.Contains(h.Get("Content-Type"), "multipart/alternative") || strings.Index(text, "text/plain") > strings.Index(text, "text/html") {
		t.Errorf("got %s, want plain text first", h.Get("Content-Type"))
	}
	for _, want := range []string{"Bea has commented", "> And why so?", "#c-" + second[0].CommentID.String()} {
		if !strings.Contains(text, want) {
			t.Errorf("the letter lacks %q:\n%s", want, text)
		}
	}
}

func TestAFollowUpIsSentOnceAlsoAfterTheServerWasAway(t *testing.T) {
	w, l := newWorld(t, "de", "ann@example.org"), listen(t, 451)
	server, err := notify.NewSMTP("smtp://"+l.address+"?tls=off", "comments@news.example")
	w.must(err)
	w.follow(moderation.Wish{Email: "fay@example.org", Kind: models.FollowSite})
	n := w.publish(w.id)[0]
	gone, err := notify.NewSMTP("smtp://127.0.0.1:1?tls=off", "comments@news.example")
	w.must(err)
	for _, away := range []notify.Sender{gone, gone, server} {
		if err := w.postman(away).DeliverFollowUp(t.Context(), n); err == nil || errors.Is(err, notify.ErrRefused) {
			t.Fatalf("got %v, want it tried again", err)
		} else if strings.Contains(err.Error(), "fay@") {
			t.Errorf("got %v, want no address in it", err)
		}
	}
	for range 3 {
		w.must(w.postman(server).DeliverFollowUp(t.Context(), n))
	}
	if got := len(l.received()); got != 1 {
		t.Errorf("got %d letters, want 1", got)
	}
}

func TestWhatIsNoLongerPublicOrFollowedIsNotSent(t *testing.T) {
	w, d := newWorld(t, "de", "ann@example.org"), &desk{}
	id := w.follow(moderation.Wish{Email: "fay@example.org", Kind: models.FollowSite})
	w.follow(moderation.Wish{Email: "gil@example.org", Kind: models.FollowSite})
	mails := w.publish(w.id)
	w.must(w.flow.Unsubscribe(t.Context(), w.site, moderation.Link{ID: id, Token: keys.New([]byte(secret)).Token(keys.Unsubscribe, w.site.ID, id)}))
	for _, n := range mails {
		w.must(w.postman(d).DeliverFollowUp(t.Context(), n))
	}
	if len(d.letters) != 1 || d.letters[0].To != "gil@example.org" {
		t.Fatalf("got %+v, want one to whoever still follows", d.letters)
	}
	next := w.publish(w.reply(w.id, "text"))
	_, err := w.flow.Decide(t.Context(), w.site, w.actor, moderation.Verdict{CommentID: next[0].CommentID, Version: 2, Action: moderation.Remove, Rules: []string{"topic"}})
	w.must(err)
	w.must(w.postman(d).DeliverFollowUp(t.Context(), next[0]))
	if len(d.letters) != 1 {
		t.Errorf("got %q after it was removed, want nothing", d.letters[1].Text)
	}
}

// The mail waited, as where the server was away; meanwhile it was reopened and approved again, which can still be undone.
func TestAMailThatWaitedIsNotSentByANewerApproval(t *testing.T) {
	w, d := newWorld(t, "de", "ann@example.org"), &desk{}
	w.follow(moderation.Wish{Email: "fay@example.org", Kind: models.FollowSite})
	waited := w.publish(w.id)[0]
	var again models.Entry
	for version, action := range []string{2: moderation.Reopen, 3: moderation.Approve} {
		if action != "" {
			e, err := w.flow.Decide(t.Context(), w.site, w.editor(), moderation.Verdict{CommentID: w.id, Version: version, Action: action})
			w.must(err)
			again = e.Entry
		}
	}
	w.must(w.postman(d).DeliverFollowUp(t.Context(), waited))
	if len(d.letters) != 0 {
		t.Fatalf("got %d letters by the older approval, want none", len(d.letters))
	}
	w.must(w.flow.TellFollowers(t.Context(), moderation.FollowUpJob{SiteID: w.site.ID, CommentID: w.id, EntryID: again.ID}))
	newer := waited
	newer.EntryID = again.ID
	for _, n := range []notify.FollowUpNotice{waited, newer, waited, newer} {
		w.must(w.postman(d).DeliverFollowUp(t.Context(), n))
	}
	if len(d.letters) != 1 {
		t.Errorf("got %d letters, want the one by the newer", len(d.letters))
	}
}

// editor is somebody who may take back what another decided.
func (w *world) editor() moderation.Actor {
	return moderation.Actor{ID: w.actor.ID, Name: w.actor.Name, Email: w.actor.Email, Role: moderation.RoleEditor}
}

func TestADailyMailHoldsTheDayOnce(t *testing.T) {
	w, d := newWorld(t, "de", "ann@example.org"), &desk{}
	w.follow(moderation.Wish{Email: "day@example.org", Kind: models.FollowSite, Pace: models.PaceDaily})
	w.publish(w.id)
	later, taken := w.reply(w.id, "Die Antwort."), w.reply(w.id, "Weggenommen.")
	w.publish(later)
	w.publish(taken)
	_, err := w.flow.Decide(t.Context(), w.site, w.actor, moderation.Verdict{CommentID: taken, Version: 2, Action: moderation.Spam})
	w.must(err)
	at := time.Now().Add(25 * time.Hour).UTC().Truncate(time.Microsecond)
	var followers []uuid.UUID
	w.must(w.flow.Store.Serve(t.Context(), w.site.ID, func(tx *models.Tx) error {
		followers, err = tx.TakeDigests(t.Context(), w.site.ID, at, 10)
		return err
	}))
	n := notify.DigestNotice{SiteID: w.site.ID, FollowerID: followers[0], At: at}
	if err := w.postman(broken{}).DeliverDigest(t.Context(), n); err == nil {
		t.Fatal("a mail that was not sent is no error")
	}
	for range 2 {
		w.must(w.postman(d).DeliverDigest(t.Context(), n))
	}
	if len(d.letters) != 1 {
		t.Fatalf("got %d letters, want 1", len(d.letters))
	}
	l := d.letters[0]
	for text, want := range map[string]bool{"I think so.": true, "Die Antwort.": true, "Weggenommen.": false, "zwei Kommentare": false, "sind 2 Kommentare": true, "Zwölf Räder": true} {
		if strings.Contains(l.Text, text) != want || strings.Contains(l.HTML, text) != want {
			t.Errorf("got %q: %v in\n%s", text, !want, l.Text)
		}
	}
	if !strings.Contains(l.Unsubscribe, "/digests/"+followers[0].String()+"/end?token=") || !strings.Contains(l.Text, l.Unsubscribe) {
		t.Errorf("got the way out %s, want the daily mail's own in\n%s", l.Unsubscribe, l.Text)
	}
}

// broken is a mail server that is down.
type broken struct{}

func (broken) Send(context.Context, notify.Letter) error { return errors.New("connection refused") }

func TestAMailToConfirmHoldsNothingThatAStrangerTyped(t *testing.T) {
	w, d := newWorld(t, "de", ""), &desk{}
	w.must(w.flow.Subscribe(t.Context(), w.site, moderation.Wish{Email: "victim@example.org", Kind: models.FollowArticle, ArticleKey: "buy-this https://evil.example"}))
	var id uuid.UUID
	w.must(w.flow.Store.Pool().QueryRow(t.Context(), `select id from subscriptions`).Scan(&id))
	n := notify.SubscriptionNotice{SiteID: w.site.ID, SubscriptionID: id, At: w.flow.Now()}
	w.must(w.postman(d).DeliverSubscription(t.Context(), n))
	if l := d.letters[0]; strings.Contains(l.Subject+l.Text+l.HTML, "evil.example") || strings.Contains(l.Subject+l.Text+l.HTML, "buy-this") {
		t.Errorf("got\n%s\nwant nothing of the article's key", l.Text)
	}
	w.must(w.flow.ForgetFollower(t.Context(), w.site, "victim@example.org"))
	w.must(w.postman(d).DeliverSubscription(t.Context(), n))
	if len(d.letters) != 1 {
		t.Error("a mail went to an address that was forgotten")
	}
}
