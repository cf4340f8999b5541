package templates

import (
	"slices"
	"testing"
)

// Whatever a header says of languages, the answer is one that there is, and the same for the same.
func FuzzLanguage(f *testing.F) {
	f.Fuzz(func(t *testing.T, header string) {
		got := Match(header)
		if !slices.Contains(Locales(), got) || Match(got) != got {
			t.Errorf("%q: got %q", header, got)
		}
	})
}
