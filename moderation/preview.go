package moderation

import (
	"context"
	"fmt"

	"plenum/models"
	"plenum/moderation/markup"
)

// Preview is a text as a thread would show it, and what its author may want to look at before sending it.
type Preview struct {
	HTML  string
	Hints []Hint
	Rules models.RuleVersion // in force, which the hints name
}

// Preview renders a text that somebody is about to send below an article. Nothing of it is kept.
func (f *Flow) Preview(ctx context.Context, site models.Site, articleKey, body string) (Preview, error) {
	body = markup.Clean(body)
	if markup.IsBlank(body) {
		return Preview{}, invalid("body", "invalid.required")
	}
	html, err := markup.Render(body)
	if err != nil {
		return Preview{}, fmt.Errorf("preview: %w", err)
	}
	p := Preview{HTML: html}
	if p.Hints, err = f.hints(ctx, sorting{site: site, articleKey: articleKey, text: known(markup.Text(body))}); err != nil {
		return Preview{}, fmt.Errorf("preview: %w", err)
	}
	if p.Rules, err = f.Store.Rules(ctx, site.ID, 0); err != nil {
		return Preview{}, fmt.Errorf("preview: %w", err)
	}
	return p, nil
}
