package moderation

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"net/netip"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"plenum/models"
	"plenum/moderation/markup"
	"plenum/moderation/notify"
)

// maxDepth is the deepest level of answers: its path still fits into an index row of PostgreSQL.
const maxDepth = 127

const (
	keyLifetime  = 24 * time.Hour   // of an Idempotency-Key
	textLifetime = 10 * time.Minute // in which the same text sent again is the same comment
)

// Submission is a reader's new comment. Lengths and characters are checked already, see handlers/internal/request.
type Submission struct {
	Article          ArticleName
	ParentID         *uuid.UUID
	Name, Email, URL string
	Body             string
	RulesVersion     int
	Locale           string // of the author; empty: the site's
	Staff            bool   // written by the newsroom
	Request          Request
	Acknowledge      *uuid.UUID // a warning that the author says to have read
	Proof            string     // of work, as TooFast asks for it
	HintFirst        bool       // where a signal points at a rule, answer Hinted and take nothing
	Subscribe        string     // models.FollowReplies or FollowArticle; empty: to nothing
	ByMail           bool       // the author would rather confirm the address than wait or prove
}

// ArticleName is how a publisher names an article: by a key, and for a first comment by address and title. With the
// publisher's signature these, and a lead, are set for later comments too, until an editor sets something.
type ArticleName struct {
	Key, URL, Title string
	Lead, Signature string
	signed          bool
}

// Request is what is known of a call beside what it asks for. The same key with the same hash of its body gives the first
// answer again.
type Request struct {
	Key     string     // empty: not repeatable by key
	Hash    []byte     // SHA-256
	Network netip.Addr // where it came from; zero: not known
}

// Receipt is what the author of an acknowledged comment holds.
type Receipt struct {
	ID          uuid.UUID
	Status      string
	ManageToken string
	Confirmed   bool // else the author must first follow the link that was mailed
}

// Submit takes a comment and holds it. When it returns without error the comment is durable, and on no public surface.
// The same text by the same name sent again within ten minutes from the same network, where that is known, or the same
// request key within a day, is one comment.
func (f *Flow) Submit(ctx context.Context, site models.Site, s Submission) (Receipt, error) {
	f.believe(site, &s.Article)
	if err := s.normalise(site); err != nil {
		return Receipt{}, err
	}
	if err := f.hintFirst(ctx, site, s); err != nil {
		return Receipt{}, err
	}
	arrival := f.arrival(site, s)
	made, here, err := f.compose(ctx, site, s, origin{arrival.ID, arrival.At, &arrival})
	if err != nil {
		return Receipt{}, err
	}
	sent := admission{site: site, Submission: s, arrival: arrival, here: here}
	id, err := f.accept(ctx, sent, made)
	if models.KeyTaken(err) { // by the same request
		sent.here.First = false
		id, err = f.accept(ctx, sent, made)
	}
	if err != nil {
		return Receipt{}, fmt.Errorf("submit: %w", err)
	}
	return Receipt{ID: id, Status: models.Pending, ManageToken: f.ManageToken(site.ID, id), Confirmed: !mustConfirm(site, s)}, nil
}

// accept takes a comment in one transaction, and answers its id, or that of the same one if it was sent before.
func (f *Flow) accept(ctx context.Context, s admission, made models.Submission) (id uuid.UUID, err error) {
	err = f.Store.Serve(ctx, s.site.ID, func(tx *models.Tx) error {
		if s.here, err = f.arrive(ctx, tx, s); err != nil {
			return err
		}
		if id = s.here.ID; !s.here.First {
			return nil
		}
		if err := f.limit(ctx, tx, s.site, s.Submission); err != nil {
			return err
		}
		if refused := f.admit(ctx, tx, s, &made.Comment); refused != nil {
			if err := tx.CatchUp(ctx); err != nil { // it was taken before, and is not refused now
				return err
			}
			return refused
		}
		if mustConfirm(s.site, s.Submission) {
			return f.await(ctx, tx, s, made.Comment.ID)
		}
		return f.store(ctx, tx, s, made)
	})
	return id, err
}

// arrival is what a submission asks for: where to stand, under which id, and since when.
func (f *Flow) arrival(site models.Site, s Submission) models.Arrival {
	writer := models.Writer{AddressHash: f.keys.Address(site.ID, s.Email), NetworkHash: f.keys.Network(site.ID, s.Request.Network)}
	return models.Arrival{ID: f.NewID(), Key: s.key(writer.NetworkHash), Event: submit, ArticleKey: s.Article.Key, ParentID: s.ParentID, At: f.now(),
		Writer: writer}
}

// store writes the comment, from where it came, what its publisher signed, and the mail that says it has arrived.
func (f *Flow) store(ctx context.Context, tx *models.Tx, s admission, made models.Submission) error {
	if s.Article.signed {
		if err := tx.NameArticle(ctx, s.site.ID, made.Article); err != nil {
			return err
		}
	}
	made.NetworkHash = s.arrival.Writer.NetworkHash
	if s.here.Article.ID != uuid.Nil {
		made.Article = s.here.Article
	}
	if err := tx.Submit(ctx, made); err != nil {
		return err
	}
	if err := f.deliverTo(ctx, tx, s.here.Webhooks, happening{siteID: s.site.ID, commentID: made.Comment.ID, event: submit}); err != nil {
		return err
	}
	if made.Author.Email == nil {
		return nil
	}
	arrived := notify.Notice{SiteID: made.Comment.SiteID, CommentID: made.Comment.ID, About: notify.Received}
	if err := tx.Enqueue(ctx, arrived, time.Time{}); err != nil {
		return err
	}
	return f.subscribeAuthor(ctx, tx, s.site.ID, s.Submission)
}

// normalise trims what was typed and refuses what no reader could see, or what lies outside of the site.
func (s *Submission) normalise(site models.Site) error {
	s.Name, s.Email, s.URL = strings.TrimSpace(s.Name), strings.TrimSpace(s.Email), strings.TrimSpace(s.URL)
	s.Body = markup.Clean(s.Body)
	if s.Locale == "" {
		s.Locale = site.Locale
	}
	if markup.IsBlank(s.Name) {
		return invalid("author.name", "invalid.required")
	}
	if markup.IsBlank(s.Body) {
		return invalid("body", "invalid.required")
	}
	if s.Subscribe != "" && s.Email == "" {
		return invalid("author.email", "refusal.subscribe_address")
	}
	if mustConfirm(site, *s) && s.Email == "" {
		return invalid("author.email", "refusal.confirm_address")
	}
	if s.Article.URL == "" && within(site, s.Article.Key) {
		s.Article.URL = s.Article.Key
	}
	if s.Article.URL != "" && !within(site, s.Article.URL) {
		return invalid("article.url", "refusal.article_url")
	}
	return nil
}

// within reports whether the address lies under one of the site's origins.
func within(site models.Site, address string) bool {
	u, err := url.Parse(address)
	return err == nil && u.User == nil && slices.Contains(site.Origins, u.Scheme+"://"+u.Host)
}

// origin is the id of a comment, and when it was sent.
type origin struct {
	id      uuid.UUID
	at      time.Time
	arrival *models.Arrival // what it meets is to be read; nil: it is not
}

// compose does all the computing of a submission before its transaction begins, and answers what that meets, which is of
// First only where it could be read.
func (f *Flow) compose(ctx context.Context, site models.Site, s Submission, from origin) (models.Submission, models.Circumstances, error) {
	now, id, role := f.now(), from.id, "reader"
	if s.Staff {
		role = "staff"
	}
	author := models.Author{SiteID: site.ID, ID: f.NewID(), AddressHash: f.keys.Address(site.ID, s.Email), CreatedAt: now}
	if s.Email != "" {
		author.Email = &s.Email
	}
	var html string
	var err error
	found := f.triage(ctx, sorting{site: site, commentID: id, revision: 1, articleKey: s.Article.Key, addressHash: author.AddressHash, arrival: from.arrival,
		text: func() string { html, err = markup.Render(s.Body); return markup.TextOf(html) }})
	if err != nil {
		return models.Submission{}, models.Circumstances{}, fmt.Errorf("submit: %w", err)
	}
	return models.Submission{
		Comment: models.Comment{
			SiteID: site.ID, ID: id, ParentID: s.ParentID, RootID: id, Path: id[:],
			AuthorName: s.Name, AuthorURL: s.URL, AuthorRole: role, Locale: s.Locale, RulesVersion: s.RulesVersion,
			CreatedAt: from.at, Handling: waiting(site, now, found.priority),
		},
		Revision: models.Revision{
			SiteID: site.ID, CommentID: id, Number: 1, Body: s.Body, HTML: html, MarkupVersion: markup.Version, CreatedAt: from.at,
			Signals: found.signals,
		},
		Author:  author,
		Article: models.Article{ID: f.NewID(), Key: s.Article.Key, URL: s.Article.URL, Title: s.Article.Title, Lead: s.Article.Lead},
	}, found.here, nil
}

// waiting is the place in the queue of what was sent now: its due time less the minutes of priority.
func waiting(site models.Site, now time.Time, priority int) models.Handling {
	return models.Handling{RankAt: now.Add(site.Target() - time.Duration(priority)*time.Minute), WaitingSince: now, Priority: priority}
}

// arrive takes the key of a submission, and says what that meets and which comment it is. What was read ahead of its
// triage holds: who sends while an editor closes the article was before them. That it is the first with its key is
// believed until the key is taken. The same text without a key is the same comment only while that one waits: later its
// text is public, and would prove nothing about its sender.
func (f *Flow) arrive(ctx context.Context, tx *models.Tx, s admission) (models.Circumstances, error) {
	siteID, a := s.site.ID, s.arrival
	if s.here.First {
		return s.here, tx.TakeFreeKey(ctx, siteID, a)
	}
	here, err := tx.Arrive(ctx, siteID, a)
	if errors.Is(err, models.ErrConflict) {
		err = invalid("Idempotency-Key", "refusal.key_reused")
	}
	if err != nil || here.First || s.Request.Key != "" {
		return here, err
	}
	switch waits, err := stillWaits(ctx, tx, siteID, here.ID); {
	case err != nil:
		return here, err
	case waits && s.RulesVersion != here.RulesVersion:
		return here, changed(ctx, tx, siteID)
	case waits:
		return here, nil
	}
	if err := tx.DropKey(ctx, siteID, a.Key); err != nil {
		return here, err
	}
	return tx.Arrive(ctx, siteID, a)
}

// key is what makes a submission sent again the same one.
func (s Submission) key(network []byte) models.Key {
	if s.Request.Key != "" {
		return models.Key{Call: "comments", Key: s.Request.Key, RequestHash: s.Request.Hash, Lifetime: keyLifetime}
	}
	hash := s.fingerprint(network)
	return models.Key{Call: "comments by text", Key: hex.EncodeToString(hash), RequestHash: hash, Lifetime: textLifetime}
}

// stillWaits reports whether a comment is as it was sent: nobody has decided it, and its author has not taken it back.
func stillWaits(ctx context.Context, tx *models.Tx, siteID, id uuid.UUID) (bool, error) {
	c, err := tx.Comment(ctx, siteID, id)
	if !errors.Is(err, models.ErrNotFound) {
		return c.Version == 1, err
	}
	u, err := tx.Unconfirmed(ctx, siteID, id)
	return u.WithdrawnAt == nil, ignoreMissing(err)
}

// takeKey is Tx.TakeKey with its conflict as a refusal.
func takeKey(ctx context.Context, tx *models.Tx, siteID uuid.UUID, k models.Key, id uuid.UUID, now time.Time) (uuid.UUID, bool, error) {
	result, first, err := tx.TakeKey(ctx, siteID, k, id, now)
	if errors.Is(err, models.ErrConflict) {
		err = invalid("Idempotency-Key", "refusal.key_reused")
	}
	return result, first, err
}

// fingerprint is the same for the same text by the same name in the same place, from one network where that is known: two
// people who thank in the same words must not be given one comment, and one token.
func (s Submission) fingerprint(network []byte) []byte {
	parent := ""
	if s.ParentID != nil {
		parent = s.ParentID.String()
	}
	sum := sha256.Sum256([]byte(strings.Join([]string{s.Article.Key, parent, s.Name, s.Email, s.URL, s.Body, string(network)}, "\x00")))
	return sum[:]
}

// admission is what a comment is admitted by: the site, what was sent, by whom, and what that meets.
type admission struct {
	site models.Site
	Submission
	arrival models.Arrival
	here    models.Circumstances // read already where it is of First
}

// admit refuses a comment that may not stand where it was sent to, or whose writer may not write now, and puts it into
// its place below its parent.
func (f *Flow) admit(ctx context.Context, tx *models.Tx, s admission, c *models.Comment) error {
	site, here := s.site, s.here
	if s.RulesVersion != here.RulesVersion {
		return changed(ctx, tx, site.ID)
	}
	if here.Article.Closed(site, f.now()) {
		return invalid("article.key", "refusal.article_closed")
	}
	if err := namedHonestly(ctx, tx, site, s.Name); err != nil {
		return err
	}
	if s.ParentID != nil {
		if err := below(here.Parent, here.Article, c); err != nil {
			return err
		}
	}
	if err := f.slow(ctx, tx, here.Article, s.arrival.Writer); err != nil {
		return err
	}
	return f.welcome(ctx, tx, here.Sanctions, s.Acknowledge)
}

// changed refuses whoever was shown other rules, and tells those in force.
func changed(ctx context.Context, tx *models.Tx, siteID uuid.UUID) error {
	rules, err := tx.Rules(ctx, siteID, 0)
	if err != nil {
		return err
	}
	return &StaleRules{Refusal: *conflict("refusal.rules_changed", "version", rules.Version), Current: rules}
}

// below gives a reply its place. Only what is public, under the same article, can be answered.
func below(parent *models.Comment, article models.Article, c *models.Comment) error {
	if parent == nil || parent.Status != models.Approved || parent.ArticleID != article.ID {
		return invalid("parent_id", "refusal.parent_unknown")
	}
	if parent.Depth >= maxDepth {
		return invalid("parent_id", "refusal.too_deep")
	}
	c.RootID, c.Depth, c.Path = parent.RootID, parent.Depth+1, slices.Concat(parent.Path, c.ID[:])
	return nil
}
