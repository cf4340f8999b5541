package moderation

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"

	"plenum/models"
)

// personFormat is the version of Person's fields.
const personFormat = "plenum-person/1"

// Person is everything that a site keeps under an address, as whoever it is about may have it (GDPR Art. 15 and 20). What
// moderators noted for each other is theirs, and not in it.
type Person struct {
	Format     string           `json:"format"`
	Site       string           `json:"site"`
	ExportedAt time.Time        `json:"exported_at"`
	Email      *string          `json:"email"` // null: forgotten since
	Since      *time.Time       `json:"since"`
	Comments   []PersonComment  `json:"comments"`
	Reports    []PersonReport   `json:"reports"`
	Sanctions  []PersonSanction `json:"sanctions"`

	Subscriptions []PersonSubscription `json:"subscriptions"`
}

// PersonComment is a comment with all its texts and all that was decided about it.
type PersonComment struct {
	ID           uuid.UUID        `json:"id"`
	ParentID     *uuid.UUID       `json:"parent_id"`
	ArticleKey   string           `json:"article_key"`
	ArticleURL   string           `json:"article_url"`
	Status       string           `json:"status"`
	Name         string           `json:"name"`
	URL          string           `json:"url"`
	Locale       string           `json:"locale"`
	RulesVersion int              `json:"rules_version"`
	CreatedAt    time.Time        `json:"created_at"`
	PublishedAt  *time.Time       `json:"published_at"`
	Revisions    []PersonRevision `json:"revisions"`
	Decisions    []PersonDecision `json:"decisions"`
	Appeals      []PersonAppeal   `json:"appeals"`
}

// PersonRevision is one text of a comment, with what triage said of it.
type PersonRevision struct {
	Number    int          `json:"number"`
	Body      string       `json:"body"`
	CreatedAt time.Time    `json:"created_at"`
	Hints     []PersonHint `json:"hints"`
}

// PersonHint is a signal of triage: by how many minutes it moved the text forward in the queue.
type PersonHint struct {
	Name    string  `json:"name"`
	Score   float64 `json:"score"`
	Minutes int     `json:"minutes"`
}

// PersonDecision is an entry of the ledger about a comment.
type PersonDecision struct {
	Action       string    `json:"action"`
	Revision     int       `json:"revision"`
	Rules        []string  `json:"rules"`
	RulesVersion int       `json:"rules_version"`
	Statement    string    `json:"statement"`
	CreatedAt    time.Time `json:"created_at"`
}

// PersonAppeal is an objection to a decision.
type PersonAppeal struct {
	Text      string    `json:"text"`
	Status    string    `json:"status"`
	CreatedAt time.Time `json:"created_at"`
}

// PersonReport is what the person reported of somebody else's comment.
type PersonReport struct {
	Number    string    `json:"number"`
	CommentID uuid.UUID `json:"comment_id"`
	Kind      string    `json:"kind"`
	Rule      *string   `json:"rule"`
	Text      string    `json:"text"`
	Name      *string   `json:"name"`
	Email     *string   `json:"email"`
	Answered  bool      `json:"answered"`
	CreatedAt time.Time `json:"created_at"`
}

// PersonSanction is a warning, a pause or a ban.
type PersonSanction struct {
	Kind         string     `json:"kind"`
	Until        *time.Time `json:"until"`
	Rules        []string   `json:"rules"`
	RulesVersion int        `json:"rules_version"`
	Statement    string     `json:"statement"`
	CreatedAt    time.Time  `json:"created_at"`
	InForce      bool       `json:"in_force"`
}

// PersonSubscription is something that the person is told of by mail.
type PersonSubscription struct {
	Kind        string     `json:"kind"`
	ArticleKey  string     `json:"article_key"`
	Pace        string     `json:"pace"`
	CreatedAt   time.Time  `json:"created_at"`
	ConfirmedAt *time.Time `json:"confirmed_at"`
}

// ExportPerson gathers everything under an address on the site. Of whom nothing is known it says so by empty lists.
func (f *Flow) ExportPerson(ctx context.Context, site models.Site, address string) (p Person, err error) {
	err = f.Store.Serve(ctx, site.ID, func(tx *models.Tx) error {
		p, err = f.person(ctx, tx.Queries, site, f.keys.Address(site.ID, address))
		return err
	})
	if err != nil {
		return Person{}, fmt.Errorf("export a person: %w", err)
	}
	return p, nil
}

func (f *Flow) person(ctx context.Context, q models.Queries, site models.Site, addressHash []byte) (Person, error) {
	p := Person{Format: personFormat, Site: site.Slug, ExportedAt: f.now(), Comments: []PersonComment{}, Reports: []PersonReport{}, Sanctions: []PersonSanction{}}
	var err error
	if p.Subscriptions, err = personSubscriptions(ctx, q, site, addressHash); err != nil {
		return p, err
	}
	reports, err := q.ReportsBy(ctx, site.ID, addressHash)
	if err != nil {
		return p, err
	}
	for _, r := range reports {
		p.Reports = append(p.Reports, PersonReport{Number: r.Number, CommentID: r.CommentID, Kind: r.Kind, Rule: r.Rule, Text: r.Text, Name: r.Name,
			Email: r.Email, Answered: r.Entry != nil, CreatedAt: r.CreatedAt.UTC()})
	}
	author, err := q.AuthorByAddress(ctx, site.ID, addressHash)
	if err == nil {
		err = f.addAuthor(ctx, q, &p, author)
	}
	if ignoreMissing(err) != nil {
		return p, err
	}
	return p, p.addUnconfirmed(ctx, q, site.ID, addressHash)
}

func (f *Flow) addAuthor(ctx context.Context, q models.Queries, p *Person, author models.Author) (err error) {
	p.Email, p.Since = author.Email, inUTC(&author.CreatedAt)
	if p.Comments, err = personComments(ctx, q, author); err != nil {
		return err
	}
	p.Sanctions, err = f.personSanctions(ctx, q, author)
	return err
}

// addUnconfirmed adds what waits to be confirmed, as its author sees it: as pending comments.
func (p *Person) addUnconfirmed(ctx context.Context, q models.Queries, siteID uuid.UUID, addressHash []byte) error {
	waiting, err := q.UnconfirmedBy(ctx, siteID, addressHash)
	if err != nil {
		return err
	}
	for _, u := range waiting {
		s, err := sent(u)
		if err != nil {
			return err
		}
		if p.Email == nil {
			p.Email = u.Email
		}
		p.Comments = append(p.Comments, PersonComment{ID: u.ID, ParentID: s.ParentID, ArticleKey: u.ArticleKey, ArticleURL: s.Article.URL, Status: models.Pending,
			Name: s.Name, URL: s.URL, Locale: u.Locale, RulesVersion: u.RulesVersion, CreatedAt: u.CreatedAt.UTC(),
			Revisions: []PersonRevision{{1, s.Body, u.CreatedAt.UTC(), []PersonHint{}}}, Decisions: []PersonDecision{}, Appeals: []PersonAppeal{}})
	}
	return nil
}

func personSubscriptions(ctx context.Context, q models.Queries, site models.Site, addressHash []byte) ([]PersonSubscription, error) {
	followed, err := q.SubscriptionsBy(ctx, site.ID, addressHash)
	all := make([]PersonSubscription, len(followed))
	for i, s := range followed {
		all[i] = PersonSubscription{s.Kind, s.ArticleKey, s.Pace, s.CreatedAt.UTC(), inUTC(s.ConfirmedAt)}
	}
	return all, err
}

func personComments(ctx context.Context, q models.Queries, author models.Author) ([]PersonComment, error) {
	comments, err := q.CommentsOf(ctx, author.SiteID, author.ID)
	if err != nil {
		return nil, err
	}
	all := make([]PersonComment, len(comments))
	for i, c := range comments {
		if all[i], err = personComment(ctx, q, c); err != nil {
			return nil, err
		}
	}
	return all, nil
}

func personComment(ctx context.Context, q models.Queries, c models.Comment) (p PersonComment, err error) {
	article, err := q.ArticleByID(ctx, c.SiteID, c.ArticleID)
	if err != nil {
		return p, err
	}
	p = PersonComment{ID: c.ID, ParentID: c.ParentID, ArticleKey: article.Key, ArticleURL: article.URL, Status: c.Status, Name: c.AuthorName, URL: c.AuthorURL,
		Locale: c.Locale, RulesVersion: c.RulesVersion, CreatedAt: c.CreatedAt.UTC(), PublishedAt: inUTC(c.PublishedAt),
		Revisions: []PersonRevision{}, Decisions: []PersonDecision{}, Appeals: []PersonAppeal{}}
	texts, err := q.Revisions(ctx, c.SiteID, c.ID)
	if err != nil {
		return p, err
	}
	for _, r := range texts {
		signals, err := q.Signals(ctx, c.SiteID, c.ID, r.Number)
		if err != nil {
			return p, err
		}
		p.Revisions = append(p.Revisions, PersonRevision{r.Number, r.Body, r.CreatedAt.UTC(), hints(signals)})
	}
	happened, err := events(ctx, q, c, 0)
	if err != nil {
		return p, err
	}
	for _, e := range happened {
		p.Decisions = append(p.Decisions, PersonDecision{e.Action, e.Revision, append([]string{}, e.Rules...), e.RulesVersion, e.Statement, e.CreatedAt.UTC()})
	}
	appeals, err := q.Appeals(ctx, c.SiteID, c.ID)
	for _, a := range appeals {
		p.Appeals = append(p.Appeals, PersonAppeal{a.Text, AppealStatus(a), a.CreatedAt.UTC()})
	}
	return p, err
}

func hints(signals []models.Signal) []PersonHint {
	all := []PersonHint{}
	for _, s := range signals {
		if !s.Unavailable && s.Minutes > 0 {
			all = append(all, PersonHint{s.Name, s.Score, s.Minutes})
		}
	}
	return all
}

func (f *Flow) personSanctions(ctx context.Context, q models.Queries, author models.Author) ([]PersonSanction, error) {
	rows, err := q.Sanctions(ctx, author.SiteID, author.ID)
	if err != nil {
		return nil, err
	}
	laid, err := sanctions(ctx, q, rows)
	if err != nil {
		return nil, err
	}
	all := []PersonSanction{}
	for _, s := range laid {
		all = append(all, PersonSanction{s.Kind, inUTC(s.Until), append([]string{}, s.Laid.Rules...), s.Laid.RulesVersion, s.Laid.Statement,
			s.CreatedAt.UTC(), s.InForce(f.now())})
	}
	return all, nil
}

func inUTC(t *time.Time) *time.Time {
	if t == nil {
		return nil
	}
	utc := t.UTC()
	return &utc
}
