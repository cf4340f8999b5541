package templates

import (
	"bytes"
	"fmt"
	"strings"
)

// Mail writes what an author is told, as plain text and as HTML of the same content. The subject is one line.
func (s *Set) Mail(locale string, m Mail) (subject, text, html string, err error) {
	l := s.language(locale)
	name := "mail/" + m.Kind
	plain, ok := l.texts[name]
	if !ok {
		return "", "", "", fmt.Errorf("mail %q: no such kind", m.Kind)
	}
	var asText, asHTML bytes.Buffer
	if subject, err = l.words.t("mail."+m.Case()+".subject", "about", m.About()); err != nil {
		return "", "", "", fmt.Errorf("mail %s: %w", m.Kind, err)
	}
	if err = plain.Execute(&asText, m); err != nil {
		return "", "", "", fmt.Errorf("mail %s: %w", m.Kind, err)
	}
	if err = s.Render(&asHTML, locale, name, m); err != nil {
		return "", "", "", err
	}
	return strings.Join(strings.Fields(subject), " "), asText.String(), asHTML.String(), nil
}
