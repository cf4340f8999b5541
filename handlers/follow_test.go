package handlers_test

import (
	"context"
	"maps"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"plenum/models"
	"plenum/moderation/notify"
)

// letterbox is a mail server that keeps what it is given.
type letterbox struct{ letters []notify.Letter }

func (b *letterbox) Send(_ context.Context, l notify.Letter) error {
	b.letters = append(b.letters, l)
	return nil
}

// wish sends a wish to be told by mail.
func (w *world) wish(of draft, options ...option) answer {
	w.Helper()
	return w.do("POST", w.api("/subscriptions"), of, options...)
}

// asked is the letter that asks to confirm the newest subscription.
func (w *world) asked() notify.Letter {
	w.Helper()
	var id uuid.UUID
	w.must(w.flow.Store.Pool().QueryRow(w.Context(), `select id from subscriptions order by created_at desc limit 1`).Scan(&id))
	box := &letterbox{}
	w.must(w.postman(box).DeliverSubscription(w.Context(), notify.SubscriptionNotice{SiteID: w.site.ID, SubscriptionID: id, At: w.flow.Now()}))
	return box.letters[0]
}

func (w *world) postman(box *letterbox) *notify.Postman {
	w.Helper()
	set, err := templateSet()
	w.must(err)
	p := notify.NewPostman(w.flow.Store, set, box, w.base(), []byte("a secret of the tests"))
	p.Now = w.flow.Now
	return p
}

// base is the product's own address.
func (w *world) base() *url.URL {
	w.Helper()
	base, err := url.Parse(w.server.URL)
	w.must(err)
	return base
}

var address = regexp.MustCompile(`https?://\S+`)

// links are the addresses in a letter on this program, as paths.
func (w *world) links(l notify.Letter) (all []string) {
	for _, a := range address.FindAllString(l.Text, -1) {
		all = append(all, strings.TrimPrefix(strings.TrimSuffix(a, "."), w.server.URL))
	}
	return all
}

// subscribed asks and confirms, and answers the page of all that the address follows then.
func (w *world) subscribed(wish draft) (page string) {
	w.Helper()
	w.wish(wish).want(202)
	return w.do("POST", w.links(w.asked())[0], nil).want(303).header.Get("Location")
}

// told delivers a comment to the one follower there is.
func (w *world) told(p posted) notify.Letter {
	w.Helper()
	box, c := &letterbox{}, w.comment(p)
	addressees, err := w.noteFollowUps(c)
	w.must(err)
	for _, a := range addressees {
		w.must(w.postman(box).DeliverFollowUp(w.Context(), notify.FollowUpNotice{SiteID: w.site.ID, CommentID: c.ID, FollowerID: a.FollowerID, EntryID: *c.Entry}))
	}
	if len(box.letters) != 1 {
		w.Fatalf("got %d letters, want one", len(box.letters))
	}
	return box.letters[0]
}

func (w *world) noteFollowUps(c models.Comment) (all []models.Addressee, err error) {
	err = w.flow.Store.Serve(w.Context(), w.site.ID, func(tx *models.Tx) error {
		a, err := tx.Announcement(w.Context(), w.site.ID, c.ID, *c.Entry)
		if err == nil {
			all, err = tx.NoteFollowUps(w.Context(), a, models.Round{Limit: 10, Now: w.flow.Now(), DueAt: w.flow.Now()})
		}
		return err
	})
	return all, err
}

// followState is all that following has stored.
func (w *world) followState() (state string) {
	w.Helper()
	w.must(w.flow.Store.Pool().QueryRow(w.Context(), `select concat_ws(E'\n', (select string_agg(f::text, ';' order by id) from followers f),
		(select string_agg(s::text, ';' order by id) from subscriptions s), (select string_agg(u::text, ';' order by comment_id) from follow_ups u),
		(select string_agg(c::text, ';' order by id) from comments c), (select count(*)::text from river_job), (select count(*)::text from idempotency_keys))`).Scan(&state))
	return state
}

func TestTheAnswerToAWishIsTheSameWhateverIsKnownOfTheAddress(t *testing.T) {
	w := newWorld(t)
	w.subscribed(draft{"email": "known@leser.example", "kind": "site"})
	w.send(newDraft("Text").by("Rosa", "writes@leser.example"))
	known := w.wish(draft{"email": "known@leser.example", "kind": "site"}).want(202)
	for _, email := range []string{"known@leser.example", "writes@leser.example", "new@leser.example"} {
		for _, kind := range []string{"site", "replies", "article"} {
			got := w.wish(draft{"email": email, "kind": kind, "article": article}).want(202)
			got.header.Del("Date")
			known.header.Del("Date")
			if string(got.body) != string(known.body) || !maps.EqualFunc(got.header, known.header, slices.Equal) {
				t.Errorf("%s, %s: got %s %v, want %s %v", email, kind, got.body, got.header, known.body, known.header)
			}
			page := w.do("POST", "/zeitung/subscriptions?article=x", url.Values{"email": {email}, "kind": {kind}, "pace": {"once"}}.Encode(), formType).want(202)
			if strings.Contains(string(page.body), email) {
				t.Errorf("%s, %s: the page repeats the address", email, kind)
			}
		}
	}
	w.mustNotAppear("@leser.example")
}

var formType = header("Content-Type", "application/x-www-form-urlencoded")

func TestAWishIsTakenOnceUnderItsKeyAndNamesWhatItLacks(t *testing.T) {
	w := newWorld(t)
	wish := draft{"email": "rosa@leser.example", "kind": "article", "article": article, "pace": "daily"}
	for range 2 {
		w.wish(wish, key("one")).want(202)
	}
	w.wish(draft{"email": "rosa@leser.example", "kind": "site"}, key("one")).refused(422)
	for field, bad := range map[string]draft{
		"email": {"email": "rosa", "kind": "site"}, "kind": {"email": "rosa@leser.example", "kind": "all"},
		"article": {"email": "rosa@leser.example", "kind": "article"}, "pace": {"email": "rosa@leser.example", "kind": "site", "pace": "weekly"},
	} {
		if p := w.wish(bad).refused(422); len(p.Errors) != 1 || p.Errors[0].Field != field {
			t.Errorf("%s: got %+v", field, p.Errors)
		}
	}
	w.wish(wish, header("Origin", "https://evil.example")).refused(403)
	back := string(w.do("POST", "/zeitung/subscriptions?article=x", url.Values{"email": {"typed@"}, "kind": {"site"}, "pace": {"daily"}}.Encode(), formType).want(422).body)
	for _, typed := range []string{`value="typed@"`, `value="site" checked`, `value="daily" selected`} {
		if !strings.Contains(back, typed) {
			t.Errorf("%s is lost in\n%s", typed, back)
		}
	}
}

// Mail programs and scanners open every link, often more than once and before anybody reads.
func TestAHundredPrefetchesOfEachMailedLinkChangeNothing(t *testing.T) {
	w := newWorld(t)
	w.subscribed(draft{"email": "rosa@leser.example", "kind": "article", "article": article})
	told := w.told(w.approve(w.send(newDraft("steht da"))))
	w.pass(2 * time.Hour)
	w.wish(draft{"email": "rosa@leser.example", "kind": "article", "article": article}).want(202)
	known := w.asked()
	w.wish(draft{"email": "rosa@leser.example", "kind": "site", "pace": "daily"}).want(202)
	links := append(append(w.links(told), w.links(known)...), w.links(w.asked())...)
	if len(links) < 6 {
		t.Fatalf("got the links %v: something is wrong with this test", links)
	}
	before := w.followState()
	for _, link := range links {
		for range 100 {
			w.get(link).want(200)
			w.do("HEAD", link, nil).want(200)
		}
	}
	if after := w.followState(); after != before {
		t.Errorf("got\n%s\nafter the prefetches, want\n%s", after, before)
	}
}

func TestOneClickEndsASubscriptionAsRFC8058AsksIt(t *testing.T) {
	w := newWorld(t)
	page := w.subscribed(draft{"email": "rosa@leser.example", "kind": "site"})
	told := w.told(w.approve(w.send(newDraft("steht da"))))
	way := strings.TrimPrefix(told.Unsubscribe, w.server.URL)
	if !slices.Contains(w.links(told), way) {
		t.Errorf("got the way out %s, want the one in the text", way)
	}
	multipart := "--b\r\nContent-Disposition: form-data; name=\"List-Unsubscribe\"\r\n\r\nOne-Click\r\n--b--\r\n"
	for kind, body := range map[string]string{"application/x-www-form-urlencoded": "List-Unsubscribe=One-Click", "multipart/form-data; boundary=b": multipart} {
		a := w.do("POST", way, body, header("Content-Type", kind), header("Origin", "https://mail.example"), header("Sec-Fetch-Site", "cross-site"))
		if a.want(200); len(a.header.Values("Set-Cookie")) > 0 {
			t.Errorf("%s: got a cookie", kind)
		}
	}
	if left := string(w.get(page).want(200).body); !strings.Contains(left, "Nichts.") || strings.Contains(left, "rosa@") {
		t.Errorf("got\n%s\nwant nothing left", left)
	}
	w.get(way).want(200)
	w.get(way + "x").want(404)
}

func TestOnThePageOfWhatIsFollowedEachIsChangedAndEnded(t *testing.T) {
	w := newWorld(t)
	page := w.subscribed(draft{"email": "rosa@leser.example", "kind": "site"})
	u, err := url.Parse(page)
	w.must(err)
	api, bearer := w.api("/followers/"+strings.TrimPrefix(u.Path, "/zeitung/followers/")), token(u.Query().Get("token"))
	type following struct {
		Email string
		Items []struct{ ID, Pace string }
	}
	show := func() following { return read[following](w.get(api, bearer).want(200)) }
	id := show().Items[0].ID
	form := func(act string) string {
		return url.Values{"token": {u.Query().Get("token")}, "subscription": {id}, "act": {act}}.Encode()
	}
	w.do("POST", u.Path, form("daily"), formType).want(303)
	if got := show(); got.Items[0].Pace != "daily" || got.Email != "rosa@leser.example" {
		t.Errorf("got %+v, want it once a day", got)
	}
	w.do("PATCH", api+"/subscriptions/"+id, draft{"pace": "once"}, bearer).want(200)
	w.do("PATCH", api+"/subscriptions/"+uuid.NewString(), draft{"pace": "once"}, bearer).want(404)
	w.do("PATCH", api+"/subscriptions/"+id, draft{"pace": "never"}, bearer).refused(422)
	w.do("PATCH", api+"/subscriptions/"+id, draft{"pace": "once"}, token("another")).want(404)
	if got := show(); got.Items[0].Pace != "once" {
		t.Errorf("got %+v, want it at once", got)
	}
	w.do("POST", u.Path, form("never"), formType).want(422)
	w.do("POST", u.Path, form("end"), formType).want(303)
	w.do("DELETE", api+"/subscriptions/"+id, nil, bearer).want(204)
	if got := show(); len(got.Items) != 0 || got.Email != "" {
		t.Errorf("got %+v, want nothing", got)
	}
}

func TestWhatTheMailsDoTheAPIDoesToo(t *testing.T) {
	w := newWorld(t)
	w.wish(draft{"email": "rosa@leser.example", "kind": "article", "article": article, "pace": "daily"}).want(202)
	part := func(link string) (id, t string) {
		u, err := url.Parse(link)
		w.must(err)
		return strings.Split(u.Path, "/")[3], u.Query().Get("token")
	}
	links := w.links(w.asked())
	id, confirm := part(links[0])
	_, end := part(links[1])
	w.do("POST", w.api("/subscriptions/"+id+"/confirm"), nil, token(end)).refused(404)
	all := read[struct {
		ID    string `json:"follower_id"`
		Token string `json:"follower_token"`
	}](w.do("POST", w.api("/subscriptions/"+id+"/confirm"), nil, token(confirm)).want(200))
	w.get(w.api("/followers/"+all.ID), token(all.Token)).want(200)
	w.do("DELETE", w.api("/digests/"+all.ID), nil, token(all.Token)).refused(404)
	w.do("DELETE", w.api("/subscriptions/"+id), nil, token(end)).want(204)
	w.do("POST", w.api("/subscriptions/"+id+"/confirm"), nil, token(confirm)).refused(404)
}

func TestAnAuthorIsToldThatFollowingHasToBeConfirmed(t *testing.T) {
	w := newWorld(t)
	form := url.Values{"article_key": {"x"}, "name": {"Rosa"}, "email": {"rosa@leser.example"}, "body": {"Ein Text"}, "rules_version": {"1"}, "subscribe": {"replies"}}
	own := w.do("POST", "/zeitung/thread?article=x", form.Encode(), formType).want(303).header.Get("Location")
	if page := string(w.get(own).want(200).body); !strings.Contains(page, "bestätigen Sie das bitte") {
		t.Errorf("got\n%s\nwant it said that it has to be confirmed", page)
	}
	form.Del("email")
	back := string(w.do("POST", "/zeitung/thread?article=x", form.Encode(), formType).want(422).body)
	if !strings.Contains(back, "email-error") || !strings.Contains(back, `value="replies" selected`) {
		t.Error("got no word that the address is missing, or what was chosen is lost")
	}
	w.do("POST", w.api("/comments"), newDraft("Noch ein Text").by("Rosa", "rosa@leser.example").with("subscribe", "article")).want(202)
	if l := w.asked(); l.To != "rosa@leser.example" || !strings.Contains(l.Text, "Neue Kommentare zu einem Artikel") || strings.Contains(l.Text, "Der Artikel") {
		t.Errorf("got\n%s\nwant it without the title that nobody approved", l.Text)
	}
}
