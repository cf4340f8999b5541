// Package layers holds the house to its plan: imports point down, libraries have owners, nothing grows beyond reading.
package layers

import (
	"encoding/json"
	"errors"
	"io"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

const module = "plenum/"

// floors are the folders from the ground up. A package may import any floor below its own.
var floors = map[string]int{"models": 0, "templates": 1, "static": 1, "moderation": 2, "handlers": 3, "cmd": 4, "bench": 4}

// exceptions go sideways, each for a reason.
var exceptions = map[string]string{
	"moderation/triage moderation/markup":   "signals read plain text",
	"moderation/transfer moderation/markup": "what is imported is rendered",
	"moderation/notify moderation/markup":   "mails show plain text",
	"moderation/notify moderation/outgoing": "webhooks are told through the one way out",
	"models/sample models":                  "what fills the tables uses their words",
}

// owners may use a library; nobody else may.
var owners = map[string][]string{
	"gorm.io/":                           {"models"},
	"github.com/jackc/pgx":               {"models", "cmd/internal/worker", "bench"}, // River's client is typed by its transaction; bench fills tables
	"github.com/riverqueue/river":        {"models", "cmd/internal/worker"},
	"github.com/gin-gonic/gin":           {"handlers", "bench"}, // whose ceiling is a bare handler
	"github.com/gin-contrib/":            {"handlers"},
	"github.com/go-playground/validator": {"handlers/internal/request"},
	"github.com/maypok86/otter":          {"handlers/internal/cache", "moderation/triage"},
	"github.com/klauspost/compress":      {"handlers/internal/respond"},
	"github.com/andybalholm/brotli":      {"handlers/internal/respond"},
	"html/template":                      {"templates"},
	"net/smtp":                           {"moderation/notify"},
	"github.com/wneessen/go-mail":        {"moderation/notify"},
	"github.com/standard-webhooks":       {"moderation/notify"},
	"github.com/coreos/go-oidc":          {"moderation/signon"},
	"golang.org/x/oauth2":                {"moderation/signon"},
	"github.com/go-jose/go-jose":         {"moderation/signon"},
	"code.dny.dev/ssrf":                  {"moderation/outgoing"},
	"github.com/prometheus/":             {"handlers/ops"},
	"github.com/pquerna/otp":             {"moderation"},
	"github.com/go-webauthn/":            {"moderation"},
	"filippo.io/age":                     {"cmd/internal/backup"},
	"github.com/alecthomas/kong":         {"cmd"},
}

// meaningless names say nothing about what a package is for.
var meaningless = []string{"util", "utils", "common", "helpers", "core", "base", "service", "services", "types", "lib", "misc", "shared"}

type pkg struct {
	ImportPath string
	Imports    []string
}

func TestImportsPointDown(t *testing.T) {
	for _, p := range packages(t) {
		from := strings.TrimPrefix(p.ImportPath, module)
		for _, part := range strings.Split(from, "/") {
			if slices.Contains(meaningless, part) {
				t.Errorf("%s: the name %q says nothing", from, part)
			}
		}
		for _, imported := range p.Imports {
			if to, ours := strings.CutPrefix(imported, module); ours {
				if !allowed(from, to) {
					t.Errorf("%s must not import %s", from, to)
				}
			} else if owner, ok := owned(from, imported); !ok {
				t.Errorf("%s imports %s, which only %s may", from, imported, strings.Join(owner, " and "))
			}
		}
	}
}

func packages(t *testing.T) (all []pkg) {
	t.Helper()
	out, err := exec.CommandContext(t.Context(), "go", "list", "-json=ImportPath,Imports", module+"...").Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	decoder := json.NewDecoder(strings.NewReader(string(out)))
	for {
		var p pkg
		if err := decoder.Decode(&p); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatal(err)
		}
		all = append(all, p)
	}
	if len(all) < 10 {
		t.Fatalf("go list found %d packages: something is wrong with this test", len(all))
	}
	return all
}

// allowed: a lower floor, one's own sub-folders, one's folder's internal/, and the exceptions. cmd wires, so it may use
// all of cmd.
func allowed(from, to string) bool {
	floor, ground := top(from), top(to)
	if floor != ground {
		return floors[floor] > floors[ground]
	}
	_, excepted := exceptions[from+" "+to]
	return floor == "cmd" || below(to, from) || below(to, floor+"/internal") || from == "models/modeltest" || excepted
}

func owned(from, imported string) (owner []string, ok bool) {
	for library, folders := range owners {
		if strings.HasPrefix(imported, library) {
			return folders, slices.ContainsFunc(folders, func(folder string) bool { return below(from, folder) })
		}
	}
	return nil, true
}

func below(p, folder string) bool { return p == folder || strings.HasPrefix(p, folder+"/") }

func top(p string) string { folder, _, _ := strings.Cut(p, "/"); return folder }
