package moderation

import (
	"context"
	"fmt"
	"net/netip"
	"strings"
	"time"

	"github.com/google/uuid"

	"plenum/models"
	"plenum/moderation/internal/keys"
	"plenum/moderation/notify"
)

// inquiryLifetime is how long a mailed link is good: hours of the rule "inquiry" of the data map.
const inquiryLifetime = time.Hour

// Asking is a reader's question what is kept under an address.
type Asking struct {
	Email   string
	Locale  string     // of the mail; empty: the site's
	Network netip.Addr // that it came from; zero: not known
}

// Inquire sends a link to the address, by which everything under it can be had or erased. It does the same for every
// address, so that neither the answer nor its time tells whether anything is kept: the job finds out, and sends nothing
// to whom nothing is known of.
func (f *Flow) Inquire(ctx context.Context, site models.Site, a Asking) error {
	a.Email = strings.TrimSpace(a.Email)
	if a.Locale == "" {
		a.Locale = site.Locale
	}
	err := f.Store.Serve(ctx, site.ID, func(tx *models.Tx) error {
		if err := f.asked(ctx, tx, attempt{siteID: site.ID, what: "inquiries", network: a.Network, email: a.Email}); err != nil {
			return err
		}
		i := models.Inquiry{SiteID: site.ID, ID: f.NewID(), AddressHash: f.keys.Address(site.ID, a.Email), Email: a.Email, Locale: a.Locale,
			CreatedAt: f.now(), ExpiresAt: f.now().Add(inquiryLifetime)}
		if err := tx.Inquire(ctx, i); err != nil {
			return err
		}
		return tx.Enqueue(ctx, notify.InquiryNotice{SiteID: site.ID, InquiryID: i.ID}, time.Time{})
	})
	if err != nil {
		return fmt.Errorf("inquire: %w", err)
	}
	return nil
}

// Inquiry finds an inquiry by the token of its link, and changes nothing. With another token, or once it is used up or
// over, there is no such inquiry.
func (f *Flow) Inquiry(ctx context.Context, site models.Site, id uuid.UUID, token string) (models.Inquiry, error) {
	if !f.keys.Allows(token, keys.Inquiry, site.ID, id) {
		return models.Inquiry{}, fmt.Errorf("inquiry %s: %w", id, models.ErrNotFound)
	}
	i, err := f.Store.Inquiry(ctx, site.ID, id)
	if err == nil && !i.ExpiresAt.After(f.now()) {
		err = fmt.Errorf("inquiry %s: %w", id, models.ErrNotFound)
	}
	return i, err
}

// ExportByInquiry hands out everything under the address, once.
func (f *Flow) ExportByInquiry(ctx context.Context, site models.Site, id uuid.UUID, token string) (p Person, err error) {
	err = f.inquired(ctx, site, id, token, func(tx *models.Tx, i models.Inquiry) error {
		if i.ExportedAt != nil {
			return invalid("", "refusal.inquiry_used")
		}
		if p, err = f.person(ctx, tx.Queries, site, i.AddressHash); err != nil {
			return err
		}
		return tx.UseInquiry(ctx, site.ID, id, f.now())
	})
	return p, err
}

// EraseByInquiry erases everything under the address, as ErasePerson does. The link is of no more use then.
func (f *Flow) EraseByInquiry(ctx context.Context, site models.Site, id uuid.UUID, token string) (erased Erased, err error) {
	err = f.inquired(ctx, site, id, token, func(tx *models.Tx, i models.Inquiry) error {
		erased, err = f.erasePerson(ctx, tx, site, i.AddressHash)
		return err
	})
	return erased, err
}

// inquired runs a use of an inquiry in a transaction that holds it.
func (f *Flow) inquired(ctx context.Context, site models.Site, id uuid.UUID, token string, use func(*models.Tx, models.Inquiry) error) error {
	if _, err := f.Inquiry(ctx, site, id, token); err != nil {
		return err
	}
	return f.Store.Serve(ctx, site.ID, func(tx *models.Tx) error {
		i, err := tx.LockInquiry(ctx, site.ID, id)
		if err != nil {
			return err
		}
		return use(tx, i)
	})
}

// InquiryToken is what the link of an inquiry shows.
func (f *Flow) InquiryToken(siteID, id uuid.UUID) string {
	return f.keys.Token(keys.Inquiry, siteID, id)
}
