package attacks

import (
	"bytes"
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"net/mail"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"
)

// readMails holds every mail that was written to its form: one To of ours, subjects on one line, HTML without anything
// that runs or loads.
func readMails(t *testing.T) {
	files, err := filepath.Glob(filepath.Join(plenum.Folder, "mail", "*.eml"))
	if err != nil || len(files) == 0 {
		t.Fatalf("got %d mails, %v", len(files), err)
	}
	for _, file := range files {
		content, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		readMail(t, filepath.Base(file), content)
	}
	t.Logf("%d mails read", len(files))
}

func readMail(t *testing.T, name string, content []byte) {
	t.Helper()
	m, err := mail.ReadMessage(bytes.NewReader(content))
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	for _, one := range []string{"To", "From", "Subject", "Date", "Message-Id"} {
		if len(m.Header[one]) != 1 {
			t.Errorf("%s: got %d of %s, want 1", name, len(m.Header[one]), one)
		}
	}
	to, err := m.Header.AddressList("To")
	if err != nil || len(to) != 1 || !strings.HasSuffix(to[0].Address, "@example.org") || m.Header.Get("Bcc")+m.Header.Get("Cc") != "" {
		t.Errorf("%s: got recipients %v, %v", name, to, err)
	}
	for line := range bytes.Lines(content) {
		if len(line) > 1000 { // RFC 5322 §2.1.1, with its CRLF
			t.Errorf("%s: a line of %d bytes", name, len(line))
		}
	}
	readParts(t, name, m)
}

func readParts(t *testing.T, name string, m *mail.Message) {
	t.Helper()
	kind, params, err := mime.ParseMediaType(m.Header.Get("Content-Type"))
	if err != nil || kind != "multipart/alternative" {
		t.Fatalf("%s: got %s, %v", name, kind, err)
	}
	var kinds []string
	for parts := multipart.NewReader(m.Body, params["boundary"]); ; {
		part, err := parts.NextPart()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		kind, _, err := mime.ParseMediaType(part.Header.Get("Content-Type"))
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if kinds = append(kinds, kind); kind == "text/html" {
			content, err := io.ReadAll(part)
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			inspectMail(t, name, parsePage(t, name, content))
		}
	}
	if !slices.Equal(kinds, []string{"text/plain", "text/html"}) {
		t.Errorf("%s: got the parts %v", name, kinds)
	}
}

// inspectMail allows a mail's own styles, and nothing that runs or loads.
func inspectMail(t *testing.T, name string, root *html.Node) {
	t.Helper()
	for n := range root.Descendants() {
		if n.Type == html.ElementNode && (slices.Contains(never, n.Data) && n.Data != "style" || n.Data == "script" || n.Data == "form" || n.Data == "link") {
			t.Errorf("%s: a <%s>", name, n.Data)
		}
		for _, a := range n.Attr {
			if strings.HasPrefix(a.Key, "on") || a.Key == "src" || a.Key == "href" && !strings.HasPrefix(a.Val, "http://") && !strings.HasPrefix(a.Val, "https://") {
				t.Errorf("%s: <%s %s=%q>", name, n.Data, a.Key, a.Val)
			}
		}
	}
}
