package notify

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"time"

	"github.com/google/uuid"

	"plenum/models"
	"plenum/moderation/internal/keys"
	"plenum/moderation/markup"
	"plenum/moderation/outgoing"
	"plenum/templates"
)

// Letter is a mail ready to be sent.
type Letter struct {
	ID                  string    // Message-ID without angle brackets; the same at each try
	SiteID              uuid.UUID // zero: of no site, but of somebody's account
	FromName            string    // the site's; the address is the sender's own
	To, Subject         string
	Text, HTML          string
	Date                time.Time
	Locale, ReferenceID string // what it continues, may be empty
	ThreadID            string // of the conversation that both belong to, may be empty
	Unsubscribe         string // address that ends the sending of such letters by one POST; empty: they are none of a list
}

// Sender hands a letter on. An error that will not go away by itself wraps ErrRefused.
type Sender interface {
	Send(ctx context.Context, l Letter) error
}

// ErrRefused says that a mail server refused a letter for good: trying again is no use.
var ErrRefused = errors.New("refused for good")

// Postman delivers notices.
type Postman struct {
	Store     *models.Store
	Templates *templates.Set
	Sender    Sender
	Caller    Caller   // tells webhooks
	BaseURL   *url.URL // of the program, for the links in mails
	Now       func() time.Time
	Undo      time.Duration // moderation.Flow.Undo
	Keys      keys.Keys
}

// NewPostman makes a Postman; secret is PLENUM_SECRET. It calls public addresses only, until Caller is set otherwise.
func NewPostman(store *models.Store, set *templates.Set, sender Sender, base *url.URL, secret []byte) *Postman {
	return &Postman{Store: store, Templates: set, Sender: sender, Caller: outgoing.New().Client(), BaseURL: base, Now: time.Now, Undo: 20 * time.Second,
		Keys: keys.New(secret)}
}

// Deliver tells an author, unless no address was given or what the notice is about no longer stands. It answers NotYet
// while what overruled it can be undone: so the letter of a decision that stands again goes out, and once.
func (p *Postman) Deliver(ctx context.Context, n Notice) error {
	facts, err := p.gather(ctx, n)
	if err != nil {
		return fmt.Errorf("deliver %s of comment %s: %w", n.About, n.CommentID, err)
	}
	if facts.author.Email == nil {
		return nil
	}
	if !facts.stands(n) {
		return p.perhapsLater(facts)
	}
	letter, err := p.write(n, facts)
	if err == nil {
		err = p.Sender.Send(ctx, letter)
	}
	if err != nil {
		return fmt.Errorf("deliver %s of comment %s: %w", n.About, n.CommentID, err)
	}
	return nil
}

// facts are what a letter is written from.
type facts struct {
	site       models.Site
	comment    models.Comment
	text       models.Revision
	article    models.Article
	author     models.Author
	rules      models.RuleVersion
	decision   models.Entry   // zero for received
	overruled  []models.Entry // by which the decision was undone, or another state was made since
	statements []models.Statement
}

// stands reports whether what the notice says is still worth telling: a decision, while it is the newest; the receipt,
// unless the comment turned out to be spam. Whoever withdrew his comment hears no more of it.
func (f facts) stands(n Notice) bool {
	if n.About == AppealReceived {
		return f.comment.Status != models.Withdrawn
	}
	if n.About == Received {
		return f.comment.Status != models.Withdrawn && f.comment.Status != models.Spam
	}
	return len(f.overruled) == 0 && f.comment.Status != models.Withdrawn
}

// aboutEdit reports whether the decision was about a new text for what was public already.
func (f facts) aboutEdit() bool {
	d := f.decision
	switch d.Action {
	case "reject":
		return d.Status == models.Approved
	case "approve":
		return d.Revision > 1 && f.comment.PublishedAt != nil && f.comment.PublishedAt.Before(d.CreatedAt)
	}
	return false
}

func (p *Postman) gather(ctx context.Context, n Notice) (f facts, err error) {
	if f.site, err = p.Store.SiteByID(ctx, n.SiteID); err != nil {
		return f, err
	}
	err = p.Store.Serve(ctx, n.SiteID, func(tx *models.Tx) error {
		if f.comment, err = tx.Comment(ctx, n.SiteID, n.CommentID); err != nil {
			return err
		}
		if f.article, err = tx.ArticleByID(ctx, n.SiteID, f.comment.ArticleID); err != nil {
			return err
		}
		if f.author, err = tx.Author(ctx, n.SiteID, f.comment.AuthorID); err != nil {
			return err
		}
		revision := f.comment.Judged()
		if n.EntryID != uuid.Nil {
			if err = f.decided(ctx, tx, n, f.site.UndoDelay(p.Undo)); err != nil {
				return err
			}
			revision = f.decision.Revision
		}
		f.text, err = tx.Revision(ctx, n.SiteID, n.CommentID, revision)
		return err
	})
	return f, err
}

// decided adds the decision, the rules it named in the wording that the author was shown, and its statement.
func (f *facts) decided(ctx context.Context, tx *models.Tx, n Notice, undoDelay time.Duration) error {
	history, err := tx.History(ctx, n.SiteID, n.CommentID, 0)
	if err != nil {
		return err
	}
	f.decision, f.overruled = decided(history, n.EntryID, undoDelay)
	if f.statements, err = tx.EntryStatements(ctx, n.SiteID, n.EntryID); err != nil {
		return err
	}
	f.rules, err = tx.Rules(ctx, n.SiteID, f.comment.RulesVersion)
	if err == nil && !f.rules.Has(f.decision.Rules) {
		f.rules, err = tx.Rules(ctx, n.SiteID, f.decision.RulesVersion)
	}
	return err
}

func (p *Postman) write(n Notice, f facts) (Letter, error) {
	links := links{p, f.site, f.comment.Locale}
	m := templates.Mail{
		Kind: n.About, Site: templates.Site{Slug: f.site.Slug, Name: f.site.Name},
		Article: templates.Article{Key: f.article.Key, URL: f.article.URL, Title: f.article.Title, Open: f.article.State == models.ArticleOpen},
		Name:    f.comment.AuthorName, Text: markup.Text(f.text.Body), StatusURL: links.own(n.CommentID),
		Edit: f.aboutEdit(), Removed: f.decision.Action == "remove", Overturned: f.decision.Action == "overturn",
	}
	if n.About == Published || m.Overturned {
		m.ThreadURL = links.comment(f.article.Key, n.CommentID)
	}
	set, _ := f.rules.In(f.comment.Locale, f.site.Locale)
	for _, r := range set.Rules {
		for _, broken := range f.decision.Rules {
			if r.Code == broken {
				m.RulesBroken = append(m.RulesBroken, templates.Rule{Number: r.Number, Code: r.Code, Title: r.Title, Text: r.Text})
			}
		}
	}
	for _, s := range f.statements {
		if s.Kind == models.KindStatement {
			m.Statement = s.Text
		}
	}
	subject, text, html, err := p.Templates.Mail(f.comment.Locale, m)
	letter := Letter{ID: p.messageID(n), SiteID: f.site.ID, FromName: f.site.Name, To: *f.author.Email, Subject: subject, Text: text, HTML: html, Date: p.Now(), Locale: f.comment.Locale}
	if n.About != Received {
		letter.ReferenceID = p.messageID(Notice{CommentID: n.CommentID, About: Received})
	}
	return letter, err
}

// messageID is the same at each try of the same notice, so that a mail sent twice shows once.
func (p *Postman) messageID(n Notice) string {
	id := n.CommentID
	if n.EntryID != uuid.Nil {
		id = n.EntryID
	}
	return fmt.Sprintf("%s.%s@%s", n.About, id, p.BaseURL.Hostname())
}
