package notify

import (
	"context"
	"fmt"
	"net/url"

	"github.com/google/uuid"

	"plenum/templates"
)

// SpreeNotice is a job: tell an editor or admin that somebody of the staff decides far more than is usual.
type SpreeNotice struct {
	SiteID      uuid.UUID `json:"site_id"`
	SpreeID     uuid.UUID `json:"spree_id"`
	ModeratorID uuid.UUID `json:"moderator_id"` // who is told
}

// Kind names the job in its row.
func (SpreeNotice) Kind() string { return "notify_spree" }

// DeliverSpree tells them, unless they no longer serve the site.
func (p *Postman) DeliverSpree(ctx context.Context, n SpreeNotice) error {
	letter, err := p.spreeLetter(ctx, n)
	if err == nil && letter.To != "" {
		err = p.Sender.Send(ctx, letter)
	}
	if err != nil {
		return fmt.Errorf("deliver the alarm %s to %s: %w", n.SpreeID, n.ModeratorID, err)
	}
	return nil
}

func (p *Postman) spreeLetter(ctx context.Context, n SpreeNotice) (l Letter, err error) {
	to, err := p.serving(ctx, n.SiteID, n.ModeratorID)
	if err != nil || to == nil {
		return l, err
	}
	site := to.site
	s, err := p.Store.Spree(ctx, n.SiteID, n.SpreeID)
	if err != nil {
		return l, err
	}
	link := p.BaseURL.JoinPath("desk", site.Slug, "sprees")
	link.RawQuery = url.Values{"by": {s.ModeratorID.String()}, "from": {s.StartedAt.UTC().Format("2006-01-02T15:04")}}.Encode()
	m := templates.SpreeMail{Kind: s.Kind, Site: templates.Site{Slug: site.Slug, Name: site.Name}, Name: to.Name, Who: s.Name, Count: s.Count, Usual: s.Usual,
		Since: s.StartedAt, URL: link.String()}
	l = Letter{ID: fmt.Sprintf("spree.%s.%s@%s", n.SpreeID, n.ModeratorID, p.BaseURL.Hostname()), SiteID: site.ID, FromName: site.Name, To: to.Email, Date: p.Now(), Locale: to.Locale}
	l.Subject, l.Text, l.HTML, err = p.Templates.SpreeMail(to.Locale, m)
	return l, err
}
