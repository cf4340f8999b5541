package triage

import (
	"strings"
	"unicode"
)

// text is the visible text with what several signals read of it.
type text struct {
	visible  string
	runes    []rune
	folded   folded
	squeezed folded
}

func newText(visible string) text {
	t := text{visible: visible, runes: []rune(visible)}
	t.folded = fold(t.runes)
	t.squeezed = t.folded.squeeze()
	return t
}

// tokens are the words of a text in small letters.
func tokens(s string) []string {
	return strings.FieldsFunc(strings.ToLower(s), func(r rune) bool { return !unicode.IsLetter(r) })
}
