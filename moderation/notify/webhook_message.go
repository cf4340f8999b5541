package notify

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/google/uuid"

	"plenum/models"
	"plenum/moderation/markup"
)

// WebhookTest is the event of a test.
const WebhookTest = "test"

// message is what a webhook is told, see docs/webhooks.md. It holds no e-mail address, and of texts and names only what is
// public when it is told.
type message struct {
	Type      string    `json:"type"` // comment. and the event, or test
	Timestamp time.Time `json:"timestamp"`
	Data      struct {
		Site    string       `json:"site"`
		Comment *toldComment `json:"comment,omitempty"`
	} `json:"data"`
}

type toldComment struct {
	ID           uuid.UUID   `json:"id"`
	ParentID     *uuid.UUID  `json:"parent_id"`
	Article      string      `json:"article"`
	Version      int         `json:"version"`
	Status       string      `json:"status"`
	EntryID      *uuid.UUID  `json:"entry_id"`
	RulesVersion int         `json:"rules_version"`
	Rules        []string    `json:"rules"`
	DeskURL      string      `json:"desk_url"`
	Public       *toldPublic `json:"public"`
}

type toldPublic struct {
	Name string `json:"name"`
	Text string `json:"text"`
	URL  string `json:"url"`
}

// prepare reads what a delivery is about and writes its message.
func (p *Postman) prepare(ctx context.Context, n WebhookNotice) (t telling, err error) {
	site, err := p.Store.SiteByID(ctx, n.SiteID)
	if err != nil {
		return t, err
	}
	var m message
	err = p.Store.Look(ctx, n.SiteID, func(tx *models.Tx) error {
		if t.Delivery, err = tx.Delivery(ctx, n.SiteID, n.DeliveryID); err != nil {
			return err
		}
		if t.hook, err = tx.Webhook(ctx, n.SiteID, t.WebhookID); err != nil {
			return err
		}
		m.Type, m.Timestamp, m.Data.Site = t.Event, t.CreatedAt.UTC(), site.Slug
		if t.CommentID != nil {
			m.Type = "comment." + t.Event
			m.Data.Comment, err = p.tell(ctx, tx, site, t.Delivery)
		}
		return err
	})
	if err != nil {
		return t, err
	}
	if t.body, err = json.Marshal(m); err != nil {
		return t, fmt.Errorf("write a message: %w", err)
	}
	return t, nil
}

// tell is a comment as the event left it: as the log's entry says, or as it is. A submission is always of the first version.
func (p *Postman) tell(ctx context.Context, tx *models.Tx, site models.Site, d models.Delivery) (*toldComment, error) {
	c, err := tx.Comment(ctx, site.ID, *d.CommentID)
	if err != nil {
		return nil, err
	}
	article, err := tx.ArticleByID(ctx, site.ID, c.ArticleID)
	if err != nil {
		return nil, err
	}
	told := &toldComment{ID: c.ID, ParentID: c.ParentID, Article: article.Key, Version: c.Version, Status: c.Status, EntryID: d.Entry, RulesVersion: c.RulesVersion,
		Rules: []string{}, DeskURL: p.BaseURL.JoinPath("desk", site.Slug, "comments", c.ID.String()).String()}
	if d.Event == "submit" {
		told.Version, told.Status = 1, models.Pending
	}
	if d.Entry != nil {
		e, err := tx.Entry(ctx, site.ID, *d.Entry)
		if err != nil {
			return nil, err
		}
		told.Version, told.Status, told.RulesVersion, told.Rules = e.Version, e.Status, e.RulesVersion, append(told.Rules, e.Rules...)
	}
	if c.PublicRevision == nil {
		return told, nil
	}
	text, err := tx.Revision(ctx, site.ID, c.ID, *c.PublicRevision)
	if err != nil {
		return nil, err
	}
	told.Public = &toldPublic{Name: c.AuthorName, Text: markup.Text(text.Body), URL: links{p, site, site.Locale}.comment(article.Key, c.ID)}
	return told, nil
}
