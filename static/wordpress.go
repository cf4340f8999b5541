package static

import (
	"archive/zip"
	"bytes"
	"embed"
	"io/fs"
	"strings"
	"sync"
	"time"
)

//go:embed wordpress
var plugin embed.FS

// WordPress returns the plugin as WordPress takes it: a zip with one folder, the same bytes of the same files.
func WordPress() []byte { return packed() }

var packed = sync.OnceValue(func() []byte {
	var out bytes.Buffer
	if err := pack(&out, plugin); err != nil {
		panic("static: " + err.Error()) // embedded files can always be read
	}
	return out.Bytes()
})

// packedAt stands in the archive for each file's time: the first that a zip can name.
var packedAt = time.Date(1980, 1, 1, 0, 0, 0, 0, time.UTC)

func pack(out *bytes.Buffer, files fs.FS) error {
	w := zip.NewWriter(out)
	add := func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		content, err := fs.ReadFile(files, name)
		if err != nil {
			return err
		}
		header := &zip.FileHeader{Name: strings.TrimPrefix(name, "wordpress/"), Method: zip.Deflate, Modified: packedAt}
		header.SetMode(0o644)
		file, err := w.CreateHeader(header)
		if err != nil {
			return err
		}
		_, err = file.Write(content)
		return err
	}
	if err := fs.WalkDir(files, "wordpress", add); err != nil {
		return err
	}
	return w.Close()
}
