package transfer_test

import (
	"bufio"
	"encoding/json"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"plenum/moderation/transfer"
)

// hostile are files that no system writes, by what is in them.
func hostile(t *testing.T) map[string]string {
	deep := strings.Repeat("<x>", 100_000)
	return map[string]string{
		"nothing":                     "",
		"an archive":                  "PK\x03\x04rest",
		"half a gzip":                 compressed(t, wxr("publish", wpComment(1, "0", "1", "", "x")))[:60],
		"an external entity":          `<!DOCTYPE r [<!ENTITY e SYSTEM "file:///etc/passwd">]><rss><channel><item><wp:comment xmlns:wp="w"><wp:comment_content>&e;</wp:comment_content></wp:comment></item></channel></rss>`,
		"entities of entities":        `<!DOCTYPE r [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;">]><disqus><post>&b;</post></disqus>`,
		"a parameter entity":          `<!DOCTYPE r [<!ENTITY % p SYSTEM "http://127.0.0.1:1/x.dtd">%p;]><disqus></disqus>`,
		"elements without end":        `<rss><channel><item>` + deep,
		"one endless text":            `<rss><channel><item><title>` + strings.Repeat("x", 5<<20),
		"another encoding":            `<?xml version="1.0" encoding="iso-8859-1"?><rss><channel><item><title>Gr` + "\xfc" + `n</title></item></channel></rss>`,
		"an encoding nobody knows":    `<?xml version="1.0" encoding="klingon"?><rss/>`,
		"bytes that are no text":      "<rss><channel><item><title>\xff\xfe</title></item></channel></rss>",
		"control characters":          "<rss><channel><item><title>a\x00\x0bb</title></item></channel></rss>",
		"one line of objects":         "[" + strings.Repeat(`{"id":"x"},`, 600_000) + "]",
		"JSON in JSON":                strings.Repeat("[", 200_000),
		"a gzip of one endless line":  compressed(t, strings.Repeat("x", 64<<20)),
		"a gzip of one endless title": compressed(t, "<rss><channel><item><title>"+strings.Repeat("x", 64<<20)),
	}
}

// Whatever a file holds, it is read with bounded memory, to its end or to a clear error, and nothing of it is opened.
func TestHostileFilesAreReadWithinBounds(t *testing.T) {
	files := hostile(t)
	if folder := os.Getenv("PLENUM_ATTACKS"); folder != "" {
		for name, text := range corpus(t, filepath.Join(folder, "importer.jsonl")) {
			files[name] = text
		}
	}
	for name, file := range files {
		for _, format := range transfer.Formats {
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			items, passed, err := all(format, file, transfer.Options{})
			runtime.ReadMemStats(&after)
			for _, i := range items {
				if strings.Contains(i.Body, "root:") || i.State == transfer.Public && strings.Contains(name, "entity") {
					t.Errorf("%s as %s: got %+v", name, format, i)
				}
			}
			if took := int64(after.HeapSys) - int64(before.HeapSys); took > 128<<20 {
				t.Errorf("%s as %s: took %d MiB of memory", name, format, took>>20)
			}
			if err == nil && len(items)+len(passed) == 0 && !strings.Contains(file, "<item>") && !strings.Contains(file, "<disqus") {
				t.Errorf("%s as %s: nothing was read and nothing said", name, format)
			}
		}
	}
}

// corpus are the rows with a file in them.
func corpus(t *testing.T, path string) map[string]string {
	t.Helper()
	file, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	all, lines := map[string]string{}, bufio.NewScanner(file)
	lines.Buffer(nil, 16<<20)
	for lines.Scan() {
		var row struct{ ID, Payload string }
		if err := json.Unmarshal(lines.Bytes(), &row); err != nil {
			t.Fatal(err)
		}
		if row.Payload != "" {
			all[row.ID] = row.Payload
		}
	}
	if lines.Err() != nil || len(all) == 0 {
		t.Fatalf("got %d files: %v", len(all), lines.Err())
	}
	return all
}
