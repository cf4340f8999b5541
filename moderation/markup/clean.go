package markup

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Clean is s as it is stored: line ends are LF, blank space around the whole is gone (but no control character: that is for
// HasControl to see). Nothing else changes: no normalisation, nothing invisible taken out. Clean(Clean(s)) is Clean(s).
func Clean(s string) string {
	if strings.ContainsRune(s, '\r') {
		s = strings.ReplaceAll(s, "\r\n", "\n")
		s = strings.ReplaceAll(s, "\r", "\n")
	}
	return strings.TrimFunc(s, func(r rune) bool { return unicode.IsSpace(r) && !isForbidden(r) })
}

// HasControl reports whether s holds what no text may hold: a control character (C0 with NUL, DEL, C1; tab, LF and CR are
// none here) or bytes that are not UTF-8, lone surrogates among them. Bidirectional controls are allowed: they end with the
// block they stand in, and the page isolates names and comments (bdi, dir=auto).
func HasControl(s string) bool {
	return !utf8.ValidString(s) || strings.ContainsFunc(s, isForbidden)
}

func isForbidden(r rune) bool {
	return unicode.IsControl(r) && r != '\t' && r != '\n' && r != '\r'
}

// IsBlank reports whether s shows nothing: empty, or only spaces, invisible formatting, fillers and marks without a base.
func IsBlank(s string) bool {
	return !strings.ContainsFunc(s, isInk)
}

// isInk reports whether r leaves a mark on the page by itself.
func isInk(r rune) bool {
	switch r {
	case '\u115f', '\u1160', '\u3164', '\uffa0', '\u2800': // Hangul fillers, the empty Braille cell: letters and symbols by category
		return false
	}
	return unicode.IsGraphic(r) && !unicode.IsSpace(r) && !unicode.In(r, unicode.Zs, unicode.Mn, unicode.Me)
}

// isWord reports whether r belongs to a word, so that a mark beside it stands inside that word: Leser*innen, hab`s, f**k.
// Scripts that write without spaces are left out, or nobody could emphasise in them.
func isWord(r rune) bool {
	if unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Thai) {
		return false
	}
	return unicode.IsLetter(r) || unicode.IsNumber(r) || unicode.IsMark(r)
}
