package moderation

import (
	"encoding/base64"
	"encoding/json"
	"testing"
	"time"

	"github.com/google/uuid"

	"plenum/models"
)

// Rules that are read and pass the check can be written out and read again; nothing else is published.
func FuzzRules(f *testing.F) {
	f.Fuzz(func(t *testing.T, text []byte) {
		r, err := ParseRules(text)
		if err != nil || r.check("de") != nil {
			return
		}
		sets := r.sets()
		v := models.RuleVersion{Version: 1, Locales: sets}
		if len(sets["de"].Rules) == 0 || len(sets["de"].Rules) > maxRules || !v.Has(codes(r.Locales["de"].Rules)) {
			t.Errorf("%q makes %+v", text, sets)
		}
	})
}

// Nobody makes a proof but from a challenge of ours, for the same site and before it ends.
func FuzzProof(f *testing.F) {
	flow := New(nil, []byte("a secret of thirty-two characters"))
	flow.Now = func() time.Time { return time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC) }
	site := uuid.MustParse("01890000-0000-7000-8000-000000000001")
	f.Fuzz(func(t *testing.T, document []byte) {
		text := base64.StdEncoding.EncodeToString(document)
		if _, holds := flow.proof(site, text); !holds {
			return
		}
		var solved Challenge
		if err := json.Unmarshal(document, &solved); err != nil || solved.Signature != flow.signChallenge(site, solved.Challenge) {
			t.Errorf("%s holds, and is none of ours (%v)", document, err)
		}
		if _, holds := flow.proof(uuid.Nil, text); holds {
			t.Errorf("%s holds on another site", document)
		}
	})
}
