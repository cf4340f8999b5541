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

// Those who wait to sign in are bounded, and so is what they take.
func TestWhoeverFindsNoPlaceToSignInIsAskedToComeAgain(t *testing.T) {
	w := newWorld(t)
	free := w.flow.FillWaiting()
	_, _, err := w.flow.SignIn(t.Context(), moderation.Credentials{Email: "known@news.example", Password: "open sesame"})
	w.wantRefusal(err, "refusal.limit_passwords")
	free()
	_, _, err = w.flow.SignIn(t.Context(), moderation.Credentials{Email: "known@news.example", Password: "open sesame"})
	w.wantRefusal(err, "refusal.bad_signin")
}

func costs(t *testing.T, m models.Moderator) argon2id.Params {
	t.Helper()
	params, _, _, err := argon2id.DecodeHash(m.PasswordHash)
	if err != nil {
		t.Fatal(err)
	}
	return *params
}

// What the database holds of a session or an API token is its SHA-256, and nothing of the token itself.
func TestTokensAreStoredAsHashes(t *testing.T) {
	w := newWorld(t)
	w.must(w.flow.CreateModerator(t.Context(), w.site, moderation.NewModerator{Email: "known@news.example", Name: "Known", Password: "open sesame", Role: moderation.RoleModerator, Locale: "de"}))
	session, _, err := w.flow.SignIn(t.Context(), moderation.Credentials{Email: "known@news.example", Password: "open sesame"})
	w.must(err)
	key, err := w.flow.CreateToken(t.Context(), w.site, "known@news.example", models.ScopeRead)
	w.must(err)
	for table, token := range map[string]string{"sessions": session, "api_tokens": key} {
		var hashed bool
		w.must(w.flow.Store.Pool().QueryRow(t.Context(), `select bool_and(token_hash = sha256(cast($1 as bytea))) from `+table, []byte(token)).Scan(&hashed))
		if !hashed {
			t.Errorf("%s holds something else than the hash of a token", table)
		}
	}
}
