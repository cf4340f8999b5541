// Package static holds the files a browser fetches: style sheets, scripts, the icon. They are edited as they are
// served; there is no build, but that a script comes with what it imports (modules.go), and what a page needs together
// stands under one address (together.go). Each is addressed by a hash of its content, so it may be cached for ever.
// embed.js alone has a fixed address, because publishers write it into their pages.
package static

import (
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"io/fs"
	"path"
	"strings"
	"sync"
)

//go:embed tokens.css figures.css public desk demo embed
var files embed.FS

type file struct {
	content     []byte
	contentType string
}

type index struct {
	urls  map[string]string // name → URL
	files map[string]file   // URL → file
}

// The index is a function of the embedded files alone; it is built once, when first asked for.
var built = sync.OnceValue(func() index { return build(files, sheaves) })

// URL returns the address of a file, "/static/public/thread.3f2a9c1b.css" for "public/thread.css".
// It panics where there is no such file: names are written in templates, and a test executes each.
func URL(name string) string {
	url, ok := built().urls[name]
	if !ok {
		panic("static: no file " + name)
	}
	return url
}

// Open returns what stands at an address that URL gave. The content at one address never changes.
func Open(url string) (content []byte, contentType string, ok bool) {
	f, ok := built().files[url]
	return f.content, f.contentType, ok
}

// Embed returns the script behind /embed.js, which publishers load into their pages.
func Embed() []byte {
	content, _, _ := Open(URL("embed/embed.js"))
	return content
}

func build(files fs.FS, sheaves map[string]sheaf) index {
	ix := index{urls: map[string]string{}, files: map[string]file{}}
	walk := func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		content, err := served(files, name)
		if err != nil {
			return err
		}
		ix.add(name, content)
		return nil
	}
	err := fs.WalkDir(files, ".", walk)
	for name, sheaf := range sheaves {
		var content []byte
		if err == nil {
			content, err = sheaf.bind(name, files)
			ix.add(name, content)
		}
	}
	if err != nil {
		panic("static: " + err.Error()) // embedded files can always be read
	}
	return ix
}

// served is a file as a browser gets it.
func served(files fs.FS, name string) ([]byte, error) {
	if path.Ext(name) == ".js" {
		return module(files, name)
	}
	return fs.ReadFile(files, name)
}

func (ix index) add(name string, content []byte) {
	url := hashed(name, content)
	ix.urls[name], ix.files[url] = url, file{content, contentType(name)}
}

func hashed(name string, content []byte) string {
	sum := sha256.Sum256(content)
	ext := path.Ext(name)
	return "/static/" + strings.TrimSuffix(name, ext) + "." + hex.EncodeToString(sum[:4]) + ext
}

func contentType(name string) string {
	switch path.Ext(name) {
	case ".css":
		return "text/css; charset=utf-8"
	case ".js":
		return "text/javascript; charset=utf-8"
	case ".svg":
		return "image/svg+xml"
	}
	return "application/octet-stream"
}
