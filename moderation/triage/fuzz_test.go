package triage

import "testing"

// A list that is taken never fails on a text, its places lie within the text and in its order, and a plain word is found
// where nothing else stands.
func FuzzWordList(f *testing.F) {
	f.Fuzz(func(t *testing.T, entry, pattern, text string) {
		if plain, err := NewList([]Word{{Text: entry, Minutes: 5}}); err == nil && !Hits(plain, entry) {
			t.Errorf("%q is not found in itself", entry)
		}
		list, err := NewList([]Word{{Text: entry, Minutes: 5}, {Text: pattern, Pattern: true, Minutes: 5}})
		if err != nil {
			return
		}
		last, length := 0, len([]rune(text))
		for _, span := range Places(list, text) {
			if span.From < last || span.To <= span.From || span.To > length {
				t.Fatalf("%q and %q in %q: got %+v after %d of %d", entry, pattern, text, span, last, length)
			}
			last = span.From
		}
	})
}
