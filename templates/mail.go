package templates

import (
	"bytes"
	"fmt"
	"strings"
)

// letter is what every mail says of itself: the words of its subject.
type letter interface {
	Case() string
	About() string
}

// Mail writes what an author is told, as plain text and as HTML of the same content. The subject is one line.
func (s *Set) Mail(locale string, m Mail) (subject, text, html string, err error) {
	return s.letter(locale, m.Kind, m)
}

// ReportMail writes what a reporter is told, as Mail does.
func (s *Set) ReportMail(locale string, m ReportMail) (subject, text, html string, err error) {
	return s.letter(locale, m.Kind, m)
}

// SanctionMail writes what an author is told of a warning, a pause, a ban or its end, as Mail does.
func (s *Set) SanctionMail(locale string, m SanctionMail) (subject, text, html string, err error) {
	return s.letter(locale, "sanction", m)
}

// InquiryMail writes the mail with the link by which somebody gets or erases what is kept of them, as Mail does.
func (s *Set) InquiryMail(locale string, m InquiryMail) (subject, text, html string, err error) {
	return s.letter(locale, "inquiry", m)
}

// ConfirmMail writes the letter with the link that confirms an address, as Mail does.
func (s *Set) ConfirmMail(locale string, m ConfirmMail) (subject, text, html string, err error) {
	return s.letter(locale, "confirm", m)
}

// AlertMail writes what a moderator wanted to be told, as Mail does.
func (s *Set) AlertMail(locale string, m AlertMail) (subject, text, html string, err error) {
	return s.letter(locale, "alert", m)
}

// SpreeMail writes the alarm that somebody decides far more than is usual, as Mail does.
func (s *Set) SpreeMail(locale string, m SpreeMail) (subject, text, html string, err error) {
	return s.letter(locale, "spree", m)
}

// SubscriptionMail writes what asks to confirm a subscription, as Mail does.
func (s *Set) SubscriptionMail(locale string, m SubscriptionMail) (subject, text, html string, err error) {
	return s.letter(locale, "subscription", m)
}

// FollowUpMail writes what a follower is told of one comment, as Mail does.
func (s *Set) FollowUpMail(locale string, m FollowUpMail) (subject, text, html string, err error) {
	return s.letter(locale, "follow_up", m)
}

// DigestMail writes what a follower is told once a day, as Mail does.
func (s *Set) DigestMail(locale string, m DigestMail) (subject, text, html string, err error) {
	return s.letter(locale, "digest", m)
}

// AccountMail writes the link by which a moderator sets a password, as Mail does.
func (s *Set) AccountMail(locale string, m AccountMail) (subject, text, html string, err error) {
	return s.letter(locale, "account", m)
}

// StoppedMail writes what an editor is told of a webhook that was stopped, as Mail does.
func (s *Set) StoppedMail(locale string, m StoppedMail) (subject, text, html string, err error) {
	return s.letter(locale, "stopped", m)
}

func (s *Set) letter(locale, kind string, m letter) (subject, text, html string, err error) {
	l := s.language(locale)
	name := "mail/" + kind
	plain, ok := l.texts[name]
	if !ok {
		return "", "", "", fmt.Errorf("mail %q: no such kind", kind)
	}
	var asText, asHTML bytes.Buffer
	if subject, err = l.words.t("mail."+m.Case()+".subject", "about", m.About()); err != nil {
		return "", "", "", fmt.Errorf("mail %s: %w", kind, err)
	}
	if err = plain.Execute(&asText, m); err != nil {
		return "", "", "", fmt.Errorf("mail %s: %w", kind, err)
	}
	if err = s.Render(&asHTML, locale, name, m); err != nil {
		return "", "", "", err
	}
	return strings.Join(strings.Fields(subject), " "), asText.String(), asHTML.String(), nil
}
