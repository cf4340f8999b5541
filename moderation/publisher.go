package moderation

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"strings"

	"plenum/models"
)

// PublisherKey is what a site's publisher signs the names of articles with: 43 characters, the same each time, stored nowhere.
func (f *Flow) PublisherKey(site models.Site) string { return f.keys.Publisher(site.ID) }

// Signed reports whether address, title and lead are those that the publisher gave the article with this key: the
// signature is the HMAC-SHA-256, in hexadecimal, of the four, one a line, under PublisherKey.
func (f *Flow) Signed(site models.Site, a ArticleName) bool {
	mac := hmac.New(sha256.New, []byte(f.PublisherKey(site)))
	parts := []string{a.Key, a.URL, a.Title, a.Lead}
	for _, part := range parts {
		if strings.ContainsAny(part, "\r\n") { // two names could read the same
			return false
		}
	}
	mac.Write([]byte(strings.Join(parts, "\n")))
	given, err := hex.DecodeString(a.Signature)
	return err == nil && hmac.Equal(given, mac.Sum(nil))
}

// believe takes from a submission what its publisher did not sign, where something is signed at all; a reader can do
// nothing about a wrong signature, so the comment is taken even so. A lead is the publisher's only.
func (f *Flow) believe(site models.Site, a *ArticleName) {
	a.signed = a.Signature != "" && f.Signed(site, *a)
	if a.signed {
		return
	}
	if a.Lead = ""; a.Signature != "" {
		a.URL, a.Title = "", ""
	}
}
