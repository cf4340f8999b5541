package markup

import (
	"bufio"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"
)

// attack is a row of a corpus that lies beside the project, not in it.
type attack struct {
	ID       string          `json:"id"`
	Payload  string          `json:"payload"`
	Base64   []byte          `json:"payload_b64"`
	Markdown string          `json:"markdown"`
	Parts    []part          `json:"gen"`
	Visible  string          `json:"visible_text"`
	Expect   json.RawMessage `json:"expect"`
}

// part is a recipe for a long payload: S repeated N times, T for each number, or Pre + growing Grow + Post.
type part struct {
	S, T, Grow, Pre, Post string
	N, From, To           int
}

func (p part) text(scale float64) string {
	if p.S != "" {
		return strings.Repeat(p.S, max(1, int(float64(p.N)*scale)))
	}
	var b strings.Builder
	for i := p.From; i < int(float64(p.To)*scale); i++ {
		b.WriteString(strings.ReplaceAll(p.T, "{i}", strconv.Itoa(i)))
		b.WriteString(p.Pre + strings.Repeat(p.Grow, i) + p.Post)
	}
	return b.String()
}

// body is the payload; a recipe is shrunk until it fits.
func (a attack) body() string {
	if len(a.Parts) == 0 {
		return a.Payload + string(a.Base64) + a.Markdown
	}
	for scale := 1.0; ; scale *= 0.9 {
		var b strings.Builder
		for _, p := range a.Parts {
			b.WriteString(p.text(scale))
		}
		if utf8.RuneCountInString(b.String()) <= MaxLength {
			return b.String()
		}
	}
}

// TestAttacks holds every row of the corpus that PLENUM_ATTACKS names to the promises of Render. Without it our own corpus,
// in hostile_test.go and benign_test.go, is what is tested.
func TestAttacks(t *testing.T) {
	folder := os.Getenv("PLENUM_ATTACKS")
	if folder == "" {
		t.Log("PLENUM_ATTACKS is not set: only our own corpus was tried")
		return
	}
	for _, name := range []string{"xss.jsonl", "markdown.jsonl", "naughty.jsonl", "unicode.jsonl"} {
		rows := attacks(t, filepath.Join(folder, name))
		t.Logf("%s: %d rows", name, len(rows))
		for _, row := range rows {
			t.Run(row.ID, func(t *testing.T) { checkAttack(t, row) })
		}
	}
}

func checkAttack(t *testing.T, row attack) {
	body := row.body()
	if clean := Clean(body); HasControl(clean) || longer(clean, MaxLength) {
		if _, err := Render(body); !errors.Is(err, ErrControl) && !errors.Is(err, ErrTooLong) {
			t.Errorf("Render(%.200q): got %v, want a refusal", body, err)
		}
		return
	}
	checkSanitised(t, body)
	rendered := mustRender(t, body)
	checkTyped(t, Clean(body))
	if len(row.Parts) > 0 {
		checkSize(t, body, rendered)
	}
	if strings.HasPrefix(string(row.Expect), `"preserve`) && !strings.Contains(TextOf(rendered), row.Visible) {
		t.Errorf("%q is not to be seen in %s", row.Visible, rendered)
	}
}

func attacks(t *testing.T, path string) []attack {
	t.Helper()
	file, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	var rows []attack
	for lines := json.NewDecoder(bufio.NewReader(file)); lines.More(); {
		var row attack
		if err := lines.Decode(&row); err != nil {
			t.Fatalf("%s, row %d: %v", path, len(rows)+1, err)
		}
		rows = append(rows, row)
	}
	if len(rows) == 0 {
		t.Fatalf("%s has no rows", path)
	}
	return rows
}
