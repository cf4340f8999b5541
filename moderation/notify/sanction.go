package notify

import (
	"context"
	"fmt"
	"slices"

	"github.com/google/uuid"

	"plenum/models"
	"plenum/templates"
)

// Sanction is the kind of the mail about a warning, a pause or a ban.
const Sanction = "sanction"

// DeliverSanction tells an author, unless what the notice is about was lifted before it was told.
func (p *Postman) DeliverSanction(ctx context.Context, n SanctionNotice) error {
	letter, err := p.sanctionLetter(ctx, n)
	if err == nil && letter.To != "" {
		err = p.Sender.Send(ctx, letter)
	}
	if err != nil {
		return fmt.Errorf("deliver sanction %s: %w", n.SanctionID, err)
	}
	return nil
}

// sanctionLetter writes the letter; without an address where there is nobody or nothing to tell.
func (p *Postman) sanctionLetter(ctx context.Context, n SanctionNotice) (l Letter, err error) {
	site, err := p.Store.SiteByID(ctx, n.SiteID)
	if err != nil {
		return l, err
	}
	var s models.Sanction
	m := templates.SanctionMail{Site: templates.Site{Slug: site.Slug, Name: site.Name}}
	locale := site.Locale
	err = p.Store.Serve(ctx, n.SiteID, func(tx *models.Tx) error {
		if s, err = tx.Sanction(ctx, n.SiteID, n.SanctionID); err != nil || (s.Lifted != nil) != (n.EntryID != uuid.Nil) {
			return err
		}
		author, err := tx.Author(ctx, n.SiteID, s.AuthorID)
		if err != nil || author.Email == nil {
			return err
		}
		l.To = *author.Email
		written, _, err := tx.WrittenComments(ctx, n.SiteID, models.AuthorPage{AuthorID: s.AuthorID, Limit: 1})
		if err != nil {
			return err
		}
		for _, c := range written {
			m.Name, locale = c.AuthorName, c.Locale
		}
		return p.grounds(ctx, tx, s, locale, &m)
	})
	if err != nil || l.To == "" {
		return Letter{}, err
	}
	if m.Kind = s.Kind; n.EntryID != uuid.Nil {
		m.Kind = "lift"
	}
	l = Letter{ID: p.sanctionMessageID(n), SiteID: site.ID, FromName: site.Name, To: l.To, Date: p.Now(), Locale: locale}
	if n.EntryID != uuid.Nil {
		l.ReferenceID = p.sanctionMessageID(SanctionNotice{SanctionID: n.SanctionID})
	}
	l.Subject, l.Text, l.HTML, err = p.Templates.SanctionMail(locale, m)
	return l, err
}

// grounds adds the end, the rules in the wording of the decision, and its statement.
func (p *Postman) grounds(ctx context.Context, tx *models.Tx, s models.Sanction, locale string, m *templates.SanctionMail) error {
	if s.Until != nil {
		m.Until = *s.Until
	}
	laid, err := tx.Entry(ctx, s.SiteID, s.Entry)
	if err != nil {
		return err
	}
	written, err := tx.EntryStatements(ctx, s.SiteID, s.Entry)
	if err != nil {
		return err
	}
	for _, w := range written {
		if w.Kind == models.KindStatement {
			m.Statement = w.Text
		}
	}
	rules, err := tx.Rules(ctx, s.SiteID, laid.RulesVersion)
	if err != nil {
		return err
	}
	site, err := tx.SiteByID(ctx, s.SiteID)
	set, _ := rules.In(locale, site.Locale)
	for _, r := range set.Rules {
		if slices.Contains(laid.Rules, r.Code) {
			m.RulesBroken = append(m.RulesBroken, templates.Rule{Number: r.Number, Code: r.Code, Title: r.Title, Text: r.Text})
		}
	}
	return err
}

// sanctionMessageID is the same at each try of the same notice.
func (p *Postman) sanctionMessageID(n SanctionNotice) string {
	id := n.SanctionID.String()
	if n.EntryID != uuid.Nil {
		id += "." + n.EntryID.String()
	}
	return fmt.Sprintf("%s.%s@%s", Sanction, id, p.BaseURL.Hostname())
}
