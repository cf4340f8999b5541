package notify

import (
	"context"
	"errors"
	"fmt"

	"github.com/google/uuid"

	"plenum/models"
	"plenum/templates"
)

// InquiryNotice is a job: send the link of an inquiry.
type InquiryNotice struct {
	SiteID    uuid.UUID `json:"site_id"`
	InquiryID uuid.UUID `json:"inquiry_id"`
}

// Kind names the job in its row.
func (InquiryNotice) Kind() string { return "notify_inquiry" }

// DeliverInquiry sends the link, unless nothing is kept under the address, or the link is over.
func (p *Postman) DeliverInquiry(ctx context.Context, n InquiryNotice) error {
	letter, err := p.inquiryLetter(ctx, n)
	if err == nil && letter.To != "" {
		err = p.Sender.Send(ctx, letter)
	}
	if err != nil {
		return fmt.Errorf("deliver inquiry %s: %w", n.InquiryID, err)
	}
	return nil
}

func (p *Postman) inquiryLetter(ctx context.Context, n InquiryNotice) (l Letter, err error) {
	i, err := p.Store.Inquiry(ctx, n.SiteID, n.InquiryID)
	if errors.Is(err, models.ErrNotFound) || err == nil && !i.ExpiresAt.After(p.Now()) {
		return l, nil
	}
	if err != nil {
		return l, err
	}
	known, err := p.Store.Known(ctx, n.SiteID, i.AddressHash)
	if err != nil || !known {
		return l, err
	}
	site, err := p.Store.SiteByID(ctx, n.SiteID)
	if err != nil {
		return l, err
	}
	l = Letter{ID: fmt.Sprintf("inquiry.%s@%s", n.InquiryID, p.BaseURL.Hostname()), SiteID: site.ID, FromName: site.Name, To: i.Email, Date: p.Now(), Locale: i.Locale}
	m := templates.InquiryMail{Site: templates.Site{Slug: site.Slug, Name: site.Name}, URL: links{p, site, i.Locale}.inquiry(n.InquiryID), Until: i.ExpiresAt}
	l.Subject, l.Text, l.HTML, err = p.Templates.InquiryMail(i.Locale, m)
	return l, err
}
