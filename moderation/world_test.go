package moderation_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/uuid"

	"plenum/models"
	"plenum/models/modeltest"
	"plenum/moderation"
)

const secret = "a secret of thirty-two characters"

// world is a site with its staff, on a database of its own, at a time that tests set.
type world struct {
	testing.TB
	flow                     *moderation.Flow
	site                     models.Site
	moderator, other, editor moderation.Actor
	now                      time.Time
	n                        int
}

func newWorld(t testing.TB) *world {
	t.Helper()
	w := &world{TB: t, flow: moderation.New(modeltest.Open(t), []byte(secret)), now: time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)}
	w.flow.Now = func() time.Time { return w.now }
	w.flow.Unlimited = true
	created := w.newSite("news")
	site, err := w.flow.Store.SiteByID(t.Context(), created.ID) // with what the schema gives a new site
	w.must(err)
	w.site = site
	return w
}

// newSite makes a site with two moderators and an editor.
func (w *world) newSite(slug string) models.Site {
	w.Helper()
	site, err := w.flow.CreateSite(w.Context(), moderation.NewSite{Slug: slug, Name: "News", Locale: "de", Origins: []string{"https://news.example"}})
	w.must(err)
	w.moderator, w.other = w.staff(site, "mo", moderation.RoleModerator), w.staff(site, "ma", moderation.RoleModerator)
	w.editor = w.staff(site, "ed", moderation.RoleEditor)
	return site
}

func (w *world) staff(site models.Site, name, role string) moderation.Actor {
	w.Helper()
	m := models.Moderator{ID: uuid.Must(uuid.NewV7()), Email: fmt.Sprintf("%s.%s@news.example", name, site.Slug), Name: name, PasswordHash: "x", Locale: "de", CreatedAt: w.now}
	w.must(w.flow.Store.CreateModerator(w.Context(), m, site.ID, role))
	return moderation.Actor{ID: m.ID, Name: name, Email: m.Email, Role: role}
}

// submission is a comment that nobody wrote before.
func (w *world) submission() moderation.Submission {
	w.n++
	return moderation.Submission{Article: moderation.ArticleName{Key: "a", Title: "An article"}, Name: "Ann", Body: fmt.Sprintf("text number %d", w.n), RulesVersion: 1}
}

func (w *world) submit(s moderation.Submission) moderation.Receipt {
	w.Helper()
	r, err := w.flow.Submit(w.Context(), w.site, s)
	w.must(err)
	return r
}

// decide asks for a decision on the comment as it is now.
func (w *world) decide(actor moderation.Actor, id uuid.UUID, action string, rules ...string) error {
	w.Helper()
	_, err := w.flow.Decide(w.Context(), w.site, actor, moderation.Verdict{CommentID: id, Version: w.comment(id).Version, Action: action, Rules: rules})
	return err
}

func (w *world) comment(id uuid.UUID) models.Comment {
	w.Helper()
	c, err := w.flow.Store.Comment(w.Context(), w.site.ID, id)
	w.must(err)
	return c
}

func (w *world) must(err error) {
	w.Helper()
	if err != nil {
		w.Fatal(err)
	}
}
