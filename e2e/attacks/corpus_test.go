package attacks

import (
	"bufio"
	"bytes"
	"embed"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"
)

//go:embed testdata/own.jsonl
var own embed.FS

// row is one hostile (or, as a control, harmless) text. A row without fields goes into all of them.
type row struct {
	ID      string          `json:"id"`
	Payload string          `json:"payload"`
	Base64  []byte          `json:"payload_b64"`
	Fields  []string        `json:"inject_into"`
	Visible string          `json:"visible_text"` // of a harmless one: what has to be seen
	Expect  json.RawMessage `json:"expect"`
}

// text is the payload as a JSON string can carry it.
func (r row) text() string { return strings.ToValidUTF8(r.Payload+string(r.Base64), "\ufffd") }

// into answers the payload where the row is meant for the field, else what a person would write there.
func (r row) into(field, otherwise string) string {
	if len(r.Fields) == 0 || slices.Contains(r.Fields, field) {
		return r.text()
	}
	return otherwise
}

// short is how many rows of each file of a further folder are tried where not all are.
const short = 6

// corpus is our own rows, and those of the folder that PLENUM_ATTACKS names.
func corpus(t *testing.T) []row {
	t.Helper()
	content, err := own.ReadFile("testdata/own.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	rows := decode(t, content)
	folder := os.Getenv("PLENUM_ATTACKS")
	if folder == "" {
		t.Logf("%d rows of our own corpus; PLENUM_ATTACKS names no further one", len(rows))
		return rows
	}
	for _, name := range []string{"xss.jsonl", "naughty.jsonl", "unicode.jsonl", "csv.jsonl"} {
		content, err := os.ReadFile(filepath.Join(folder, name))
		if err != nil {
			t.Fatal(err)
		}
		more := decode(t, content)
		for i, r := range more {
			if *all || r.Visible != "" || i%max(1, len(more)/short) == 0 {
				rows = append(rows, r)
			}
		}
	}
	t.Logf("%d rows", len(rows))
	return rows
}

func decode(t *testing.T, content []byte) (rows []row) {
	t.Helper()
	for lines := json.NewDecoder(bufio.NewReader(bytes.NewReader(content))); lines.More(); {
		var r row
		if err := lines.Decode(&r); err != nil {
			t.Fatalf("row %d: %v", len(rows)+1, err)
		}
		rows = append(rows, r)
	}
	return rows
}

// cut is at most n characters of a text.
func cut(text string, n int) string {
	if utf8.RuneCountInString(text) <= n {
		return text
	}
	return string([]rune(text)[:n])
}
