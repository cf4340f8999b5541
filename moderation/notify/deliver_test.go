package notify_test

import (
	"errors"
	"io"
	"net/mail"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"plenum/models"
	"plenum/models/modeltest"
	"plenum/moderation"
	"plenum/moderation/notify"
	"plenum/static"
	"plenum/templates"
)

const secret = "a secret of thirty-two characters"

// world is a site with a comment whose author left an address.
type world struct {
	*testing.T
	flow  *moderation.Flow
	site  models.Site
	actor moderation.Actor
	id    uuid.UUID
	token string
}

func newWorld(t *testing.T, locale, email string) *world {
	t.Helper()
	w := &world{T: t, flow: moderation.New(modeltest.Open(t), []byte(secret))}
	site, err := w.flow.CreateSite(t.Context(), moderation.NewSite{Slug: "news", Name: "The News", Locale: locale, Origins: []string{"https://news.example"}})
	w.must(err)
	w.site = site
	m := models.Moderator{ID: uuid.Must(uuid.NewV7()), Email: "mo@news.example", Name: "Mo", PasswordHash: "x", Locale: "de", CreatedAt: time.Now()}
	w.must(w.flow.Store.CreateModerator(t.Context(), m, site.ID, moderation.RoleModerator))
	w.actor = moderation.Actor{ID: m.ID, Name: m.Name, Email: m.Email, Role: moderation.RoleModerator}
	r, err := w.flow.Submit(t.Context(), site, moderation.Submission{Article: moderation.ArticleName{Key: "a", Title: "Zwölf Räder"}, Name: "Ann", Email: email,
		Body: "I *think* so.", RulesVersion: 1, Locale: locale})
	w.must(err)
	w.id, w.token = r.ID, r.ManageToken
	return w
}

func (w *world) decide(action string, version int, rules ...string) notify.Notice {
	w.Helper()
	e, err := w.flow.Decide(w.Context(), w.site, w.actor, moderation.Verdict{CommentID: w.id, Version: version, Action: action, Rules: rules, Statement: statement(action)})
	w.must(err)
	about := map[string]string{moderation.Approve: notify.Published, moderation.Reject: notify.Refused, moderation.Remove: notify.Refused}[action]
	return notify.Notice{SiteID: w.site.ID, CommentID: w.id, About: about, EntryID: e.ID}
}

func statement(action string) string {
	if action == moderation.Reject {
		return "Ohne den letzten Satz gern."
	}
	return ""
}

func (w *world) postman(sender notify.Sender) *notify.Postman {
	w.Helper()
	set, err := templates.New(static.URL)
	w.must(err)
	base, err := url.Parse("https://comments.example")
	w.must(err)
	return notify.NewPostman(w.flow.Store, set, sender, base, []byte(secret))
}

func (w *world) must(err error) {
	w.Helper()
	if err != nil {
		w.Fatal(err)
	}
}

func TestALetterGoesOutOverTLSAndSignedIn(t *testing.T) {
	w, l := newWorld(t, "de", "ann@example.org"), listen(t)
	server, err := notify.NewSMTP("smtp://plenum:secret@"+l.address, "comments@news.example")
	w.must(err)
	w.must(w.postman(server).Deliver(t.Context(), w.decide(moderation.Reject, 1, "respect")))
	letters := l.received()
	if len(letters) != 1 || !l.signed {
		t.Fatalf("got %d letters, signed in %v, want one", len(letters), l.signed)
	}
	letter, err := mail.ReadMessage(strings.NewReader(letters[0]))
	w.must(err)
	body, err := io.ReadAll(letter.Body)
	w.must(err)
	text := strings.ReplaceAll(string(body), "=\r\n", "")
	for _, want := range []string{"multipart/alternative", "Regel 2", "Ohne den letzten Satz gern.", "comments.example/news/comments/" + w.id.String()} {
		if !strings.Contains(letter.Header.Get("Content-Type")+text, want) {
			t.Errorf("the letter lacks %q:\n%s", want, text)
		}
	}
	from, err := mail.ParseAddress(letter.Header.Get("From"))
	w.must(err)
	to, err := mail.ParseAddress(letter.Header.Get("To"))
	w.must(err)
	if from.Name != "The News" || from.Address != "comments@news.example" || to.Address != "ann@example.org" {
		t.Errorf("got a letter from %v to %v", from, to)
	}
	for header, want := range map[string]string{"Content-Language": "de", "Auto-Submitted": "auto-generated",
		"In-Reply-To": "<received." + w.id.String() + "@comments.example>"} {
		if got := letter.Header.Get(header); got != want {
			t.Errorf("got %s: %s, want %s", header, got, want)
		}
	}
}

func TestARefusalForGoodIsNotTriedAgainAndAPassingOneIs(t *testing.T) {
	w := newWorld(t, "en", "ann@example.org")
	notice := w.decide(moderation.Approve, 1)
	for code, forGood := range map[int]bool{451: false, 550: true} {
		l := listen(t, code)
		server, err := notify.NewSMTP("smtp://"+l.address+"?tls=off", "comments@news.example")
		w.must(err)
		if err := w.postman(server).Deliver(t.Context(), notice); err == nil || errors.Is(err, notify.ErrRefused) != forGood {
			t.Errorf("%d: got %v, want refused for good %v", code, err, forGood)
		}
		w.must(w.postman(server).Deliver(t.Context(), notice))
		if got := len(l.received()); got != 1 {
			t.Errorf("%d: got %d letters at the second try, want 1", code, got)
		}
	}
}

func TestTheFolderHoldsALetterOnceHoweverOftenItIsDelivered(t *testing.T) {
	w := newWorld(t, "en", "ann@example.org")
	folder := notify.Folder{Path: filepath.Join(t.TempDir(), "mail"), From: "comments@news.example"}
	received := notify.Notice{SiteID: w.site.ID, CommentID: w.id, About: notify.Received}
	published := w.decide(moderation.Approve, 1)
	for range 2 {
		w.must(w.postman(folder).Deliver(t.Context(), received))
		w.must(w.postman(folder).Deliver(t.Context(), published))
	}
	files, err := os.ReadDir(folder.Path)
	w.must(err)
	if len(files) != 2 {
		t.Errorf("got %d files, want 2: %v", len(files), files)
	}
}

func TestWhatNoLongerStandsIsNotTold(t *testing.T) {
	w, l := newWorld(t, "de", "ann@example.org"), listen(t)
	server, err := notify.NewSMTP("smtp://"+l.address+"?tls=off", "comments@news.example")
	w.must(err)
	undone := w.decide(moderation.Approve, 1)
	w.decide(moderation.Undo, 2)
	w.must(w.postman(server).Deliver(t.Context(), undone))
	spam := w.decide(moderation.Spam, 3)
	w.must(w.postman(server).Deliver(t.Context(), notify.Notice{SiteID: w.site.ID, CommentID: w.id, About: notify.Received, EntryID: uuid.Nil}))
	w.must(w.flow.Withdraw(t.Context(), w.site, w.id, w.token))
	spam.About = notify.Refused
	w.must(w.postman(server).Deliver(t.Context(), spam))
	nobody := newWorld(t, "de", "")
	nobody.must(nobody.postman(server).Deliver(t.Context(), nobody.decide(moderation.Approve, 1)))
	if got := l.received(); len(got) != 0 {
		t.Errorf("got %d letters, want none: %s", len(got), got)
	}
}

func TestAddressesOfMailServersAreRead(t *testing.T) {
	for address, ok := range map[string]bool{"smtp://mail.example:587": true, "smtps://u:p@mail.example": true, "mail.example:25": false,
		"http://mail.example": false, "smtp://mail.example?tls=maybe": false, "smtp://": false} {
		if _, err := notify.NewSMTP(address, "a@b.example"); (err == nil) != ok {
			t.Errorf("%s: got %v, want it read %v", address, err, ok)
		}
	}
}
