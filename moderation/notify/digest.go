package notify

import (
	"context"
	"fmt"

	"github.com/google/uuid"

	"plenum/models"
	"plenum/templates"
)

// digestComments is how many comments a digest quotes. The others are counted: whoever follows a busy site has not asked
// for a mail of megabytes.
const digestComments = 50

// DeliverDigest tells a follower of what was put together, as far as it is still public and followed; of nothing, nothing
// is told.
func (p *Postman) DeliverDigest(ctx context.Context, n DigestNotice) error {
	digest := models.Digest{SiteID: n.SiteID, FollowerID: n.FollowerID, At: n.At}
	all, err := p.Store.DigestItems(ctx, digest)
	if err == nil && len(all) == 0 {
		return nil
	}
	var letter Letter
	if err == nil {
		letter, err = p.digestLetter(ctx, n, all)
	}
	if err == nil {
		err = p.Sender.Send(ctx, letter)
	}
	if err == nil {
		err = p.Store.MarkDigest(ctx, digest, commentIDs(all), p.Now())
	}
	if err != nil {
		return fmt.Errorf("deliver the digest of %s: %w", n.FollowerID, err)
	}
	return nil
}

func (p *Postman) digestLetter(ctx context.Context, n DigestNotice, all []models.FollowUp) (l Letter, err error) {
	site, err := p.Store.SiteByID(ctx, n.SiteID)
	if err != nil {
		return l, err
	}
	locale := all[0].Subscription.Locale
	links := links{p, site, locale}
	m := templates.DigestMail{Site: templates.Site{Slug: site.Slug, Name: site.Name}, Total: len(all), More: max(0, len(all)-digestComments),
		EndURL: links.noDigest(n.FollowerID), ManageURL: links.manage(n.FollowerID)}
	for i, u := range all[:len(all)-m.More] {
		if i == 0 || u.Article.ID != all[i-1].Article.ID {
			m.Articles = append(m.Articles, templates.DigestArticle{Article: articleView(u.Article)})
		}
		last := &m.Articles[len(m.Articles)-1]
		last.Comments = append(last.Comments, commentView(links, u))
	}
	l = Letter{ID: fmt.Sprintf("digest.%s.%d@%s", n.FollowerID, n.At.UnixMicro(), p.BaseURL.Hostname()), SiteID: site.ID, FromName: site.Name,
		To: all[0].Follower.Email, Date: p.Now(), Locale: locale, Unsubscribe: m.EndURL}
	l.Subject, l.Text, l.HTML, err = p.Templates.DigestMail(locale, m)
	return l, err
}

func commentIDs(all []models.FollowUp) (ids []uuid.UUID) {
	for _, u := range all {
		ids = append(ids, u.CommentID)
	}
	return ids
}
