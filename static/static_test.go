package static

import (
	"bytes"
	"compress/gzip"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
)

func TestAnAddressHoldsTheHashOfTheContent(t *testing.T) {
	url := URL("public/thread.css")
	if !regexp.MustCompile(`^/static/public/thread\.[0-9a-f]{8}\.css$`).MatchString(url) {
		t.Fatalf("got %s", url)
	}
	content, contentType, ok := Open(url)
	want, err := os.ReadFile("public/thread.css")
	if err != nil {
		t.Fatal(err)
	}
	if !ok || contentType != "text/css; charset=utf-8" || !bytes.Equal(content, want) {
		t.Errorf("got %v %s, %d bytes of %d", ok, contentType, len(content), len(want))
	}
}

func TestAnotherContentHasAnotherAddress(t *testing.T) {
	address := func(content string) string {
		return build(fstest.MapFS{"a.js": {Data: []byte(content)}}, nil).urls["a.js"]
	}
	one, same, other := address("1"), address("1"), address("2")
	if one != same || one == other {
		t.Errorf("got %s, %s for the same and %s for another content", one, same, other)
	}
}

func TestOnlyHashedAddressesOpen(t *testing.T) {
	for _, url := range []string{"", "/static/", "/static/public/thread.css", "public/thread.css", "/static/public/thread.00000000.css", "/static/../static.go", URL("tokens.css") + "/"} {
		if _, _, ok := Open(url); ok {
			t.Errorf("opened %q", url)
		}
	}
}

func TestAnUnknownNamePanics(t *testing.T) {
	defer func() {
		if recover() == nil {
			t.Error("URL of an unknown name did not panic")
		}
	}()
	URL("public/none.css")
}

// Templates name files as {{asset "public/thread.css"}}, scripts import others; each must be there, and none may lie about
// unused.
func TestTemplatesNameEveryFileAndNoOther(t *testing.T) {
	named := map[string]bool{"embed/embed.js": true} // by its own fixed address
	for name := range built().urls {
		if _, bound := sheaves[name]; bound {
			continue
		}
		for _, match := range importLine.FindAllStringSubmatch(source(t, name), -1) {
			named[path.Join(path.Dir(name), match[1])] = true
		}
	}
	for _, sheaf := range sheaves {
		for _, part := range slices.Concat(sheaf.now, sheaf.later) {
			named[part] = true
		}
	}
	for _, glob := range []string{"layout", "partials", "public", "desk", "demo"} {
		for _, path := range matches(t, "../templates/"+glob+"/*.html") {
			for _, match := range regexp.MustCompile(`asset "([^"]+)"`).FindAllStringSubmatch(source(t, path), -1) {
				named[match[1]] = true
			}
		}
	}
	for name := range named {
		if _, ok := built().urls[name]; !ok {
			t.Errorf("a template names %s, which is not there", name)
		}
	}
	for name := range built().urls {
		if !named[name] {
			t.Errorf("no template names %s", name)
		}
	}
}

// Scripts of one sheaf do not see each other's names, and what runs later finds the document there.
func TestASheafIsItsFilesUnderOneAddress(t *testing.T) {
	files := fstest.MapFS{"a.js": {Data: []byte("A;\n")}, "b.js": {Data: []byte("B;\n")}, "c.css": {Data: []byte("c{}\n")}, "d.css": {Data: []byte("d{}\n")}}
	ix := build(files, map[string]sheaf{"all.js": {now: []string{"a.js"}, later: []string{"b.js"}}, "all.css": {now: []string{"c.css", "d.css"}}})
	for name, want := range map[string]string{
		"all.js":  "// @ts-check\n\"use strict\";\nA;\naddEventListener(\"DOMContentLoaded\", () => {\nB;\n});\n",
		"all.css": "c{}\nd{}\n",
	} {
		if got := string(ix.files[ix.urls[name]].content); got != want {
			t.Errorf("%s: got %q, want %q", name, got, want)
		}
	}
}

func TestFilesStaySmall(t *testing.T) {
	page := func(globs ...string) (sum int) {
		for _, glob := range globs {
			for _, path := range matches(t, glob) {
				sum += gzipped(t, path)
			}
		}
		return sum
	}
	for _, c := range []struct {
		what      string
		got, most int
	}{
		{"embed.js", page("embed/embed.js"), 3 << 10},
		{"scripts in the frame", under(t, "thread.js"), 12 << 10},
		{"styles of the frame", under(t, "thread.css"), 8 << 10},
		{"styles of the desk", page("tokens.css", "desk/desk.css", "desk/item.css", "desk/tools.css"), 8 << 10},
		{"styles of its other pages", page("tokens.css", "desk/p*.css", "figures.css"), 8 << 10},
		{"scripts of the desk", page("desk/*.js"), 12 << 10},
	} {
		t.Logf("%s: %d bytes gzipped", c.what, c.got)
		if c.got > c.most {
			t.Errorf("%s: %d bytes gzipped, at most %d", c.what, c.got, c.most)
		}
	}
}

// asks are the files that ask Plenum itself for something, which e2e watches: counts for a list of articles, the desk's own pages.
// And the one that keeps something on the device, for who ticked the box.
var asks = map[string][]string{"embed/embed.js": {"fetch("}, "desk/live.js": {"fetch(", "XMLHttpRequest", "sendBeacon"}, "public/remember.js": {"localStorage"},
	"public/ask.js": {"XMLHttpRequest"}, "public/agree.js": {"fetch("}, "desk/passkey.js": {"fetch("}}

// The policy of the pages forbids what these would need, and nobody may be told who reads.
func TestNoFileReachesElsewhere(t *testing.T) {
	forbidden := []string{"innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", "new Function", "@import", "url(", "fetch(", "XMLHttpRequest", "sendBeacon", "document.cookie", "localStorage"}
	for name := range built().urls {
		if _, bound := sheaves[name]; bound {
			continue // of files that are looked at here
		}
		content := source(t, name)
		for _, word := range forbidden {
			if slices.Contains(asks[name], word) {
				continue
			}
			if strings.Contains(content, word) {
				t.Errorf("%s holds %q", name, word)
			}
		}
		if strings.HasSuffix(name, ".js") && !strings.HasPrefix(content, "// @ts-check\n") {
			t.Errorf("%s is not checked", name)
		}
	}
}

// source is a file as it is edited.
func source(t *testing.T, name string) string {
	t.Helper()
	content, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return string(content)
}

func matches(t *testing.T, pattern string) []string {
	t.Helper()
	paths, err := filepath.Glob(pattern)
	if err != nil || len(paths) == 0 {
		t.Fatalf("%s matches %d files: %v", pattern, len(paths), err)
	}
	return paths
}

func gzipped(t *testing.T, path string) int {
	t.Helper()
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return zipped(t, content)
}

// under is the size of what stands under the address of a name.
func under(t *testing.T, name string) int {
	t.Helper()
	content, _, _ := Open(URL(name))
	return zipped(t, content)
}

func zipped(t *testing.T, content []byte) int {
	t.Helper()
	var out bytes.Buffer
	w := gzip.NewWriter(&out)
	if _, err := w.Write(content); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Len()
}
