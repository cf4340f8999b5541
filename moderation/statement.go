package moderation

import (
	"context"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/google/uuid"

	"plenum/models"
	"plenum/moderation/markup"
)

// maxTemplate is how long a statement's template may be, in characters.
const maxTemplate = 1000

// PassagePlace is where a template takes the words that the moderator marked. A paragraph with it is left out where
// none are marked.
const PassagePlace = "{{passage}}"

// fillTemplate puts the marked words into a template.
func fillTemplate(template, passage string) string {
	var kept []string
	for _, paragraph := range strings.Split(template, "\n\n") {
		if passage == "" && strings.Contains(paragraph, PassagePlace) {
			continue
		}
		kept = append(kept, strings.ReplaceAll(paragraph, PassagePlace, passage))
	}
	return strings.TrimSpace(strings.Join(kept, "\n\n"))
}

// checkTemplate refuses a template that could not be filled.
func checkTemplate(field, text string) error {
	switch {
	case utf8.RuneCountInString(text) > maxTemplate:
		return invalid(field, "invalid.max", "max", maxTemplate)
	case markup.HasControl(text):
		return invalid(field, "invalid.control")
	case strings.Contains(strings.ReplaceAll(text, PassagePlace, ""), "{{"):
		return invalid(field, "refusal.template_place", "place", PassagePlace)
	}
	return nil
}

// PutStatementTemplate sets the statement that a rule's key fills in for authors of one language. It is for editors.
func (f *Flow) PutStatementTemplate(ctx context.Context, site models.Site, actor Actor, t models.StatementTemplate) error {
	if err := actor.write(RoleEditor); err != nil {
		return err
	}
	t.Text = strings.TrimSpace(strings.ReplaceAll(t.Text, "\r\n", "\n"))
	if err := checkTemplate("text", t.Text); err != nil {
		return err
	}
	t.SiteID, t.UpdatedAt, t.UpdatedBy = site.ID, f.now(), &actor.ID
	return f.Store.PutStatementTemplate(ctx, t)
}

// drafts are the statements that the rules in force fill in, by their codes, in a language or else the site's.
func drafts(ctx context.Context, q models.Queries, siteID uuid.UUID, version int, locale, fallback string) (map[string]string, error) {
	all, err := q.StatementTemplates(ctx, siteID, version)
	if err != nil {
		return nil, err
	}
	found := map[string]string{}
	for _, want := range []string{fallback, locale} { // the second has the last word
		for _, t := range all {
			if t.Locale == want && t.Text != "" {
				found[t.Code] = t.Text
			}
		}
	}
	return found, nil
}

// template is the statement of the first rule that a decision names, with the words that were marked.
func (f *Flow) template(ctx context.Context, tx *models.Tx, d decision, c models.Comment, version int) (string, error) {
	if !d.FromTemplate || d.Statement != "" || len(d.Rules) == 0 {
		return d.Statement, nil
	}
	found, err := drafts(ctx, tx.Queries, c.SiteID, version, c.Locale, d.site.Locale)
	if err != nil {
		return "", fmt.Errorf("fill the statement: %w", err)
	}
	return fillTemplate(found[d.Rules[0]], d.Passage), nil
}
