package keys

import (
	"testing"

	"github.com/google/uuid"
)

// A token opens what it was made for, and nothing else does: no other text, purpose, site or row.
func FuzzToken(f *testing.F) {
	k, other := New([]byte("a secret of thirty-two characters")), New([]byte("another secret of thirty-two, too"))
	f.Fuzz(func(t *testing.T, text, purpose string, a, b []byte) {
		site, row := uuid.NewSHA1(uuid.Nil, a), uuid.NewSHA1(uuid.Nil, b)
		token, manage := k.Token(purpose, site, row), k.ManageToken(site, row)
		if !k.Allows(token, purpose, site, row) || !k.Manages(manage, site, row) || len(token) != 43 || len(manage) != 43 {
			t.Fatalf("%q and %q do not open what they were made for", token, manage)
		}
		if text != token && k.Allows(text, purpose, site, row) || text != manage && k.Manages(text, site, row) {
			t.Errorf("%q is as good as a token", text)
		}
		for _, wrong := range []string{other.Token(purpose, site, row), k.Token(purpose+" ", site, row), k.Token(purpose, row, site), k.PasswordLink(row)} {
			if site != row && k.Allows(wrong, purpose, site, row) {
				t.Errorf("another token than that of %q opens it", purpose)
			}
		}
	})
}
