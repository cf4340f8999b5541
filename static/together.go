package static

import (
	"bytes"
	"fmt"
	"io/fs"
	"path"
)

// sheaf is one address for several files, so that a page asks for few. The files are edited, and tested, one by one.
type sheaf struct {
	now   []string // in this order: style sheets, or what has to run before the first paint
	later []string // modules that run once the document is there, each in a scope of its own
}

var sheaves = map[string]sheaf{
	"page.css":     {now: []string{"tokens.css", "public/page.css"}},
	"comments.css": {now: []string{"tokens.css", "public/page.css", "public/thread.css"}},
	"thread.css":   {now: []string{"tokens.css", "public/page.css", "public/thread.css", "public/form.css"}},
	"follow.css":   {now: []string{"tokens.css", "public/page.css", "public/thread.css", "public/form.css", "public/follow.css"}},
	"status.css":   {now: []string{"tokens.css", "public/page.css", "public/status.css", "public/form.css"}},

	"page.js":     {now: []string{"public/framed.js"}, later: []string{"public/frame.js"}},
	"comments.js": {now: []string{"public/framed.js"}, later: []string{"public/frame.js", "public/times.js"}},
	"thread.js":   {now: []string{"public/framed.js"}, later: []string{"public/frame.js", "public/thread.js"}},
	"status.js":   {now: []string{"public/framed.js"}, later: []string{"public/frame.js", "public/status.js"}},
}

// bind puts the files of a sheaf into one.
func (s sheaf) bind(name string, files fs.FS) ([]byte, error) {
	var out bytes.Buffer
	if path.Ext(name) == ".js" {
		out.WriteString("// @ts-check\n\"use strict\";\n")
	}
	for _, part := range s.now {
		content, err := fs.ReadFile(files, part)
		if err != nil {
			return nil, err
		}
		out.Write(content)
	}
	for _, part := range s.later {
		content, err := module(files, part)
		if err != nil {
			return nil, err
		}
		fmt.Fprintf(&out, "addEventListener(\"DOMContentLoaded\", () => {\n%s});\n", content)
	}
	return out.Bytes(), nil
}
