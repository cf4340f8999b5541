package request

import (
	"bufio"
	"encoding/json"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// Where somebody is led after signing in is on the desk of this program, whatever the address asked for.
func TestNobodyIsLedElsewhere(t *testing.T) {
	for _, to := range append(corpus(t), "https://evil.example", "//evil.example/desk", `/\evil.example`, "/desk//evil.example", "/desk@evil.example", "/desk/../../evil", "javascript:alert(1)", "", "/desk\r\nSet-Cookie: a=b", "\x00") {
		got := DeskPath(to)
		u, err := url.Parse(got)
		if err != nil || u.Host != "" || u.Scheme != "" || got != "/desk" && !strings.HasPrefix(got, "/desk/") && !strings.HasPrefix(got, "/desk?") || strings.ContainsAny(got, "\r\n\\\x00") {
			t.Errorf("%q leads to %q", to, got)
		}
	}
	if got := DeskPath("/desk/news/queue?state=all"); got != "/desk/news/queue?state=all" {
		t.Errorf("got %q, want where one was", got)
	}
}

// corpus is what lies beside the project, in the folder that PLENUM_ATTACKS names.
func corpus(t *testing.T) (values []string) {
	t.Helper()
	folder := os.Getenv("PLENUM_ATTACKS")
	if folder == "" {
		return nil
	}
	file, err := os.Open(filepath.Join(folder, "redirect.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	for lines := json.NewDecoder(bufio.NewReader(file)); lines.More(); {
		var row struct{ Value string }
		if err := lines.Decode(&row); err != nil {
			t.Fatal(err)
		}
		values = append(values, row.Value)
	}
	return values
}
