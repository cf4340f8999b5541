package templates

import (
	"encoding/json"
	"errors"
	"fmt"
	"path"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/nicksnyder/go-i18n/v2/i18n"
	parser "github.com/nicksnyder/go-i18n/v2/i18n/template"
	textlanguage "golang.org/x/text/language"
	"golang.org/x/text/message"
	"golang.org/x/text/number"
)

// words says sentences in one language.
type words struct {
	locale    string
	localizer *i18n.Localizer
	numbers   *message.Printer
}

// A place that is left empty must fail, not say "<no value>" to a reader.
var strict = &parser.TextParser{Option: "missingkey=error"}

// Locales lists the languages there are, the one that others fall back to first.
func Locales() []string {
	entries, err := files.ReadDir("locale")
	if err != nil {
		panic(err) // embedded
	}
	var locales []string
	for _, entry := range entries {
		locales = append(locales, strings.TrimSuffix(entry.Name(), path.Ext(entry.Name())))
	}
	return locales
}

// Match finds the language nearest to a tag: "en-GB" is English, and what we do not speak is German.
func Match(locale string) string {
	language, _, _ := strings.Cut(strings.ReplaceAll(strings.ToLower(locale), "_", "-"), "-")
	locales := Locales()
	for _, known := range locales {
		if known == language {
			return known
		}
	}
	return locales[0]
}

// Preferred finds the language that a browser would rather read among ours (RFC 9110 §12.5.4); where it names none of them,
// it is German.
func Preferred(accept string) string {
	tags, _, err := textlanguage.ParseAcceptLanguage(accept)
	if err != nil {
		return Match("")
	}
	for _, tag := range tags {
		if base, _ := tag.Base(); slices.Contains(Locales(), base.String()) {
			return base.String()
		}
	}
	return Match("")
}

func newWords(locale string) (*words, error) {
	tag, err := textlanguage.Parse(locale)
	if err != nil {
		return nil, err
	}
	bundle := i18n.NewBundle(tag)
	bundle.RegisterUnmarshalFunc("json", json.Unmarshal)
	file, err := bundle.LoadMessageFileFS(files, "locale/"+locale+".json")
	if err != nil {
		return nil, err
	}
	for _, m := range file.Messages { // what is one sentence is said of any number
		if m.One == "" {
			m.One = m.Other
		}
	}
	if err := bundle.AddMessages(tag, file.Messages...); err != nil {
		return nil, err
	}
	return &words{locale, i18n.NewLocalizer(bundle, locale), message.NewPrinter(tag)}, nil
}

func (w *words) say(key string, args map[string]any) (string, error) {
	values := make(map[string]any, len(args))
	for name, value := range args {
		said, err := w.written(value)
		if err != nil {
			return "", err
		}
		values[name] = said
	}
	return w.localizer.Localize(&i18n.LocalizeConfig{
		MessageID: key, TemplateData: values, PluralCount: args["count"], TemplateParser: strict,
	})
}

// written puts a value as the language writes it: a number 10.000 in German and 10,000 in English, a time, a wait.
func (w *words) written(value any) (any, error) {
	switch v := value.(type) {
	case *int:
		return w.written(*v)
	case int:
		return w.numbers.Sprint(number.Decimal(v)), nil
	case time.Time:
		return w.datetime(v.UTC())
	case time.Duration:
		return w.wait(v)
	}
	return value, nil
}

// t is say as templates call it: {{t "thread.total" "count" .Total}}.
func (w *words) t(key string, pairs ...any) (string, error) {
	if len(pairs)%2 != 0 {
		return "", fmt.Errorf("t %q: a name without a value", key)
	}
	args := map[string]any{}
	for i := 0; i < len(pairs); i += 2 {
		args[fmt.Sprint(pairs[i])] = pairs[i+1]
	}
	return w.say(key, args)
}

// named says a word that stands in a row. One that this release does not know, as while the next one is brought in, stands
// for itself: the page is about others too.
func (w *words) named(what, word string) (string, error) {
	said, err := w.t(what + "." + word)
	var unknown *i18n.MessageNotFoundErr
	if errors.As(err, &unknown) {
		return word, nil
	}
	return said, err
}

func (w *words) date(at time.Time) (string, error) {
	month, err := w.t("month." + strconv.Itoa(int(at.Month())))
	if err != nil {
		return "", err
	}
	return w.t("date", "day", strconv.Itoa(at.Day()), "month", month, "year", strconv.Itoa(at.Year()))
}

func (w *words) datetime(at time.Time) (string, error) {
	day, err := w.date(at)
	if err != nil {
		return "", err
	}
	return w.t("datetime", "date", day, "time", at.Format("15:04"))
}

// minutes says a length of time in its largest fitting unit, rounded down, as said after "nach" and "seit": "38 Minuten", "3 Tagen".
func (w *words) minutes(d time.Duration) (string, error) { return w.duration("duration.", d) }

// wait says how long to wait, rounded up: "30 Sekunden", else as minutes does.
func (w *words) wait(d time.Duration) (string, error) {
	if d < 2*time.Minute {
		return w.t("duration.seconds", "count", int((d+time.Second-1)/time.Second))
	}
	return w.minutes(d + time.Minute - 1)
}

// short is minutes for narrow places: "38 min".
func (w *words) short(d time.Duration) (string, error) { return w.duration("duration.short.", d) }

func (w *words) duration(keys string, d time.Duration) (string, error) {
	switch {
	case d < time.Minute:
		return w.t(keys + "moment")
	case d < 2*time.Hour:
		return w.t(keys+"minutes", "count", int(d/time.Minute))
	case d < 48*time.Hour:
		return w.t(keys+"hours", "count", int(d/time.Hour))
	}
	return w.t(keys+"days", "count", int(d/(24*time.Hour)))
}
