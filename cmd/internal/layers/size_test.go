package layers

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// The sizes above which a file or function is split.
const (
	maxFile     = 400 // lines
	maxFunction = 50
)

// realClock are the places below cmd that may ask for the time themselves: they wait for a server or for a connection.
var realClock = []string{"bench/", "models/postgres/", "models/modeltest/", "models/hint.go", "models/presence.go", "models/patience.go", "models/migrate.go", "handlers/internal/live/", "handlers/internal/respond/events.go"}

// clockDefaults are the files with the constructors that hand time.Now in where nothing else is set.
var clockDefaults = []string{"moderation/moderation.go", "moderation/notify/deliver.go", "handlers/product.go"}

// clocks are the functions of package time that look at the clock or wait.
var clocks = []string{"Now", "Since", "Until", "Sleep", "After", "AfterFunc", "Tick", "NewTicker", "NewTimer"}

type source struct {
	path string // from the root of the module
	text string
	file *ast.File
	set  *token.FileSet
}

func TestNothingGrowsBeyondReading(t *testing.T) {
	for _, s := range sources(t) {
		if lines := strings.Count(s.text, "\n"); lines > maxFile {
			t.Errorf("%s has %d lines, more than %d", s.path, lines, maxFile)
		}
		for _, d := range s.file.Decls {
			f, ok := d.(*ast.FuncDecl)
			if !ok {
				continue
			}
			if lines := s.set.Position(f.End()).Line - s.set.Position(f.Pos()).Line; lines > maxFunction {
				t.Errorf("%s: %s has %d lines, more than %d", s.path, f.Name.Name, lines, maxFunction)
			}
		}
	}
}

func TestTimeComesFromOutside(t *testing.T) {
	for _, s := range sources(t) {
		if !strings.HasPrefix(s.path, "cmd/") && !strings.HasPrefix(s.path, "bench/") && !exempt(s.path) { // bench measures
			s.checkClock(t)
		}
	}
}

// checkClock refuses calls of the clock, and time.Now as a value but where that is handed in from.
func (s source) checkClock(t *testing.T) {
	t.Helper()
	called := map[ast.Expr]bool{}
	ast.Inspect(s.file, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.CallExpr:
			called[n.Fun] = true
		case *ast.SelectorExpr:
			name, ok := clock(n)
			handedIn := name == "Now" && !called[n] && slices.Contains(clockDefaults, s.path)
			if ok && !handedIn {
				t.Errorf("%s:%d uses time.%s: time comes from outside", s.path, s.set.Position(n.Pos()).Line, name)
			}
		}
		return true
	})
}

// clock is the name of a function of package time that looks at the clock or waits.
func clock(s *ast.SelectorExpr) (name string, ok bool) {
	from, ok := s.X.(*ast.Ident)
	return s.Sel.Name, ok && from.Name == "time" && slices.Contains(clocks, s.Sel.Name)
}

func TestHTMLIsTrustedInOnePlace(t *testing.T) {
	trusted := 0
	for _, s := range sources(t) {
		trusted += strings.Count(s.text, "template.HTML(")
	}
	if trusted != 1 {
		t.Errorf("template.HTML( stands in %d places, want 1", trusted)
	}
}

func exempt(path string) bool {
	for _, folder := range realClock {
		if strings.HasPrefix(path, folder) {
			return true
		}
	}
	return false
}

// sources reads every Go file of the program, tests aside.
func sources(t *testing.T) (all []source) {
	t.Helper()
	root := filepath.Join("..", "..", "..")
	for folder := range floors {
		err := filepath.WalkDir(filepath.Join(root, folder), func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() || filepath.Ext(path) != ".go" || strings.HasSuffix(path, "_test.go") {
				return err
			}
			text, err := os.ReadFile(path)
			if err != nil {
				return err
			}
			set := token.NewFileSet()
			file, err := parser.ParseFile(set, path, text, 0)
			name, relErr := filepath.Rel(root, path)
			all = append(all, source{name, string(text), file, set})
			if err == nil {
				err = relErr
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return all
}
