package notify

import (
	"net/url"

	"github.com/google/uuid"

	"plenum/models"
	"plenum/moderation/internal/keys"
)

// links are the addresses in mails to readers of a site, in the language of the mail. Each token is good for one purpose and
// one row.
type links struct {
	*Postman
	site   models.Site
	locale string
}

func (l links) own(id uuid.UUID) string {
	return l.at(url.Values{"token": {l.Keys.ManageToken(l.site.ID, id)}}, "comments", id.String())
}
func (l links) confirmComment(id uuid.UUID) string {
	return l.link(keys.ConfirmComment, id, "comments", "confirm")
}
func (l links) inquiry(id uuid.UUID) string { return l.link(keys.Inquiry, id, "privacy", "") }
func (l links) confirm(id uuid.UUID) string {
	return l.link(keys.Confirm, id, "subscriptions", "confirm")
}
func (l links) end(id uuid.UUID) string { return l.link(keys.Unsubscribe, id, "subscriptions", "end") }
func (l links) noDigest(id uuid.UUID) string {
	return l.link(keys.NoDigest, id, "digests", "end")
}
func (l links) manage(id uuid.UUID) string { return l.link(keys.Following, id, "followers", "") }

func (l links) link(purpose string, id uuid.UUID, of, act string) string {
	return l.at(url.Values{"token": {l.Keys.Token(purpose, l.site.ID, id)}}, of, id.String(), act)
}

// comment is where a comment stands in its thread.
func (l links) comment(articleKey string, id uuid.UUID) string {
	return l.at(url.Values{"article": {articleKey}, "comment": {id.String()}}, "thread") + "#c-" + id.String()
}

func (l links) at(query url.Values, path ...string) string {
	u := l.BaseURL.JoinPath(append([]string{l.site.Slug}, path...)...)
	if l.locale != l.site.Locale {
		query.Set("locale", l.locale)
	}
	u.RawQuery = query.Encode()
	return u.String()
}
