package moderation

import (
	"context"
	_ "embed"
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/goccy/go-yaml"
	"github.com/google/uuid"

	"plenum/models"
	"plenum/moderation/markup"
)

//go:embed rules.yaml
var firstRules []byte

// RuleTexts is a version of the rules as it is published: every language at once, the same codes in each.
type RuleTexts struct {
	Locales map[string]LocaleRules `json:"locales" yaml:"locales"`
}

// LocaleRules is the rules in one language, in the order of their numbers.
type LocaleRules struct {
	Intro string     `json:"intro" yaml:"intro"`
	Rules []RuleText `json:"rules" yaml:"rules"`
}

// RuleText is one rule in one language.
type RuleText struct {
	Code  string `json:"code" yaml:"code"`
	Title string `json:"title" yaml:"title"`
	Text  string `json:"text" yaml:"text"`

	Statement string `json:"statement,omitempty" yaml:"statement,omitempty"` // to the author: the template that its key fills in
}

// The limits of a version of rules, in characters. Nine, because each rule has a key.
const (
	maxRules     = 9
	maxRuleTitle = 80
	maxRuleText  = 1000
)

var ruleCode = regexp.MustCompile(`^[a-z][a-z0-9-]{0,39}$`)

// ParseRules reads the YAML of a version of the rules; an unknown field is an error.
func ParseRules(text []byte) (r RuleTexts, err error) {
	defer func() {
		if recover() != nil { // goccy/go-yaml does not expect a tag where a list should be
			r, err = RuleTexts{}, errors.New("read the rules: they are no YAML that can be read")
		}
	}()
	if err := yaml.UnmarshalWithOptions(text, &r, yaml.DisallowUnknownField()); err != nil {
		return RuleTexts{}, fmt.Errorf("read the rules: %w", err)
	}
	return r, nil
}

// PublishRules makes the site's next version of the rules, in force at once, and answers its number. Older versions
// stay readable for ever. It is for editors; nobody (the zero Actor) is the command line.
func (f *Flow) PublishRules(ctx context.Context, site models.Site, actor Actor, r RuleTexts) (int, error) {
	v := models.RuleVersion{PublishedAt: f.now()}
	if actor != (Actor{}) {
		if err := actor.write(RoleEditor); err != nil {
			return 0, err
		}
		v.PublishedBy = &actor.ID
	}
	if err := r.check(site.Locale); err != nil {
		return 0, err
	}
	v.Locales = r.sets()
	err := f.Store.Serve(ctx, site.ID, func(tx *models.Tx) error {
		newest, err := tx.LockRules(ctx, site.ID)
		if err != nil {
			return err
		}
		v.Version = newest + 1
		return tx.InsertRules(ctx, site.ID, v)
	})
	if err != nil {
		return 0, fmt.Errorf("publish rules: %w", err)
	}
	return v.Version, nil
}

// RuleFile answers the rules in force with their statements, and the same as the YAML that PublishRules takes.
func (f *Flow) RuleFile(ctx context.Context, siteID uuid.UUID) (models.RuleVersion, string, error) {
	rules, err := f.Store.Rules(ctx, siteID, 0)
	if err != nil {
		return rules, "", err
	}
	templates, err := f.Store.StatementTemplates(ctx, siteID, rules.Version)
	if err != nil {
		return rules, "", err
	}
	texts := RuleTexts{Locales: map[string]LocaleRules{}}
	for locale, set := range rules.Locales {
		written := LocaleRules{Intro: set.Intro}
		for i, rule := range set.Rules {
			for _, t := range templates {
				if t.Locale == locale && t.Code == rule.Code {
					set.Rules[i].Statement = t.Text
				}
			}
			written.Rules = append(written.Rules, RuleText{Code: rule.Code, Title: rule.Title, Text: rule.Text, Statement: set.Rules[i].Statement})
		}
		texts.Locales[locale] = written
	}
	text, err := yaml.MarshalWithOptions(texts, yaml.UseLiteralStyleIfMultiline(true))
	if err != nil {
		return rules, "", fmt.Errorf("write the rules: %w", err)
	}
	return rules, string(text), nil
}

func (r RuleTexts) sets() map[string]models.RuleSet {
	sets := map[string]models.RuleSet{}
	for locale, texts := range r.Locales {
		set := models.RuleSet{Intro: strings.TrimSpace(texts.Intro)}
		for i, rule := range texts.Rules {
			set.Rules = append(set.Rules, models.Rule{Number: i + 1, Code: rule.Code,
				Title: strings.TrimSpace(rule.Title), Text: strings.TrimSpace(rule.Text), Statement: strings.TrimSpace(rule.Statement)})
		}
		sets[locale] = set
	}
	return sets
}

// check refuses rules that could not be shown or named in each language.
func (r RuleTexts) check(siteLocale string) error {
	own, ok := r.Locales[siteLocale]
	if !ok {
		return invalid("locales", "refusal.rules_locale", "locale", siteLocale)
	}
	for _, locale := range slices.Sorted(maps.Keys(r.Locales)) { // the same fault is named each time
		texts := r.Locales[locale]
		if !slices.Contains([]string{"de", "en"}, locale) {
			return invalid("locales", "refusal.rules_locale", "locale", siteLocale)
		}
		if len(texts.Rules) == 0 || len(texts.Rules) > maxRules {
			return invalid("locales."+locale+".rules", "refusal.rules_empty", "max", maxRules)
		}
		if !slices.Equal(codes(texts.Rules), codes(own.Rules)) {
			return invalid("locales."+locale+".rules", "refusal.rules_codes")
		}
		if err := checkTexts(locale, texts); err != nil {
			return err
		}
	}
	return nil
}

func checkTexts(locale string, texts LocaleRules) error {
	if markup.HasControl(texts.Intro) {
		return invalid("locales."+locale+".intro", "invalid.control")
	}
	seen := map[string]bool{}
	for i, rule := range texts.Rules {
		field := fmt.Sprintf("locales.%s.rules.%d.", locale, i)
		switch {
		case !ruleCode.MatchString(rule.Code) || seen[rule.Code]:
			return invalid(field+"code", "refusal.rules_codes")
		case strings.TrimSpace(rule.Title) == "":
			return invalid(field+"title", "invalid.required")
		case strings.TrimSpace(rule.Text) == "":
			return invalid(field+"text", "invalid.required")
		case markup.HasControl(rule.Title):
			return invalid(field+"title", "invalid.control")
		case markup.HasControl(rule.Text):
			return invalid(field+"text", "invalid.control")
		case utf8.RuneCountInString(rule.Title) > maxRuleTitle:
			return invalid(field+"title", "invalid.max", "max", maxRuleTitle)
		case utf8.RuneCountInString(rule.Text) > maxRuleText:
			return invalid(field+"text", "invalid.max", "max", maxRuleText)
		}
		if err := checkTemplate(field+"statement", rule.Statement); err != nil {
			return err
		}
		seen[rule.Code] = true
	}
	return nil
}

func codes(rules []RuleText) (all []string) {
	for _, r := range rules {
		all = append(all, r.Code)
	}
	return all
}
