package notify

import (
	"context"
	"fmt"

	"github.com/google/uuid"

	"plenum/models"
	"plenum/templates"
)

// DeliverReport tells a reporter, unless no address was given or the decision no longer answers the report.
func (p *Postman) DeliverReport(ctx context.Context, n ReporterNotice) error {
	letter, err := p.reportLetter(ctx, n)
	if err == nil && letter.To != "" {
		err = p.Sender.Send(ctx, letter)
	}
	if err != nil {
		return fmt.Errorf("deliver %s of report %s: %w", n.About, n.ReportID, err)
	}
	return nil
}

// outcome names what the entry that answers a report means to whoever made it. The state that it led to says so: whatever
// ends in the same means the same.
func outcome(e models.Entry) string {
	switch e.Status {
	case models.Approved:
		return "kept"
	case models.Withdrawn:
		return "withdrawn"
	}
	return "removed"
}

// reportLetter writes the letter; without an address where there is nobody or nothing to tell.
func (p *Postman) reportLetter(ctx context.Context, n ReporterNotice) (l Letter, err error) {
	site, err := p.Store.SiteByID(ctx, n.SiteID)
	if err != nil {
		return l, err
	}
	r, err := p.Store.ReportByID(ctx, n.SiteID, n.ReportID)
	if err != nil || r.Email == nil || n.About == ReportDecided && (r.Entry == nil || *r.Entry != n.EntryID) {
		return l, err
	}
	m := templates.ReportMail{Kind: n.About, Site: templates.Site{Slug: site.Slug, Name: site.Name}, Number: r.Number}
	if n.About == ReportDecided {
		e, err := p.Store.Entry(ctx, n.SiteID, n.EntryID)
		if err != nil {
			return l, err
		}
		m.Outcome = outcome(e)
	}
	if err := (links{p, site, r.Locale}).locate(ctx, r.CommentID, &m); err != nil {
		return l, err
	}
	l = Letter{ID: p.reportMessageID(n), SiteID: site.ID, FromName: site.Name, To: *r.Email, Date: p.Now(), Locale: r.Locale}
	if n.About != ReportReceived {
		l.ReferenceID = p.reportMessageID(ReporterNotice{ReportID: n.ReportID, About: ReportReceived})
	}
	l.Subject, l.Text, l.HTML, err = p.Templates.ReportMail(r.Locale, m)
	return l, err
}

// locate says where the comment stands, while it is public: else neither its address nor its article's title is told.
func (l links) locate(ctx context.Context, id uuid.UUID, m *templates.ReportMail) error {
	c, err := l.Store.Comment(ctx, l.site.ID, id)
	if err != nil || c.PublicRevision == nil {
		return err
	}
	a, err := l.Store.ArticleByID(ctx, l.site.ID, c.ArticleID)
	if err != nil {
		return err
	}
	m.CommentURL, m.Article = l.comment(a.Key, id), templates.Article{Key: a.Key, URL: a.URL, Title: a.Title}
	return nil
}

// reportMessageID is the same at each try of the same notice; a decision made anew is told anew.
func (p *Postman) reportMessageID(n ReporterNotice) string {
	id := n.ReportID.String()
	if n.EntryID != uuid.Nil {
		id += "." + n.EntryID.String()
	}
	return fmt.Sprintf("%s.%s@%s", n.About, id, p.BaseURL.Hostname())
}
