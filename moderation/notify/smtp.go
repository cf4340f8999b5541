package notify

import (
	"context"
	"errors"
	"fmt"
	netmail "net/mail"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/google/uuid"
	"github.com/wneessen/go-mail"
)

// SMTP sends letters to a mail server.
type SMTP struct {
	from   string
	host   string
	option []mail.Option
}

// NewSMTP reads an address of the form smtp://user:password@host:587 or smtps://host:465. With smtp, STARTTLS is used
// where the server offers it, and required where a password is given; ?tls=off, opportunistic or required says otherwise.
func NewSMTP(address, from string) (*SMTP, error) {
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "smtp" && u.Scheme != "smtps" || u.Hostname() == "" {
		return nil, errors.New("SMTP_URL must look like smtp://user:password@host:587 or smtps://host:465")
	}
	s := &SMTP{from: from, host: u.Hostname()}
	policy := mail.TLSOpportunistic
	if password, ok := u.User.Password(); ok {
		policy = mail.TLSMandatory
		s.option = append(s.option, mail.WithSMTPAuth(mail.SMTPAuthAutoDiscover), mail.WithUsername(u.User.Username()), mail.WithPassword(password))
	}
	switch wish := u.Query().Get("tls"); wish {
	case "":
	case "off":
		policy = mail.NoTLS
	case "opportunistic":
		policy = mail.TLSOpportunistic
	case "required":
		policy = mail.TLSMandatory
	default:
		return nil, fmt.Errorf("SMTP_URL: tls=%s is none of off, opportunistic, required", wish)
	}
	s.option = append(s.option, mail.WithTLSPortPolicy(policy))
	if u.Scheme == "smtps" {
		s.option = append(s.option, mail.WithSSLPort(false))
	}
	if port, err := strconv.Atoi(u.Port()); err == nil {
		s.option = append(s.option, mail.WithPort(port))
	}
	return s, nil
}

// Send delivers the letter to the server.
func (s *SMTP) Send(ctx context.Context, l Letter) error {
	msg, err := compose(s.from, l)
	if err != nil {
		return err
	}
	client, err := mail.NewClient(s.host, s.option...)
	if err != nil {
		return fmt.Errorf("send a mail: %w", err)
	}
	err = client.DialAndSendWithContext(ctx, msg)
	var answer *mail.SendError
	switch {
	case msg.IsDelivered(): // however the goodbye went: another try would be a second letter
		return nil
	case !errors.As(err, &answer):
	case !answer.IsTemp() && answer.ErrorCode() >= 500:
		return fmt.Errorf("send a mail: %w: code %d", ErrRefused, answer.ErrorCode())
	default: // its text may repeat the address, and is logged and kept with the job: the code says enough
		return fmt.Errorf("send a mail: %s: code %d", answer.Reason, answer.ErrorCode())
	}
	if err != nil {
		return fmt.Errorf("send a mail: %w", err)
	}
	return nil
}

// Check connects and signs in as Send does, and sends nothing. It reports whether the connection is encrypted.
func (s *SMTP) Check(ctx context.Context) (encrypted bool, err error) {
	client, err := mail.NewClient(s.host, s.option...)
	if err != nil {
		return false, fmt.Errorf("ask the mail server: %w", err)
	}
	connection, err := client.DialToSMTPClientWithContext(ctx)
	if err != nil {
		return false, fmt.Errorf("ask the mail server: %w", err)
	}
	_, plain := connection.GetTLSConnectionState()
	if err := client.CloseWithSMTPClient(connection); err != nil {
		return plain == nil, fmt.Errorf("ask the mail server: %w", err)
	}
	return plain == nil, nil
}

// Folder writes letters as .eml files, one a letter: a letter sent again is written over.
type Folder struct{ Path, From string }

// siteField of a letter's header says in a folder which site's it is.
const siteField = "X-Plenum-Site"

// Send writes the letter.
func (f Folder) Send(_ context.Context, l Letter) error {
	msg, err := compose(f.From, l)
	if err != nil {
		return err
	}
	if l.SiteID != uuid.Nil {
		msg.SetGenHeader(siteField, l.SiteID.String())
	}
	if err := os.MkdirAll(f.Path, 0o700); err != nil {
		return fmt.Errorf("write a mail: %w", err)
	}
	// The day first, so that the folder lists in order; the id, so that a second try meets the same file.
	name := l.Date.UTC().Format("20060102") + "-" + strings.ReplaceAll(l.ID, "/", "_") + ".eml"
	partial := filepath.Join(f.Path, "."+name)
	if err := msg.WriteToFile(partial); err != nil {
		return fmt.Errorf("write a mail: %w", err)
	}
	if err := os.Rename(partial, filepath.Join(f.Path, name)); err != nil {
		return fmt.Errorf("write a mail: %w", err)
	}
	return nil
}

// Drop deletes a site's letters, and answers how many there were. A folder that is not there holds none.
func (f Folder) Drop(siteID uuid.UUID) (dropped int, err error) {
	names, err := filepath.Glob(filepath.Join(f.Path, "*.eml"))
	if err != nil {
		return 0, fmt.Errorf("list the mails: %w", err)
	}
	for _, name := range names {
		ours, err := isOf(name, siteID)
		if err == nil && ours {
			err = os.Remove(name)
			dropped++
		}
		if err != nil {
			return dropped, fmt.Errorf("delete a mail: %w", err)
		}
	}
	return dropped, nil
}

// isOf reports whether the letter in a file is the site's.
func isOf(name string, siteID uuid.UUID) (bool, error) {
	file, err := os.Open(name)
	if err != nil {
		return false, err
	}
	defer file.Close()
	letter, err := netmail.ReadMessage(file)
	if err != nil {
		return false, fmt.Errorf("%s: %w", name, err)
	}
	return letter.Header.Get(siteField) == siteID.String(), nil
}

func compose(from string, l Letter) (*mail.Msg, error) {
	msg := mail.NewMsg(mail.WithNoDefaultUserAgent())
	sender := netmail.Address{Name: l.FromName, Address: from} // FromFormat quotes nothing in the name
	if err := msg.From(sender.String()); err != nil {
		return nil, fmt.Errorf("write a mail: %w", err)
	}
	if err := msg.To(l.To); err != nil {
		return nil, fmt.Errorf("%w: the address is none", ErrRefused)
	}
	msg.Subject(l.Subject)
	msg.SetMessageIDWithValue(l.ID)
	msg.SetDateWithValue(l.Date)
	msg.SetGenHeader(mail.HeaderContentLang, l.Locale)
	msg.SetGenHeader("Auto-Submitted", "auto-generated") // RFC 3834 §5
	if l.ReferenceID != "" {
		msg.SetGenHeader(mail.HeaderInReplyTo, "<"+l.ReferenceID+">")
		msg.SetGenHeader(mail.HeaderReferences, references(l))
	}
	if l.Unsubscribe != "" {
		msg.SetGenHeader(mail.HeaderListUnsubscribe, "<"+l.Unsubscribe+">")            // RFC 2369 §3.2
		msg.SetGenHeader(mail.HeaderListUnsubscribePost, "List-Unsubscribe=One-Click") // RFC 8058 §3.1
	}
	msg.SetBodyString(mail.TypeTextPlain, l.Text)
	msg.AddAlternativeString(mail.TypeTextHTML, l.HTML)
	return msg, nil
}

// references are the ids of what came before, oldest first (RFC 5322 §3.6.4).
func references(l Letter) string {
	if l.ThreadID == "" || l.ThreadID == l.ReferenceID {
		return "<" + l.ReferenceID + ">"
	}
	return "<" + l.ThreadID + "> <" + l.ReferenceID + ">"
}
