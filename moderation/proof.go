package moderation

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"math/big"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"

	"plenum/models"
)

// Challenge is a sum for a sender's machine, in ALTCHA's format (altcha.org/docs): the number from 0 to MaxNumber whose
// SHA-256 behind the salt is Challenge. It is our own, nobody else is asked.
type Challenge struct {
	Algorithm string `json:"algorithm"`
	Challenge string `json:"challenge"` // in hexadecimal
	MaxNumber int    `json:"maxnumber"`
	Salt      string `json:"salt"` // ends with the time until which it holds
	Signature string `json:"signature"`
}

const (
	proofAlgorithm = "SHA-256"
	proofNumber    = 50_000 // about a second of a telephone, and nothing that anybody notices elsewhere
	proofLifetime  = 10 * time.Minute
)

// TooFast refuses a comment whose network or address writes faster than people do. Whoever solves its challenge, and
// sends the same comment again with the proof, need not wait.
type TooFast struct {
	Refusal
	Challenge Challenge
}

// Unwrap lets errors.As find the refusal.
func (t *TooFast) Unwrap() error { return &t.Refusal }

// challenge makes one for a site.
func (f *Flow) challenge(siteID uuid.UUID) (Challenge, error) {
	number, err := rand.Int(rand.Reader, big.NewInt(proofNumber+1))
	if err != nil {
		return Challenge{}, fmt.Errorf("make a challenge: %w", err)
	}
	// The salt ends with a mark, or digits could move between it and the number.
	salt := rand.Text() + "?expires=" + strconv.FormatInt(f.now().Add(proofLifetime).Unix(), 10) + "&"
	c := Challenge{Algorithm: proofAlgorithm, MaxNumber: proofNumber, Salt: salt}
	c.Challenge = proofSum(salt, int(number.Int64()))
	c.Signature = f.signChallenge(siteID, c.Challenge)
	return c, nil
}

// proof reads a solution: base64 of the challenge and its number as JSON. It answers the bucket of one that a proof which
// holds is spent from: it is full until the proof would no longer hold.
func (f *Flow) proof(siteID uuid.UUID, text string) (spent bucket, holds bool) {
	var solved struct {
		Challenge
		Number int `json:"number"`
	}
	document, err := base64.StdEncoding.DecodeString(text)
	if err != nil || json.Unmarshal(document, &solved) != nil {
		return bucket{}, false
	}
	until, ok := holdsUntil(solved.Salt)
	left := until.Sub(f.now())
	if !ok || left <= 0 || solved.Algorithm != proofAlgorithm || solved.Number < 0 || solved.Number > proofNumber ||
		solved.Challenge.Challenge != proofSum(solved.Salt, solved.Number) ||
		!hmac.Equal([]byte(solved.Signature), []byte(f.signChallenge(siteID, solved.Challenge.Challenge))) {
		return bucket{}, false
	}
	key := f.keys.Sign("limit proof", siteID[:], []byte(solved.Salt))
	return bucket{Bucket: models.Bucket{Key: key, Burst: 1, Every: left}, key: "refusal.proof_spent"}, true
}

// holdsUntil reads the end of a salt.
func holdsUntil(salt string) (time.Time, bool) {
	_, text, found := strings.Cut(salt, "?expires=")
	text, ended := strings.CutSuffix(text, "&")
	seconds, err := strconv.ParseInt(text, 10, 64)
	return time.Unix(seconds, 0), found && ended && err == nil
}

func proofSum(salt string, number int) string {
	sum := sha256.Sum256([]byte(salt + strconv.Itoa(number)))
	return hex.EncodeToString(sum[:])
}

func (f *Flow) signChallenge(siteID uuid.UUID, challenge string) string {
	return hex.EncodeToString(f.keys.Sign("challenge", siteID[:], []byte(challenge)))
}
