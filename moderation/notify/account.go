package notify

import (
	"context"
	"crypto/sha256"
	"fmt"
	"net/url"
	"time"

	"github.com/google/uuid"

	"plenum/models"
	"plenum/templates"
)

// How long a link holds: whoever asked for a reset waits for it.
const (
	inviteFor = 7 * 24 * time.Hour
	resetFor  = time.Hour
)

// AccountNotice is a job: send a moderator a link by which they set a password. Of SiteID they are new; without a site
// they asked for it. Without a moderator nobody has the address, and nothing is sent: only the asking took as long.
type AccountNotice struct {
	ID          uuid.UUID `json:"id"` // of the link
	ModeratorID uuid.UUID `json:"moderator_id"`
	SiteID      uuid.UUID `json:"site_id"`
	At          time.Time `json:"at"`
}

// Kind names the job in its row.
func (AccountNotice) Kind() string { return "notify_account" }

// DeliverAccount sends the link.
func (p *Postman) DeliverAccount(ctx context.Context, n AccountNotice) error {
	if n.ModeratorID == uuid.Nil {
		return nil
	}
	letter, err := p.accountLetter(ctx, n)
	if err == nil {
		err = p.Sender.Send(ctx, letter)
	}
	if err != nil {
		return fmt.Errorf("deliver the link %s: %w", n.ID, err)
	}
	return nil
}

func (p *Postman) accountLetter(ctx context.Context, n AccountNotice) (Letter, error) {
	to, err := p.Store.ModeratorByID(ctx, n.ModeratorID)
	if err != nil {
		return Letter{}, err
	}
	m := templates.AccountMail{Kind: "reset", Name: to.Name}
	from, until := "Plenum", n.At.Add(resetFor)
	if n.SiteID != uuid.Nil {
		site, err := p.Store.SiteByID(ctx, n.SiteID)
		if err != nil {
			return Letter{}, err
		}
		m.Kind, m.Site, from, until = "invite", templates.Site{Slug: site.Slug, Name: site.Name}, site.Name, n.At.Add(inviteFor)
	}
	token := p.Keys.PasswordLink(n.ID)
	hash := sha256.Sum256([]byte(token))
	if err := p.Store.CreatePasswordLink(ctx, models.PasswordLink{ID: n.ID, ModeratorID: to.ID, TokenHash: hash[:], CreatedAt: n.At, ExpiresAt: until}); err != nil {
		return Letter{}, err
	}
	link := p.BaseURL.JoinPath("desk", "password")
	link.RawQuery = url.Values{"token": {token}}.Encode()
	m.URL, m.Until = link.String(), until
	l := Letter{ID: fmt.Sprintf("account.%s@%s", n.ID, p.BaseURL.Hostname()), SiteID: n.SiteID, FromName: from, To: to.Email, Date: p.Now(), Locale: to.Locale}
	l.Subject, l.Text, l.HTML, err = p.Templates.AccountMail(to.Locale, m)
	return l, err
}
