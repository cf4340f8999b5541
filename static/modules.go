package static

import (
	"fmt"
	"io/fs"
	"path"
	"regexp"
)

var (
	importLine = regexp.MustCompile(`(?m)^import (?:\{[^}]*\} from )?"\./([^"]+)";\n`)
	exportWord = regexp.MustCompile(`(?m)^export `)
)

// module is a script with all that it imports, as one file: on a phone a request costs more than its bytes. What is
// imported stands before what imports it, and once. Import lines and the word export go, so that all of it shares one
// scope: a name at the top of one file must not be taken by another, which a test holds.
func module(files fs.FS, name string) ([]byte, error) {
	return imported(files, name, map[string]bool{name: true})
}

func imported(files fs.FS, name string, seen map[string]bool) ([]byte, error) {
	own, err := fs.ReadFile(files, name)
	if err != nil {
		return nil, fmt.Errorf("module %s: %w", name, err)
	}
	var whole []byte
	for _, match := range importLine.FindAllSubmatch(own, -1) {
		from := path.Join(path.Dir(name), string(match[1]))
		if seen[from] {
			continue
		}
		seen[from] = true
		part, err := imported(files, from, seen)
		if err != nil {
			return nil, err
		}
		whole = append(whole, part...)
	}
	return append(whole, exportWord.ReplaceAll(importLine.ReplaceAll(own, nil), nil)...), nil
}
