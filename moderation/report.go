package moderation

import (
	"bytes"
	"context"
	"crypto/rand"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"plenum/models"
	"plenum/moderation/markup"
	"plenum/moderation/notify"
)

// Report is what a reader says against a public comment. Lengths and characters are checked already.
type Report struct {
	CommentID         uuid.UUID
	Kind              string // models.ReportRule or models.ReportIllegal
	Rule              string // a code in force, of kind rule
	Text, Name, Email string
	GoodFaith         bool
	Locale            string // of the mails; empty: the site's
	Request           Request
}

// Report takes a reader's report and answers its number. Only what is public can be reported; all reports of one
// comment are one case until a moderator decides it.
func (f *Flow) Report(ctx context.Context, site models.Site, r Report) (number string, err error) {
	if err := r.normalise(site); err != nil {
		return "", err
	}
	number, id := reportNumber(), f.NewID()
	err = f.Store.Serve(ctx, site.ID, func(tx *models.Tx) error {
		first := true
		if r.Request.Key != "" {
			k := models.Key{Call: "reports " + r.CommentID.String(), Key: r.Request.Key, RequestHash: r.Request.Hash, Lifetime: keyLifetime}
			if id, first, err = takeKey(ctx, tx, site.ID, k, id, f.now()); err != nil {
				return err
			}
		}
		if !first {
			earlier, err := tx.ReportByID(ctx, site.ID, id)
			number = earlier.Number
			return err
		}
		if err := f.asked(ctx, tx, attempt{site.ID, "reports", r.Request.Network, r.Email, r.CommentID.String()}); err != nil {
			return err
		}
		return f.report(ctx, tx, site, r, models.Report{ID: id, Number: number})
	})
	if err != nil {
		return "", fmt.Errorf("report: %w", err)
	}
	return number, nil
}

// normalise trims what was typed and refuses what DSA Art. 16(2) asks for and the report has not.
func (r *Report) normalise(site models.Site) error {
	r.Text, r.Name, r.Email = markup.Clean(r.Text), strings.TrimSpace(r.Name), strings.TrimSpace(r.Email)
	if r.Locale == "" {
		r.Locale = site.Locale
	}
	switch {
	case r.Kind == models.ReportRule && r.Rule == "":
		return invalid("rule", "refusal.report_rule")
	case r.Kind == models.ReportIllegal && r.Rule != "":
		return invalid("rule", "refusal.report_no_rule")
	case r.Kind == models.ReportIllegal && markup.IsBlank(r.Text):
		return invalid("text", "refusal.report_text")
	case r.Kind == models.ReportIllegal && !r.GoodFaith:
		return invalid("good_faith", "refusal.report_good_faith")
	}
	return nil
}

func (f *Flow) report(ctx context.Context, tx *models.Tx, site models.Site, r Report, made models.Report) error {
	c, err := tx.LockComment(ctx, site.ID, r.CommentID)
	if err != nil {
		return err
	}
	if c.PublicRevision == nil {
		return fmt.Errorf("comment %s: %w", r.CommentID, models.ErrNotFound)
	}
	if r.Kind == models.ReportRule {
		rules, err := tx.Rules(ctx, site.ID, 0)
		if err != nil {
			return err
		}
		if !rules.Has([]string{r.Rule}) {
			return invalid("rule", "refusal.rule_unknown", "code", r.Rule)
		}
		made.Rule = &r.Rule
	}
	now := f.now()
	made.Kind, made.Text, made.GoodFaith, made.Locale, made.CreatedAt = r.Kind, r.Text, r.GoodFaith, r.Locale, now
	made.Name, made.Email, made.AddressHash = given(r.Name), given(r.Email), f.keys.Address(site.ID, r.Email)
	opened := models.Case{SiteID: site.ID, ID: f.NewID(), CommentID: c.ID, Revision: *c.PublicRevision, OpenedAt: now, RankAt: now.Add(site.ReportTarget())}
	if err := tx.Report(ctx, opened, made); err != nil {
		return err
	}
	if err := f.tellWebhooks(ctx, tx, happening{siteID: site.ID, commentID: c.ID, event: report}); err != nil || made.Email == nil {
		return err
	}
	return tx.Enqueue(ctx, notify.ReporterNotice{SiteID: site.ID, ReportID: made.ID, About: notify.ReportReceived}, time.Time{})
}

func given(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}

// reportNumber is ten characters that are read aloud without mistakes: Crockford's digits, 50 bits.
func reportNumber() string {
	const digits = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
	number := make([]byte, 10)
	rand.Read(number) // never fails, see crypto/rand
	for i, b := range number {
		number[i] = digits[b%32]
	}
	return string(number)
}

// answers reports whether a decision says what becomes of a reported text. Of a held edit, approve and reject do not.
func answers(action string, c models.Comment) bool {
	return slices.Contains([]string{Keep, Remove, Spam}, action) ||
		c.Status == models.Pending && slices.Contains([]string{Approve, Reject}, action)
}

// answerReports closes the comment's open case by a decision that answers it, and has whoever left an address told. Nobody
// decides what they reported themselves.
func (f *Flow) answerReports(d decision, m models.Matter, o *outcome) error {
	if m.Case == nil || !answers(d.Action, m.Comment) {
		return nil
	}
	mine := f.keys.Address(d.site.ID, d.actor.Email)
	if slices.ContainsFunc(m.Case.Reports, func(r models.Report) bool { return mine != nil && bytes.Equal(r.AddressHash, mine) }) {
		return forbidden("refusal.own_report")
	}
	f.closeCase(d.site, *m.Case, o)
	return nil
}

// closeCase ends an open case of reports by an entry, and has whoever left an address told.
func (f *Flow) closeCase(site models.Site, open models.Case, o *outcome) {
	o.Answers = &open.ID
	for _, r := range open.Reports {
		if r.Email != nil {
			o.later(notify.ReporterNotice{SiteID: site.ID, ReportID: r.ID, About: notify.ReportDecided, EntryID: o.Entry.ID}, f.undone(site))
		}
	}
}

// Reportable is a public comment with what a report of it is made from.
type Reportable struct {
	models.Place
	Article models.Article
	Rules   models.RuleVersion // in force
}

// Reportable finds a public comment for the form that reports it; anything else is models.ErrNotFound.
func (f *Flow) Reportable(ctx context.Context, site models.Site, id uuid.UUID) (r Reportable, err error) {
	err = f.Store.Serve(ctx, site.ID, func(tx *models.Tx) error {
		if r.Place, err = tx.Place(ctx, site.ID, id); err != nil {
			return err
		}
		c, err := tx.Comment(ctx, site.ID, id)
		if err != nil {
			return err
		}
		if r.Article, err = tx.ArticleByID(ctx, site.ID, c.ArticleID); err != nil {
			return err
		}
		r.Rules, err = tx.Rules(ctx, site.ID, 0)
		return err
	})
	return r, err
}
