package moderation

import (
	"context"
	"fmt"
	"slices"

	"github.com/google/uuid"

	"plenum/models"
	"plenum/moderation/markup"
	"plenum/moderation/transfer"
)

// imported is a comment with all that it writes. Its text is rendered by our own markup, whatever the source made of it.
func (m *importing) imported(ctx context.Context, a arrival, above models.Standing) (models.Imported, error) {
	html, err := markup.Render(a.Body)
	if err != nil {
		return models.Imported{}, fmt.Errorf("line %d: %w", a.Line, err)
	}
	one := models.Imported{Source: a.source, Submission: models.Submission{
		Comment: models.Comment{SiteID: m.site.ID, ID: a.id, RootID: a.id, Path: a.id[:], AuthorName: a.Name, AuthorURL: a.URL, Locale: m.site.Locale,
			RulesVersion: m.rules, Version: 1, CreatedAt: a.At, Handling: waiting(m.site, m.now(), 0)},
		Revision: models.Revision{SiteID: m.site.ID, CommentID: a.id, Number: 1, Body: a.Body, HTML: html, MarkupVersion: markup.Version, CreatedAt: a.At},
		Author:   models.Author{SiteID: m.site.ID, ID: m.NewID(), CreatedAt: a.At},
		Article:  models.Article{ID: m.NewID(), Key: a.Article.Key, URL: a.Article.URL, Title: a.Article.Title},
	}}
	if a.Email != "" && a.State != transfer.Deleted {
		one.Author.Email, one.Author.AddressHash = &a.Email, m.keys.Address(m.site.ID, a.Email)
	}
	if a.Parent != "" {
		standBelow(&one.Comment, above)
	}
	if a.State == transfer.Waiting {
		m.hold(ctx, a, &one)
	} else {
		m.decided(a, &one)
	}
	return one, nil
}

// standBelow gives an answer its place. Below the deepest level they stand beside each other.
func standBelow(c *models.Comment, above models.Standing) {
	path := above.Path
	if above.Depth >= maxDepth {
		path = path[:len(path)-len(c.ID)]
	}
	parent := uuid.UUID(path[len(path)-len(c.ID):])
	c.ParentID, c.RootID, c.Depth, c.Path = &parent, above.RootID, len(path)/len(c.ID), slices.Concat(path, c.ID[:])
}

// hold puts a comment into the queue, as if it had been sent now: whoever wrote it has waited elsewhere.
func (m *importing) hold(ctx context.Context, a arrival, one *models.Imported) {
	one.Comment.State = start()
	if m.DryRun {
		return
	}
	found := m.triage(ctx, sorting{site: m.site, commentID: a.id, articleKey: a.Article.Key, addressHash: one.Author.AddressHash, text: known(a.Body)})
	one.Revision.Signals, one.Comment.Handling = found.signals, waiting(m.site, m.now(), found.priority)
}

// decided gives a comment the state that it had, with the entry that says where from.
func (m *importing) decided(a arrival, one *models.Imported) {
	c, now := &one.Comment, m.now()
	switch a.State {
	case transfer.Public:
		public := 1
		c.State, c.PublishedAt = models.State{Status: models.Approved, PublicRevision: &public}, &a.At
	case transfer.Spam:
		c.State = models.State{Status: models.Spam}
	case transfer.Deleted:
		c.State, c.ErasedAt = models.State{Status: models.Withdrawn}, &now
		c.AuthorName, c.AuthorURL, one.Revision.Body, one.Revision.HTML = "", "", "", ""
	}
	e := models.Entry{SiteID: c.SiteID, ID: m.NewID(), Kind: models.KindImport, Action: importComment, CommentID: c.ID, Version: 2, Revision: 1,
		State: c.State, RulesVersion: m.rules, CreatedAt: now}
	one.Notes = writeDown(&e, "", m.Note)
	c.Version, c.Entry, one.Entry = e.Version, &e.ID, &e
}
