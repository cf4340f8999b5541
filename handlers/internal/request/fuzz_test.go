package request

import (
	"crypto/hmac"
	"crypto/sha256"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/gin-gonic/gin"

	"plenum/moderation/markup"
)

// asked is a request as a handler sees it.
func asked(q *http.Request) *gin.Context {
	c, _ := gin.CreateTestContext(httptest.NewRecorder())
	c.Request = q
	return c
}

var cursors = Cursors{Mac: func(purpose string, parts ...[]byte) []byte {
	sum := hmac.New(sha256.New, []byte(purpose))
	for _, part := range parts {
		sum.Write(part)
		sum.Write([]byte{0})
	}
	return sum.Sum(nil)
}}

// What is read as a cursor is what was written for the very same list, letter for letter.
func FuzzCursor(f *testing.F) {
	f.Fuzz(func(t *testing.T, text, binding, other string, position int64) {
		written, err := cursors.Write(binding, position)
		if err != nil {
			t.Fatal(err)
		}
		read := func(text, binding string) (at int64, ok bool) {
			ok, err := cursors.Read(asked(&http.Request{URL: &url.URL{RawQuery: url.Values{"cursor": {text}}.Encode()}}), binding, &at)
			return at, ok && err == nil
		}
		if at, ok := read(written, binding); !ok || at != position {
			t.Errorf("got %d (%v), want %d", at, ok, position)
		}
		if _, ok := read(written, other); ok && other != binding {
			t.Errorf("a cursor of %q is one of %q", binding, other)
		}
		if _, ok := read(text, binding); ok && text != written {
			again, err := cursors.Write(binding, position)
			t.Errorf("%q is read as a cursor; what was written is %q (%v)", text, again, err)
		}
	})
}

// held holds whatever was accepted to what texts may be.
func held(t *testing.T, f Comment) {
	t.Helper()
	for _, text := range []string{f.Article.Key, f.Article.Title, f.Author.Name, f.Author.Email, f.Author.URL, f.Body} {
		if !utf8.ValidString(text) || markup.HasControl(text) {
			t.Errorf("%q was accepted", text)
		}
	}
	if n := utf8.RuneCountInString(f.Body); n == 0 || n > markup.MaxLength {
		t.Errorf("a text of %d characters was accepted", n)
	}
	if strings.ContainsAny(f.Author.Name+f.Article.Title, "\r\n\u2028\u2029") || f.Author.Name == "" {
		t.Errorf("the name %q or the title %q was accepted", f.Author.Name, f.Article.Title)
	}
	for _, link := range []string{f.Author.URL, f.Article.URL} {
		if u, err := url.Parse(link); link != "" && (err != nil || u.Scheme != "http" && u.Scheme != "https") {
			t.Errorf("the address %q was accepted", link)
		}
	}
}

func FuzzForm(f *testing.F) {
	f.Fuzz(func(t *testing.T, body, kind string) {
		q := httptest.NewRequest(http.MethodPost, "/", strings.NewReader(body))
		q.Header.Set("Content-Type", kind)
		if written, err := CommentForm(asked(q)); err == nil && written.Do != DoPreview {
			held(t, written.Comment)
		}
	})
}

func FuzzDocument(f *testing.F) {
	f.Fuzz(func(t *testing.T, body, kind string) {
		q := httptest.NewRequest(http.MethodPost, "/", strings.NewReader(body))
		q.Header.Set("Content-Type", kind)
		var c Comment
		if err := JSON(asked(q), &c); err == nil {
			held(t, c)
		}
	})
}

// Whoever asks is the one who connected, or a word of the header, and this only by a proxy of ours; none of our proxies
// unless nothing else was said.
func FuzzForwarded(f *testing.F) {
	ours := Proxies{netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("fd00::/8")}
	f.Fuzz(func(t *testing.T, connected, forwarded, other string) {
		q := &http.Request{RemoteAddr: connected, Header: http.Header{"X-Forwarded-For": {forwarded, other}}}
		got := ours.Asker(q)
		from, err := netip.ParseAddrPort(connected)
		if err != nil {
			if got.IsValid() {
				t.Errorf("nobody connected, and %s asks", got)
			}
			return
		}
		near := from.Addr().Unmap()
		if !ours.contain(near) && got.IsValid() && got != near {
			t.Errorf("%s connected, is no proxy of ours, and %s asks", near, got)
		}
		if got != near && got.IsValid() && !ours.contain(got) {
			for _, word := range strings.Split(forwarded+","+other, ",") {
				if said, ok := address(strings.TrimSpace(word)); ok && said.Unmap() == got {
					return
				}
			}
			t.Errorf("%s asks, and nobody said so", got)
		}
	})
}

// What is read as a token is one word of the header.
func FuzzBearer(f *testing.F) {
	f.Fuzz(func(t *testing.T, header string) {
		token, ok := Bearer(asked(&http.Request{Header: http.Header{"Authorization": {header}}}))
		if ok && (!strings.EqualFold(header[:min(7, len(header))], "bearer ") || !strings.Contains(header, token)) {
			t.Errorf("%q is read as the token %q", header, token)
		}
	})
}

// Nobody is ever sent elsewhere than to the desk.
func FuzzDeskPath(f *testing.F) {
	base, err := url.Parse("https://plenum.example/desk/signin")
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, next string) {
		to, err := base.Parse(DeskPath(next))
		if err != nil || to.Host != base.Host || to.Scheme != "https" || to.Path != "/desk" && !strings.HasPrefix(to.Path, "/desk/") {
			t.Errorf("%q leads to %v (%v)", next, to, err)
		}
	})
}
