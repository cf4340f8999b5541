package moderation_test

import (
	"testing"

	"github.com/alexedwards/argon2id"

	"plenum/models"
	"plenum/moderation"
)

// Whether somebody has an address is not to be learnt from what it costs to be refused: one password is computed either
// way, with the same memory, passes, lanes and lengths.
func TestARefusedSignInCostsTheSameForKnownAndUnknownAddresses(t *testing.T) {
	w := newWorld(t)
	w.must(w.flow.CreateModerator(t.Context(), w.site, moderation.NewModerator{Email: "known@news.example", Name: "Known", Password: "open sesame", Role: moderation.RoleModerator, Locale: "de"}))
	computed := w.flow.CountHashing()
	for _, email := range []string{"known@news.example", "unknown@news.example", "", "no\x00address"} {
		before := computed.Load()
		_, _, err := w.flow.SignIn(t.Context(), moderation.Credentials{Email: email, Password: "wrong password"})
		w.wantRefusal(err, "refusal.bad_signin")
		if got := computed.Load() - before; got != 1 {
			t.Errorf("%q: computed %d passwords, want one", email, got)
		}
	}
	m, err := w.flow.Store.ModeratorByEmail(t.Context(), "known@news.example")
	w.must(err)
	if known, unknown := costs(t, m), costs(t, models.Moderator{PasswordHash: moderation.Nobody}); known != unknown {
		t.Errorf("a known address costs %+v, an unknown one %+v", known, unknown)
	}
}

func costs(t *testing.T, m models.Moderator) argon2id.Params {
	t.Helper()
	params, _, _, err := argon2id.DecodeHash(m.PasswordHash)
	if err != nil {
		t.Fatal(err)
	}
	return *params
}
