package templates

import (
	"html/template"
	"strings"
	"time"
	"unicode/utf8"
)

// funcs are all the functions a template may call.
func funcs(w *words, asset func(string) string) template.FuncMap {
	return template.FuncMap{
		"asset": asset, "locale": func() string { return w.locale }, "locales": Locales,
		"t": w.t, "named": w.named, "date": w.date, "datetime": w.datetime, "rfc3339": rfc3339, "minutes": w.minutes, "short": w.short,
		"html": asIs, "wrap": wrap, "quote": quote,
		"colour": colour, "day": func(at time.Time) string { return at.Format(time.DateOnly) },
	}
}

// colour is the class of a comment's state: public, waiting or refused.
func colour(status string) string {
	switch status {
	case "approved":
		return "public"
	case "pending":
		return "waiting"
	}
	return "refused"
}

// asIs lets the output of moderation/markup through as it is. Nothing else may be handed to it: this is the one place
// where text becomes HTML unescaped.
func asIs(rendered string) template.HTML { return template.HTML(rendered) }

func rfc3339(at time.Time) string { return at.UTC().Format(time.RFC3339) }

const mailWidth = 72 // RFC 5322 §2.1.1 asks for 78 at most; quoting needs some of it

// wrap breaks lines of a plain mail at words. A word longer than the line, such as a link, stays whole.
func wrap(text string) string { return strings.Join(wrapped(text, mailWidth), "\n") }

// quote is wrap with "> " before each line.
func quote(text string) string {
	lines := wrapped(text, mailWidth-2)
	for i, line := range lines {
		lines[i] = strings.TrimRight("> "+line, " ")
	}
	return strings.Join(lines, "\n")
}

func wrapped(text string, width int) []string {
	var lines []string
	for paragraph := range strings.Lines(strings.TrimSpace(text)) {
		lines = append(lines, wrapLine(paragraph, width)...)
	}
	return lines
}

func wrapLine(text string, width int) []string {
	lines := []string{""}
	for _, word := range strings.Fields(text) {
		last := &lines[len(lines)-1]
		switch {
		case *last == "":
			*last = word
		case utf8.RuneCountInString(*last)+1+utf8.RuneCountInString(word) <= width:
			*last += " " + word
		default:
			lines = append(lines, word)
		}
	}
	return lines
}
