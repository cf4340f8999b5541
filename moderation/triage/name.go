package triage

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// What looks like one letter in most fonts is one here.
var blurred = strings.NewReplacer("l", "i", "rn", "m", "vv", "w")

// Alike reports whether two names look the same to a reader: without case, accents, marks and letters that only look like
// others, read from either side where a name turns its direction round.
func Alike(a, b string) bool {
	for _, x := range looks(a) {
		for _, y := range looks(b) {
			if x == y && x != "" {
				return true
			}
		}
	}
	return false
}

// looks are the ways that a name may be read.
func looks(name string) []string {
	var letters []rune
	for _, r := range fold([]rune(name)).runes {
		if isWord(r) {
			letters = append(letters, r)
		}
	}
	read := []string{blurred.Replace(string(letters))}
	if strings.ContainsFunc(name, func(r rune) bool { return unicode.Is(unicode.Bidi_Control, r) }) {
		for i, j := 0, len(letters)-1; i < j; i, j = i+1, j-1 {
			letters[i], letters[j] = letters[j], letters[i]
		}
		read = append(read, blurred.Replace(string(letters)))
	}
	return read
}

// Disguised reports whether a name is written with anything that an honest Latin name has no use for: letters of other
// scripts, digits, invisible characters, letters of mathematics. By itself that says nothing: most names of the world are.
func Disguised(name string) bool {
	return strings.ContainsFunc(name, func(r rune) bool {
		return unicode.IsDigit(r) || unicode.Is(unicode.Cf, r) || unicode.IsLetter(r) && !unicode.Is(unicode.Latin, r) || norm.NFKC.String(string(r)) != string(r)
	})
}
