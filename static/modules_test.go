package static

import (
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
)

func TestAModuleComesWithWhatItImportsBeforeItAndOnce(t *testing.T) {
	files := fstest.MapFS{
		"p/page.js":     {Data: []byte("// page\nimport { two } from \"./two.js\";\nimport \"./one.js\";\ntwo();\n")},
		"p/two.js":      {Data: []byte("// two\nimport { three } from \"./in/three.js\";\nimport \"./one.js\";\nexport const two = () => three;\n")},
		"p/one.js":      {Data: []byte("// one\n")},
		"p/in/three.js": {Data: []byte("// three\nexport const three = 3;\n")},
	}
	got, err := module(files, "p/page.js")
	if want := "// three\nconst three = 3;\n// one\n// two\nconst two = () => three;\n// page\ntwo();\n"; err != nil || string(got) != want {
		t.Errorf("got %v\n%s", err, got)
	}
}

func TestAModuleThatImportsItselfEnds(t *testing.T) {
	files := fstest.MapFS{"a.js": {Data: []byte("import \"./b.js\";\n// a\n")}, "b.js": {Data: []byte("import \"./a.js\";\n// b\n")}}
	if got, err := module(files, "a.js"); err != nil || string(got) != "// b\n// a\n" {
		t.Errorf("got %v %q", err, got)
	}
}

func TestAMissingImportIsAnError(t *testing.T) {
	if _, err := module(fstest.MapFS{"a.js": {Data: []byte("import \"./b.js\";\n")}}, "a.js"); err == nil || !strings.Contains(err.Error(), "b.js") {
		t.Errorf("got %v, want it to name b.js", err)
	}
}

// Files that are served as one share a scope: a name at the top of two of them would keep the whole from running.
func TestNoNameIsGivenTwiceInOneModule(t *testing.T) {
	top := regexp.MustCompile(`(?m)^(?:async )?(?:const|let|class|function\*?) (\w+|\{[^}]*\}|\[[^\]]*\])`)
	for name, url := range built().urls {
		if _, bound := sheaves[name]; bound || !strings.HasSuffix(name, ".js") {
			continue
		}
		content, _, _ := Open(url)
		var names []string
		for _, match := range top.FindAllStringSubmatch(string(content), -1) {
			names = append(names, regexp.MustCompile(`\w+`).FindAllString(match[1], -1)...)
		}
		slices.Sort(names)
		for i := 1; i < len(names); i++ {
			if names[i] == names[i-1] {
				t.Errorf("%s has two things called %s", name, names[i])
			}
		}
		if strings.Contains(string(content), "\nimport ") || strings.Contains(string(content), "\nexport ") {
			t.Errorf("%s is served with an import or export that a browser could not follow", name)
		}
	}
}
