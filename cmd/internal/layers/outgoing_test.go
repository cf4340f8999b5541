package layers

import (
	"go/ast"
	"slices"
	"strings"
	"testing"
)

// ways are what of the standard library makes calls, and of which package.
var ways = map[string][]string{
	"http": {"Get", "Head", "Post", "PostForm", "Client", "DefaultClient", "Transport", "DefaultTransport"},
	"net":  {"Dial", "DialTimeout", "DialTCP", "DialUDP", "DialIP", "Dialer"},
	"tls":  {"Dial", "DialWithDialer", "Dialer"},
}

// callers may call out: whoever looks at each address, and whoever calls only what the operator named or this machine.
var callers = []string{"moderation/outgoing/", "bench/", "models/postgres/", "models/modeltest/"}

// What is handed a client of the gate, as *http.Client, makes none. What a reader or an editor typed must not lead into the operator's network: there is one way out, and it looks.
func TestNothingCallsOutButThroughTheOneGate(t *testing.T) {
	seen := false
	for _, s := range sources(t) {
		allowed := slices.ContainsFunc(callers, func(folder string) bool { return strings.HasPrefix(s.path, folder) })
		handed := map[ast.Expr]bool{}
		ast.Inspect(s.file, func(n ast.Node) bool {
			if pointer, ok := n.(*ast.StarExpr); ok {
				handed[pointer.X] = true
			}
			x, ok := n.(*ast.SelectorExpr)
			if !ok {
				return true
			}
			from, ok := x.X.(*ast.Ident)
			if !ok || handed[x] || !slices.Contains(ways[from.Name], x.Sel.Name) {
				return true
			}
			if seen = seen || s.path == "moderation/outgoing/outgoing.go"; !allowed {
				t.Errorf("%s:%d uses %s.%s: calls go through moderation/outgoing", s.path, s.set.Position(x.Pos()).Line, from.Name, x.Sel.Name)
			}
			return true
		})
	}
	if !seen {
		t.Error("the gate was not seen: something is wrong with this test")
	}
}
