package moderation

import (
	"context"
	"fmt"

	"github.com/google/uuid"

	"plenum/models"
)

// Feature makes an approved comment an editor's pick, or with the action Unfeature an ordinary one again, bound to the
// version that was shown. It is for editors, an entry of its own, and ends when the comment stops being public.
func (f *Flow) Feature(ctx context.Context, site models.Site, actor Actor, v Verdict) (Event, error) {
	v = Verdict{CommentID: v.CommentID, Version: v.Version, Action: v.Action}
	event, err := f.resolve(ctx, decision{site: site, actor: actor, Verdict: v, entryID: f.NewID()}, f.feature)
	if err != nil {
		return Event{}, fmt.Errorf("%s comment %s: %w", v.Action, v.CommentID, err)
	}
	return event, nil
}

func (f *Flow) feature(ctx context.Context, tx *models.Tx, d decision, m models.Matter) (Event, error) {
	c := m.Comment
	if err := f.current(ctx, tx, d, c); err != nil {
		return Event{}, err
	}
	if err := permit(d.actor, m.Written, d.Action); err != nil {
		return Event{}, err
	}
	if c.PublicRevision == nil || (c.FeaturedAt != nil) == (d.Action == Feature) {
		return Event{}, invalid("action", "refusal.action_unfit", "action", d.Action, "status", c.Status)
	}
	o := f.begin(d, m)
	o.Entry.Revision = *c.PublicRevision
	o.FeaturedAt, o.Public, o.Claim = nil, true, true
	if d.Action == Feature {
		o.FeaturedAt = &o.Entry.CreatedAt
	}
	return f.enact(ctx, tx, d, o)
}

// Answer publishes a text of the newsroom below a public comment, at once: it is submitted and approved in one
// transaction, with an entry of its own that names who wrote it. That nobody decides his own comment is about readers'
// comments; this one is the site's own word, wears its badge, and is as public in the log as any.
func (f *Flow) Answer(ctx context.Context, site models.Site, actor Actor, parentID uuid.UUID, body string) (models.Comment, error) {
	if err := actor.write(RoleModerator); err != nil {
		return models.Comment{}, err
	}
	parent, err := f.Store.Comment(ctx, site.ID, parentID)
	if err != nil {
		return models.Comment{}, err
	}
	article, err := f.Store.ArticleByID(ctx, site.ID, parent.ArticleID)
	if err != nil {
		return models.Comment{}, err
	}
	rules, err := f.Store.RulesVersion(ctx, site.ID)
	if err != nil {
		return models.Comment{}, err
	}
	s := Submission{Article: ArticleName{Key: article.Key}, ParentID: &parentID, Name: actor.Name, Body: body, RulesVersion: rules, Staff: true}
	if err := s.normalise(site); err != nil {
		return models.Comment{}, err
	}
	made, _, err := f.compose(ctx, site, s, origin{id: f.NewID(), at: f.now()})
	if err != nil {
		return models.Comment{}, err
	}
	made.Revision.Signals, made.Comment.Handling = nil, waiting(site, f.now(), 0) // nobody has to sort it
	if err := f.publish(ctx, site, actor, made, article); err != nil {
		return models.Comment{}, fmt.Errorf("answer comment %s: %w", parentID, err)
	}
	return f.Store.Comment(ctx, site.ID, made.Comment.ID)
}

// publish writes a comment of the newsroom and approves it in the same transaction.
func (f *Flow) publish(ctx context.Context, site models.Site, actor Actor, made models.Submission, article models.Article) error {
	return f.Store.Serve(ctx, site.ID, func(tx *models.Tx) error {
		parent, err := tx.Comment(ctx, site.ID, *made.Comment.ParentID)
		if err != nil {
			return err
		}
		if err := below(&parent, article, &made.Comment); err != nil {
			return err
		}
		if err := tx.Submit(ctx, made); err != nil {
			return err
		}
		approve := Verdict{CommentID: made.Comment.ID, Version: 1, Action: Approve}
		_, err = f.hear(ctx, tx, decision{site: site, actor: actor, Verdict: approve, entryID: f.NewID()}, f.decide)
		return err
	})
}
