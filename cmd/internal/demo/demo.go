// Package demo is an invented newspaper with invented readers, for whoever wants to see the program at work.
package demo

import (
	"context"
	_ "embed"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net/url"
	"strings"
	"time"

	"github.com/goccy/go-yaml"
	"github.com/google/uuid"

	"plenum/models"
	"plenum/moderation"
	"plenum/templates"
)

//go:embed demo.yaml
var text []byte

// The demo's staff. The password is no secret: it is printed, and the demo is for one's own machine.
const (
	ModeratorEmail = "vogt@example.org"
	EditorEmail    = "weber@example.org"
	AdminEmail     = "brandt@example.org"
	Password       = "plenum-demo"
)

type content struct {
	Site struct {
		Slug, Name, Locale string
	}
	Notice   map[string]string
	Articles []article
	Comments []comment
}

type article struct {
	Slug, Title, Section, Author, Lead string
	DaysAgo                            int `yaml:"days_ago"`
	Body                               []string
}

type comment struct {
	Label, Article, Parent, Name, Email, Locale, Body string
	MinutesAgo                                        int `yaml:"minutes_ago"`
	Fate, Role, Edit, Statement, Note, Appeal         string
	Rules                                             []string
	Reports                                           []struct{ Rule, Text, Email string }
}

// key names an article to Plenum. It has no host in it, so that the demo may move to another port.
func (a article) key() string { return a.Slug }

func read() (content, error) {
	var c content
	if err := yaml.UnmarshalWithOptions(text, &c, yaml.DisallowUnknownField()); err != nil {
		return content{}, fmt.Errorf("read the demo: %w", err)
	}
	return c, nil
}

// Fill makes the demo's site, staff and comments, all through the program's own verbs, unless the site is there
// already, and answers the newspaper's pages by the last part of their path.
func Fill(ctx context.Context, flow *moderation.Flow, base *url.URL) (map[string]templates.DemoArticle, error) {
	c, err := read()
	if err != nil {
		return nil, err
	}
	site, err := flow.Store.Site(ctx, c.Site.Slug)
	if errors.Is(err, models.ErrNotFound) {
		site, err = fill(ctx, flow, c, base)
	}
	if err != nil {
		return nil, fmt.Errorf("fill the demo: %w", err)
	}
	return c.pages(site, base, flow.Now()), nil
}

func fill(ctx context.Context, flow *moderation.Flow, c content, base *url.URL) (models.Site, error) {
	site, err := flow.CreateSite(ctx, moderation.NewSite{Slug: c.Site.Slug, Name: c.Site.Name, Locale: c.Site.Locale, Origins: origins(base)})
	if err != nil {
		return site, err
	}
	staff := []moderation.NewModerator{
		{Email: ModeratorEmail, Name: "M. Vogt", Password: Password, Role: moderation.RoleModerator, Locale: c.Site.Locale},
		{Email: EditorEmail, Name: "A. Weber", Password: Password, Role: moderation.RoleEditor, Locale: c.Site.Locale},
		{Email: AdminEmail, Name: "K. Brandt", Password: Password, Role: moderation.RoleAdmin, Locale: c.Site.Locale},
	}
	s := &story{flow: flow, site: site, content: c, base: base, now: flow.Now(), written: map[string]moderation.Receipt{}}
	for i, person := range staff {
		if err := flow.CreateModerator(ctx, site, person); err != nil {
			return site, err
		}
		m, err := flow.Store.ModeratorByEmail(ctx, person.Email)
		if err != nil {
			return site, err
		}
		s.staff[i] = moderation.Actor{ID: m.ID, Name: m.Name, Email: m.Email, Role: person.Role}
	}
	return site, s.tell(ctx)
}

// origins are the base URL's, and on this machine both its usual names.
func origins(base *url.URL) []string {
	all := []string{base.Scheme + "://" + base.Host}
	if base.Hostname() != "localhost" && base.Hostname() != "127.0.0.1" {
		return all
	}
	for _, name := range []string{"localhost", "127.0.0.1"} {
		if other := base.Scheme + "://" + strings.Replace(base.Host, base.Hostname(), name, 1); other != all[0] {
			all = append(all, other)
		}
	}
	return all
}

func (c content) pages(site models.Site, base *url.URL, now time.Time) map[string]templates.DemoArticle {
	var links []templates.DemoLink
	for _, a := range c.Articles {
		links = append(links, templates.DemoLink{Slug: a.Slug, Title: a.Title, Lead: a.Lead})
	}
	page := templates.DemoArticle{SiteName: site.Name, Notice: c.Notice[site.Locale], Site: templates.Site{Slug: site.Slug, Name: site.Name},
		BaseURL: base.String(), Others: links, Front: true, Title: site.Name}
	pages := map[string]templates.DemoArticle{"": page}
	for i, a := range c.Articles {
		p := page
		p.Front, p.URL, p.Slug, p.Title, p.Lead, p.Author, p.Section, p.Body = false, a.key(), a.Slug, a.Title, a.Lead, a.Author, a.Section, a.Body
		p.Date, p.Others = now.AddDate(0, 0, -a.DaysAgo), append(append([]templates.DemoLink{}, links[:i]...), links[i+1:]...)
		pages[a.Slug] = p
	}
	return pages
}

// Greet says where to look and how to sign in.
func Greet(out io.Writer, base *url.URL, mails string) {
	fmt.Fprintf(out, `
  Plenum is running, with an invented newspaper.

  An article with its comments   %[1]s/demo/radweg
  The newspaper's front page     %[1]s/demo
  The desk                       %[1]s/desk
      sign in as                 %[2]s   (moderator)
      or as                      %[3]s  (editor)
      or as                      %[4]s (admin)
      password                   %[5]s
  Mails are written to           %[6]s

  Stop with Ctrl-C. What was written stays in the data folder.

`, base, ModeratorEmail, EditorEmail, AdminEmail, Password, mails)
}

// idAt is a UUIDv7 of the given moment (RFC 9562 §5.7), so that invented comments lie in the order of their times.
func idAt(t time.Time) uuid.UUID {
	id := uuid.Must(uuid.NewV7())
	var ms [8]byte
	binary.BigEndian.PutUint64(ms[:], uint64(t.UnixMilli()))
	copy(id[:6], ms[2:])
	return id
}
