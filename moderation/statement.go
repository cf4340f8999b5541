package moderation

import (
	"context"
	"crypto/rand"
	"slices"
	"strings"
	"unicode/utf8"

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

// drafts are the statements that rules fill in, by their codes, in a language or else the site's.
func drafts(templates []models.StatementTemplate, locale, fallback string) map[string]string {
	found := map[string]string{}
	for _, want := range []string{fallback, locale} { // the second has the last word
		for _, t := range templates {
			if t.Locale == want && t.Text != "" {
				found[t.Code] = t.Text
			}
		}
	}
	return found
}

// drafted reports whether the first rule that a decision names fills in its statement.
func (d decision) drafted() bool {
	return d.FromTemplate && d.Statement == "" && len(d.named()) > 0
}

// filled is the statement of a decision: what was written, or else its rule's with the words that were marked.
func filled(d decision, m models.Matter) string {
	if !d.drafted() {
		return d.Statement
	}
	return fillTemplate(drafts(m.Templates, m.Comment.Locale, d.site.Locale)[d.Rules[0]], d.Passage)
}

// named are the rules that a decision names, in their order: of a rejection or a removal, and of nothing else, spam least
// of all.
func (d decision) named() []string {
	if d.Action != Reject && d.Action != Remove {
		return nil
	}
	return slices.Compact(slices.Sorted(slices.Values(d.Rules)))
}

// writeDown puts hashes of what a moderator wrote into an entry, and answers the texts that stand beside it.
func writeDown(e *models.Entry, statement, note string) (texts []models.Statement) {
	add := func(kind, text string) []byte {
		if text == "" {
			return nil
		}
		s := models.Statement{EntryID: e.ID, Kind: kind, Text: text, Salt: []byte(rand.Text())}
		texts = append(texts, s)
		return statementHash(s)
	}
	e.StatementHash, e.NoteHash = add(models.KindStatement, statement), add(models.KindNote, note)
	return texts
}
