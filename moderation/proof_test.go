package moderation_test

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"net/netip"
	"strings"
	"testing"
	"time"

	"plenum/moderation"
)

// challenged writes from a network until a proof is asked for.
func (w *world) challenged(address string) moderation.Challenge {
	w.Helper()
	for range 500 {
		_, err := w.flow.Submit(w.Context(), w.site, w.from(address))
		var fast *moderation.TooFast
		if errors.As(err, &fast) {
			return fast.Challenge
		}
		w.must(err)
	}
	w.Fatal("nothing was ever asked for")
	return moderation.Challenge{}
}

// solve does the sum as a browser would, and writes it as ALTCHA does; change spoils the answer.
func solve(c moderation.Challenge, change func(solution map[string]any)) string {
	number := 0
	for ; number <= c.MaxNumber; number++ {
		if sum := sha256.Sum256(fmt.Append(nil, c.Salt, number)); hex.EncodeToString(sum[:]) == c.Challenge {
			break
		}
	}
	solution := map[string]any{"algorithm": c.Algorithm, "challenge": c.Challenge, "salt": c.Salt, "signature": c.Signature, "number": number}
	change(solution)
	text, err := json.Marshal(solution)
	if err != nil {
		panic(err)
	}
	return base64.StdEncoding.EncodeToString(text)
}

func honestly(map[string]any) {}

// send submits a new comment from a network with a proof.
func (w *world) send(address, proof string) error {
	s := w.from(address)
	s.Proof = proof
	return second(w.flow.Submit(w.Context(), w.site, s))
}

const loud = "198.51.100.7"

func TestAProofLetsOneCommentThroughAndNoSecond(t *testing.T) {
	w := busy(t)
	proof := solve(w.challenged(loud), honestly)
	w.must(w.send(loud, proof))
	if got := w.refusal(w.send(loud, proof)); got != "refusal.proof_spent" {
		t.Errorf("got %q for the second comment, want the proof to be spent", got)
	}
	if got := w.refusal(w.send("198.51.100.200", proof)); got != "refusal.proof_spent" {
		t.Errorf("got %q from another network, want the proof to be spent there too", got)
	}
}

func TestAProofIsNotSpentByAMistake(t *testing.T) {
	w := busy(t)
	mistake := w.from(loud)
	mistake.Proof, mistake.RulesVersion = solve(w.challenged(loud), honestly), 9
	if got := w.refusal(second(w.flow.Submit(t.Context(), w.site, mistake))); got != "refusal.rules_changed" {
		t.Fatalf("got %q, want the rules that changed", got)
	}
	w.must(w.send(loud, mistake.Proof))
}

func TestAProofThatDoesNotHoldIsNone(t *testing.T) {
	w := busy(t)
	c := w.challenged(loud)
	expires := c.Salt[strings.Index(c.Salt, "=")+1 : len(c.Salt)-1]
	for what, change := range map[string]func(map[string]any){
		"another number": func(s map[string]any) { s["number"] = s["number"].(int) + 1 },
		"a number below": func(s map[string]any) { s["number"] = -1 },
		"an own challenge": func(s map[string]any) {
			sum := sha256.Sum256([]byte(c.Salt + "0"))
			s["number"], s["challenge"] = 0, hex.EncodeToString(sum[:])
		},
		"an own signature":       func(s map[string]any) { s["signature"] = strings.Repeat("0", 64) },
		"another algorithm":      func(s map[string]any) { s["algorithm"] = "SHA-1" },
		"a later end":            func(s map[string]any) { s["salt"] = strings.Replace(c.Salt, expires, "9999999999", 1) },
		"no end":                 func(s map[string]any) { s["salt"] = "salt" },
		"digits that were moved": func(s map[string]any) { s["salt"], s["number"] = c.Salt[:len(c.Salt)-1]+"1", 0 },
	} {
		var fast *moderation.TooFast
		if err := w.send(loud, solve(c, change)); !errors.As(err, &fast) || fast.Challenge.Salt == c.Salt {
			t.Errorf("%s: got %v, want a new challenge", what, err)
		}
	}
	for _, text := range []string{"", "x", "e30=", base64.StdEncoding.EncodeToString([]byte(`[]`))} {
		var fast *moderation.TooFast
		if err := w.send(loud, text); !errors.As(err, &fast) {
			t.Errorf("%q: got %v, want a new challenge", text, err)
		}
	}
	proof := solve(c, honestly)
	other := w.newSite("other")
	stored, err := w.flow.Store.SiteByID(t.Context(), other.ID)
	w.must(err)
	stored.LimitBurst = 1
	for range 2 {
		s := w.from(loud)
		s.Proof = proof
		err = second(w.flow.Submit(t.Context(), stored, s))
	}
	if got := w.refusal(err); got != "refusal.limit_network" {
		t.Errorf("on another site: got %q, want the proof to be none", got)
	}
	w.now = w.now.Add(10*time.Minute + time.Second)
	w.site.LimitBurst = 1
	w.challenged(loud)
	var fast *moderation.TooFast
	if err := w.send(loud, proof); !errors.As(err, &fast) {
		t.Errorf("after ten minutes: got %v, want a new challenge", err)
	}
}

func TestWithProofsANetworkWritesSixTimesAsMuchAndThenWaits(t *testing.T) {
	w := busy(t)
	w.site.LimitBurst = 1
	var refused *moderation.Refusal
	for sent := 0; ; sent++ {
		err := w.send(loud, "")
		var fast *moderation.TooFast
		if errors.As(err, &fast) {
			err = w.send(loud, solve(fast.Challenge, honestly))
		}
		if errors.As(err, &refused) {
			if sent != 6 || refused.Wait != 5*time.Second {
				t.Errorf("got %d sent and a wait of %s, want 6 and five seconds", sent, refused.Wait)
			}
			return
		}
		w.must(err)
	}
}

func TestNobodyIsAskedForAProofWhoWritesLikeAPerson(t *testing.T) {
	w := busy(t)
	for range 200 {
		s := w.submission()
		s.Request.Network, s.Email = netip.MustParseAddr(loud), "ann@reader.example"
		w.submit(s)
		w.now = w.now.Add(30 * time.Second)
	}
}
