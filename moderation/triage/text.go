package triage

import (
	"strings"
	"unicode"
)

// Text is a visible text with what several signals read of it.
type Text struct {
	visible  string
	runes    []rune
	tokens   []string
	folded   folded
	squeezed folded
	gist     Gist
}

// Read reads a visible text for a site in locale (de or en).
func Read(visible, locale string) Text {
	t := undisguised(visible)
	t.tokens = tokens(visible)
	t.gist = Gist{shingles: shingles(letters(t.squeezed)), stems: stems(t.tokens, locale)}
	return t
}

// undisguised is what of a text the site's words are looked for in.
func undisguised(visible string) Text {
	t := Text{visible: visible, runes: []rune(visible)}
	t.folded = fold(t.runes)
	t.squeezed = t.folded.squeeze()
	return t
}

// Gist is what later texts are held against.
func (t Text) Gist() Gist { return t.gist }

// tokens are the words of a text in small letters.
func tokens(s string) []string {
	return strings.FieldsFunc(strings.ToLower(s), func(r rune) bool { return !unicode.IsLetter(r) })
}
