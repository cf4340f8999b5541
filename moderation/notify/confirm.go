package notify

import (
	"context"
	"errors"
	"fmt"

	"plenum/models"
	"plenum/templates"
)

// DeliverConfirm mails the link that confirms an address, unless that has happened or the comment was taken back. The
// letter says nothing of what was typed: anybody may have typed it, and any address.
func (p *Postman) DeliverConfirm(ctx context.Context, n ConfirmNotice) error {
	site, err := p.Store.SiteByID(ctx, n.SiteID)
	var u models.Unconfirmed
	if err == nil {
		u, err = p.Store.Unconfirmed(ctx, n.SiteID, n.CommentID)
	}
	if errors.Is(err, models.ErrNotFound) || err == nil && u.Email == nil {
		return nil
	}
	if err == nil {
		err = p.sendConfirm(ctx, site, u)
	}
	if err != nil {
		return fmt.Errorf("deliver the confirmation of comment %s: %w", n.CommentID, err)
	}
	return nil
}

func (p *Postman) sendConfirm(ctx context.Context, site models.Site, u models.Unconfirmed) error {
	subject, text, html, err := p.Templates.ConfirmMail(u.Locale, templates.ConfirmMail{
		Site: templates.Site{Slug: site.Slug, Name: site.Name}, URL: links{p, site, u.Locale}.confirmComment(u.ID), Until: u.ExpiresAt})
	if err != nil {
		return err
	}
	return p.Sender.Send(ctx, Letter{ID: fmt.Sprintf("confirm.%s@%s", u.ID, p.BaseURL.Hostname()), SiteID: site.ID, FromName: site.Name, To: *u.Email,
		Subject: subject, Text: text, HTML: html, Date: p.Now(), Locale: u.Locale})
}
