package config

import (
	"bytes"
	"encoding/hex"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
)

func TestTheBaseURLIsSchemeAndHostAlone(t *testing.T) {
	for _, c := range []struct{ base, addr, want string }{
		{"https://comments.example.org", "", "https://comments.example.org"},
		{"https://comments.example.org/", "", "https://comments.example.org"},
		{"http://localhost:9000", "127.0.0.1:8080", "http://localhost:9000"},
		{"", "127.0.0.1:8080", "http://127.0.0.1:8080"},
		{"", ":8080", "http://localhost:8080"},
		{"", "0.0.0.0:80", "http://localhost:80"},
		{"", "[::]:80", "http://localhost:80"},
		{"", "[::1]:80", "http://[::1]:80"},
	} {
		got, err := Settings{BaseURL: c.base, Addr: c.addr}.Base()
		if err != nil || got.String() != c.want {
			t.Errorf("base URL %q at %q: got %v (%v), want %s", c.base, c.addr, got, err, c.want)
		}
	}
}

func TestABaseURLOfAnotherKindIsRefused(t *testing.T) {
	for _, base := range []string{"comments.example.org", "ftp://comments.example.org", "https://", "https://a.example/path", "https://a.example//",
		"https://a.example?x=1", "https://a.example/?x", "https://a.example/#x", "https://a.example#x", "https://a.example?", "https://ann:secret@a.example", "https://a.example:port", "://"} {
		if got, err := (Settings{BaseURL: base}).Base(); err == nil {
			t.Errorf("%q was taken for %s", base, got)
		} else if strings.Contains(err.Error(), "\n") || !strings.Contains(err.Error(), "PLENUM_BASE_URL") {
			t.Errorf("%q: got %q, want one line that names the variable", base, err)
		}
	}
	if got, err := (Settings{Addr: "8080"}).Base(); err == nil {
		t.Errorf("an address without a port was taken for %s", got)
	}
}

func TestMailsComeFromTheHostOfTheBaseURL(t *testing.T) {
	for _, c := range []struct{ base, from, want string }{
		{"https://comments.example.org", "", "plenum@comments.example.org"},
		{"https://comments.example.org:8443", "desk@example.org", "desk@example.org"},
		{"http://localhost:8080", "", "plenum@localhost.localdomain"},
		{"http://127.0.0.1:8080", "", "plenum@localhost.localdomain"},
	} {
		s := Settings{BaseURL: c.base, MailFrom: c.from}
		base, err := s.Base()
		if err != nil {
			t.Fatal(err)
		}
		if got := s.Sender(base); got != c.want {
			t.Errorf("sender at %s: got %s, want %s", c.base, got, c.want)
		}
	}
}

func TestASecretIsMadeOnceByManyAtOnce(t *testing.T) {
	s := Settings{DataDir: filepath.Join(t.TempDir(), "new", "folder")}
	secrets, start := make([][]byte, 16), make(chan struct{})
	var all sync.WaitGroup
	for i := range secrets {
		all.Go(func() {
			<-start
			var err error
			if secrets[i], err = s.SecretBytes(); err != nil {
				t.Error(err)
			}
		})
	}
	close(start)
	all.Wait()
	for _, got := range secrets {
		if !bytes.Equal(got, secrets[0]) {
			t.Fatalf("got different secrets: %s and %s", got, secrets[0])
		}
	}
	if raw, err := hex.DecodeString(string(secrets[0])); err != nil || len(raw) != minSecret {
		t.Errorf("got the secret %q, want %d bytes in hex", secrets[0], minSecret)
	}
	files, err := os.ReadDir(s.DataDir)
	if err != nil || len(files) != 1 || files[0].Name() != "secret" {
		t.Fatalf("got the files %v (%v), want only the secret", files, err)
	}
	if info, err := files[0].Info(); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("got the mode %v (%v), want that only its owner reads it", info.Mode(), err)
	}
}

func TestASecretThatIsSetNeedsNoFolder(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "none")
	got, err := Settings{DataDir: dir, Secret: strings.Repeat("s", minSecret)}.SecretBytes()
	if err != nil || string(got) != strings.Repeat("s", minSecret) {
		t.Errorf("got %q (%v), want the setting", got, err)
	}
	if _, err := os.Stat(dir); !os.IsNotExist(err) {
		t.Errorf("got the folder made (%v), want nothing touched", err)
	}
}

func TestAShortOrEmptySecretIsRefused(t *testing.T) {
	if got, err := (Settings{Secret: strings.Repeat("s", minSecret-1)}).SecretBytes(); err == nil {
		t.Errorf("a secret of %d characters was taken", len(got))
	}
	dir := t.TempDir()
	for _, text := range []string{"", "\n", "short\n"} { // a file that was cut off, or made by hand
		if err := os.WriteFile(filepath.Join(dir, "secret"), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if got, err := (Settings{DataDir: dir}).SecretBytes(); err == nil {
			t.Errorf("the secret %q of a file was taken", got)
		}
	}
}

func TestADataFolderThatCannotBeMadeIsAnError(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := (Settings{DataDir: filepath.Join(file, "data")}).SecretBytes(); err == nil {
		t.Error("a folder below a file was taken")
	}
}
