package demo

import (
	"context"
	"fmt"
	"net/url"
	"time"

	"github.com/google/uuid"

	"plenum/models"
	"plenum/moderation"
)

// story plays the demo's comments through the program, each at its own time in the past.
type story struct {
	flow    *moderation.Flow
	site    models.Site
	content content
	base    *url.URL
	now     time.Time
	staff   [3]moderation.Actor // moderator, editor, admin
	written map[string]moderation.Receipt
}

// approvedFirst are the fates that begin with an approval.
var approvedFirst = map[string]bool{"approve": true, "staff": true, "remove": true, "withdraw": true, "reopen": true,
	"edit_held": true, "edit_approved": true}

// tell plays everything that was published first, in order, then what happened to it later: a reply must find its
// parent approved.
func (s *story) tell(ctx context.Context) error {
	if err := s.nameArticles(ctx); err != nil {
		return err
	}
	for _, c := range s.content.Comments {
		if err := s.write(ctx, c); err != nil {
			return fmt.Errorf("%s: %w", c.Label, err)
		}
	}
	for _, c := range s.content.Comments {
		if err := s.end(ctx, c); err != nil {
			return fmt.Errorf("%s: %w", c.Label, err)
		}
		if err := s.report(ctx, c); err != nil {
			return fmt.Errorf("%s: %w", c.Label, err)
		}
	}
	return nil
}

func (s *story) nameArticles(ctx context.Context) error {
	for _, a := range s.content.Articles {
		address := s.address(a.Slug)
		named := moderation.ArticleChange{Key: a.key(), URL: &address, Title: &a.Title, Text: &a.Lead, Lead: &a.Lead}
		if _, err := s.flow.PutArticle(ctx, s.site, s.staff[1], named); err != nil {
			return err
		}
	}
	return nil
}

func (s *story) address(slug string) string { return s.base.JoinPath("demo", slug).String() }

// at is the program at a moment of the past.
func (s *story) at(t time.Time) *moderation.Flow {
	then := *s.flow
	then.Now, then.Unlimited = func() time.Time { return t }, true
	then.NewID = func() uuid.UUID { return idAt(t) }
	return &then
}

func (s *story) writtenAt(c comment) time.Time {
	return s.now.Add(-time.Duration(c.MinutesAgo) * time.Minute)
}

// write submits a comment and, where it was published at first, approves it some minutes later.
func (s *story) write(ctx context.Context, c comment) error {
	then := s.writtenAt(c)
	submission := moderation.Submission{
		Article: moderation.ArticleName{Key: c.Article, URL: s.address(c.Article)}, Name: c.Name, Email: c.Email, Body: c.Body,
		RulesVersion: 1, Locale: c.Locale, Staff: c.Role == "staff", Request: moderation.Request{Key: "demo " + c.Label},
	}
	submission.Request.Hash = make([]byte, 32)
	if c.Parent != "" {
		parent := s.written[c.Parent].ID
		submission.ParentID = &parent
	}
	receipt, err := s.at(then).Submit(ctx, s.site, submission)
	if err != nil {
		return err
	}
	s.written[c.Label] = receipt
	if !approvedFirst[c.Fate] {
		return nil
	}
	// A comment is decided a third of the way from then to now, at most 25 minutes after it was written.
	wait := min(25*time.Minute, s.now.Sub(then)/3)
	return s.decide(ctx, then.Add(wait), c, 1, moderation.Verdict{Action: moderation.Approve})
}

// end plays what happened later.
func (s *story) end(ctx context.Context, c comment) error {
	later := s.now.Add(-min(s.now.Sub(s.writtenAt(c))/4, 30*time.Minute))
	grounds := moderation.Verdict{Rules: c.Rules, Statement: c.Statement, Note: c.Note}
	switch c.Fate {
	case "reject", "spam":
		grounds.Action = c.Fate
		return s.decide(ctx, later, c, 1, grounds)
	case "remove", "reopen":
		grounds.Action = c.Fate
		return s.decide(ctx, later, c, 2, grounds)
	case "appeal", "pass", "set_aside":
		return s.hand(ctx, later, c, grounds)
	case "withdraw":
		return s.at(later).Withdraw(ctx, s.site, s.written[c.Label].ID, s.written[c.Label].ManageToken)
	case "edit_held", "edit_approved":
		if err := s.at(later).Edit(ctx, s.site, s.written[c.Label].ID, s.written[c.Label].ManageToken, c.Edit); err != nil {
			return err
		}
	}
	if c.Fate == "edit_approved" {
		return s.decide(ctx, later.Add(time.Minute), c, 3, moderation.Verdict{Action: moderation.Approve})
	}
	return nil
}

// hand leaves a comment for somebody else: its appeal for whoever did not refuse it, itself for the moderator or for later.
func (s *story) hand(ctx context.Context, t time.Time, c comment, grounds moderation.Verdict) error {
	id, then, editor := s.written[c.Label].ID, s.at(t), s.staff[1]
	switch c.Fate {
	case "pass":
		_, err := then.Pass(ctx, s.site, editor, moderation.Passing{CommentID: id, Version: 1, To: &s.staff[0].ID, Note: c.Note})
		return err
	case "set_aside":
		_, err := then.SetAside(ctx, s.site, editor, moderation.SettingAside{CommentID: id, Version: 1, Until: s.now.Add(aside), Note: c.Note})
		return err
	}
	grounds.CommentID, grounds.Version, grounds.Action = id, 1, moderation.Reject
	if _, err := then.Decide(ctx, s.site, editor, grounds); err != nil {
		return err
	}
	_, err := s.at(t.Add(10*time.Minute)).Appeal(ctx, s.site, id, s.written[c.Label].ManageToken, c.Appeal, moderation.Request{})
	return err
}

// aside is for how long a comment of the demo is set aside.
const aside = 6 * time.Hour

// report plays what readers reported of the comment lately.
func (s *story) report(ctx context.Context, c comment) error {
	for i, r := range c.Reports {
		then := s.at(s.now.Add(-time.Duration(20+15*i) * time.Minute))
		_, err := then.Report(ctx, s.site, moderation.Report{CommentID: s.written[c.Label].ID, Kind: models.ReportRule, Rule: r.Rule, Text: r.Text, Email: r.Email, Locale: c.Locale})
		if err != nil {
			return err
		}
	}
	return nil
}

// decide lets the moderator decide; what only editors may, the editor.
func (s *story) decide(ctx context.Context, t time.Time, c comment, version int, v moderation.Verdict) error {
	v.CommentID, v.Version = s.written[c.Label].ID, version
	actor := s.staff[0]
	if !actor.May(v.Action) {
		actor = s.staff[1]
	}
	_, err := s.at(t).Decide(ctx, s.site, actor, v)
	return err
}
