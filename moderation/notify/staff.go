package notify

import (
	"context"
	"errors"
	"fmt"

	"github.com/google/uuid"

	"plenum/models"
	"plenum/templates"
)

// alertItems is how many comments a mail links to.
const alertItems = 10

// DeliverAlert tells a moderator what waits, unless nothing does any more, or they no longer serve the site.
func (p *Postman) DeliverAlert(ctx context.Context, n StaffNotice) error {
	letter, err := p.alertLetter(ctx, n)
	if err == nil && letter.To != "" {
		err = p.Sender.Send(ctx, letter)
	}
	if err != nil {
		return fmt.Errorf("deliver alert of site %s to %s: %w", n.SiteID, n.ModeratorID, err)
	}
	return nil
}

// recipient is the moderator whom a letter about a site goes to.
type recipient struct {
	models.Moderator
	site models.Site
}

// serving finds whom a letter goes to; nil where they no longer serve the site.
func (p *Postman) serving(ctx context.Context, siteID, moderatorID uuid.UUID) (*recipient, error) {
	site, err := p.Store.SiteByID(ctx, siteID)
	if err != nil {
		return nil, err
	}
	if _, err := p.Store.Membership(ctx, siteID, moderatorID); errors.Is(err, models.ErrNotFound) {
		return nil, nil
	} else if err != nil {
		return nil, err
	}
	to, err := p.Store.ModeratorByID(ctx, moderatorID)
	return &recipient{to, site}, err
}

func (p *Postman) alertLetter(ctx context.Context, n StaffNotice) (l Letter, err error) {
	to, err := p.serving(ctx, n.SiteID, n.ModeratorID)
	if err != nil || to == nil {
		return l, err
	}
	site := to.site
	m := templates.AlertMail{Kind: n.About, Site: templates.Site{Slug: site.Slug, Name: site.Name}, Name: to.Name,
		DeskURL: p.BaseURL.JoinPath("desk", site.Slug, "queue").String(), SettingsURL: p.BaseURL.JoinPath("desk", "preferences").String()}
	if err := p.waiting(ctx, site, &m); err != nil || len(m.Items)+len(m.Lanes) == 0 {
		return l, err
	}
	l = Letter{ID: fmt.Sprintf("alert.%s.%s.%s.%d@%s", n.About, n.SiteID, n.ModeratorID, n.At.Unix(), p.BaseURL.Hostname()), SiteID: site.ID, FromName: site.Name,
		To: to.Email, Date: p.Now(), Locale: to.Locale}
	l.Subject, l.Text, l.HTML, err = p.Templates.AlertMail(to.Locale, m)
	return l, err
}

// waiting adds what waits now: the most urgent comments by their links, the other lanes by their numbers.
func (p *Postman) waiting(ctx context.Context, site models.Site, m *templates.AlertMail) error {
	page := models.QueuePage{Lane: models.LanePending, Sort: models.SortUrgent, Now: p.Now(), Limit: alertItems}
	sites := []uuid.UUID{site.ID}
	items, err := p.Store.QueueAcross(ctx, sites, page)
	if err != nil {
		return err
	}
	for _, w := range items {
		url := p.BaseURL.JoinPath("desk", site.Slug, "comments", w.ID.String()).String()
		m.Items = append(m.Items, templates.AlertItem{Article: w.ArticleTitle, URL: url, Waited: p.Now().Sub(w.Since)})
	}
	totals, err := p.Store.QueueTotals(ctx, sites, page)
	for _, lane := range []templates.Lane{{Key: models.LaneEdited, Total: totals.Edited}, {Key: models.LaneReported, Total: totals.Reported},
		{Key: models.LaneAppealed, Total: totals.Appealed}} {
		if lane.Total > 0 {
			m.Lanes = append(m.Lanes, lane)
		}
	}
	return err
}
