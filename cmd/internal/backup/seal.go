package backup

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"filippo.io/age"
)

// Lock says for whom a backup is encrypted: whoever knows the passphrase in a file, or holds the key of a recipient
// (age1…). The zero Lock encrypts nothing.
type Lock struct {
	Recipients     []string
	PassphraseFile string
}

// Seal is a writer that encrypts. Close ends what it wrote, and leaves to open.
func (l Lock) Seal(to io.Writer) (io.WriteCloser, error) {
	var recipients []age.Recipient
	for _, text := range l.Recipients {
		recipient, err := age.ParseX25519Recipient(text)
		if err != nil {
			return nil, fmt.Errorf("recipient %s: %w", text, err)
		}
		recipients = append(recipients, recipient)
	}
	if l.PassphraseFile != "" {
		if len(recipients) > 0 { // age: a passphrase stands alone
			return nil, errors.New("encrypt to recipients or by a passphrase, not by both")
		}
		phrase, err := passphrase(l.PassphraseFile)
		if err != nil {
			return nil, err
		}
		recipient, err := age.NewScryptRecipient(phrase)
		if err != nil {
			return nil, fmt.Errorf("passphrase: %w", err)
		}
		recipients = append(recipients, recipient)
	}
	if len(recipients) == 0 {
		return plain{to}, nil
	}
	sealed, err := age.Encrypt(to, recipients...)
	if err != nil {
		return nil, fmt.Errorf("encrypt: %w", err)
	}
	return sealed, nil
}

type plain struct{ io.Writer }

func (plain) Close() error { return nil }

// Key opens what a Lock closed: by the identities in a file, as age-keygen writes it, or by a passphrase.
type Key struct{ IdentityFile, PassphraseFile string }

const sealedMark = "age-encryption.org/" // how every file of age begins

// ErrSealed says that a backup is encrypted, and no key was given.
var ErrSealed = errors.New("the backup is encrypted: name --identity-file or --passphrase-file")

// Open is a reader of what was sealed, and of what was not.
func (k Key) Open(from io.Reader) (io.Reader, error) {
	buffered := bufio.NewReader(from)
	if start, err := buffered.Peek(len(sealedMark)); err != nil || !bytes.Equal(start, []byte(sealedMark)) {
		return buffered, nil
	}
	identities, err := k.identities()
	if err != nil {
		return nil, err
	}
	opened, err := age.Decrypt(buffered, identities...)
	if err != nil {
		return nil, fmt.Errorf("decrypt: %w", err)
	}
	return opened, nil
}

func (k Key) identities() ([]age.Identity, error) {
	switch {
	case k.IdentityFile != "":
		file, err := os.Open(k.IdentityFile)
		if err != nil {
			return nil, err
		}
		defer file.Close()
		identities, err := age.ParseIdentities(file)
		if err != nil {
			return nil, fmt.Errorf("read %s: %w", k.IdentityFile, err)
		}
		return identities, nil
	case k.PassphraseFile != "":
		phrase, err := passphrase(k.PassphraseFile)
		if err != nil {
			return nil, err
		}
		identity, err := age.NewScryptIdentity(phrase)
		return []age.Identity{identity}, err
	}
	return nil, ErrSealed
}

// passphrase is the first line of a file.
func passphrase(path string) (string, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return "", err
	}
	line, _, _ := strings.Cut(string(text), "\n")
	if line = strings.TrimSuffix(line, "\r"); line == "" {
		return "", fmt.Errorf("%s holds no passphrase in its first line", path)
	}
	return line, nil
}
