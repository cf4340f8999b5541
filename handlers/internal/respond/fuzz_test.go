package respond

import (
	"strings"
	"testing"
)

// An encoding is answered only where it was named.
func FuzzNegotiate(f *testing.F) {
	f.Fuzz(func(t *testing.T, accept string) {
		if got := negotiate(accept); got != "" && (got != "br" && got != "gzip" || !strings.Contains(strings.ToLower(accept), got)) {
			t.Errorf("%q: got %q", accept, got)
		}
	})
}
