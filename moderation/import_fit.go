package moderation

import (
	"net/mail"
	"net/url"
	"strings"
	"unicode"
	"unicode/utf8"

	"plenum/moderation/markup"
	"plenum/moderation/transfer"
)

// The longest texts of a file that are taken, in characters: as long as those that anybody may send.
const (
	maxImportedName  = 80
	maxImportedTitle = 300
	maxImportedURL   = 2048
	maxImportedKey   = 512
	maxImportedEmail = 254
)

// unnamed stands where the source has no name.
const unnamed = "N. N."

// unfit brings what a file says of a comment into the form in which it may stand here, and says why it may not. What is
// only too long, or no address, is cut off or left out; a text is taken whole or not at all.
func (m *importing) unfit(a *arrival) *transfer.Problem {
	a.Name, a.Article.Title = short(a.Name, maxImportedName), short(a.Article.Title, maxImportedTitle)
	if markup.IsBlank(a.Name) {
		a.Name = unnamed
	}
	if a.Email = strings.TrimSpace(a.Email); !isAddress(a.Email) {
		a.Email = ""
	}
	if a.URL = strings.TrimSpace(a.URL); !isPage(a.URL) {
		a.URL = ""
	}
	a.Body = markup.Clean(a.Body)
	key, address := a.Article.Key, a.Article.URL
	switch {
	case key == "" || utf8.RuneCountInString(key) > maxImportedKey || markup.HasControl(key):
		return a.problem("its article has no key of 1 to %d characters", maxImportedKey)
	case address != "" && (!within(m.site, address) || markup.HasControl(address)):
		return a.problem("the address of its article, %q, lies under no origin of the site", short(address, maxImportedTitle))
	case a.State == transfer.Deleted:
		a.Body = ""
		return nil
	case markup.HasControl(a.Body):
		return a.problem("its text holds control characters")
	case markup.IsBlank(a.Body):
		return a.problem("it has no text")
	case utf8.RuneCountInString(a.Body) > markup.MaxLength:
		return a.problem("its text is longer than %d characters", markup.MaxLength)
	}
	return nil
}

// short is a text on one line, without what no text may hold, cut to so many characters.
func short(text string, most int) string {
	visible := func(r rune) rune {
		if unicode.IsControl(r) {
			return ' '
		}
		return r
	}
	text = strings.Join(strings.Fields(strings.Map(visible, strings.ToValidUTF8(text, "\ufffd"))), " ")
	if runes := []rune(text); len(runes) > most {
		text = strings.TrimSpace(string(runes[:most]))
	}
	return text
}

func isAddress(text string) bool {
	parsed, err := mail.ParseAddress(text)
	return err == nil && parsed.Address == text && len(text) <= maxImportedEmail && !markup.HasControl(text)
}

func isPage(text string) bool {
	u, err := url.Parse(text)
	return err == nil && (u.Scheme == "http" || u.Scheme == "https") && u.Host != "" && len(text) <= maxImportedURL && !markup.HasControl(text)
}
