package static

import (
	"archive/zip"
	"bytes"
	"io"
	"regexp"
	"strings"
	"testing"
)

func TestThePluginIsOneFolderAndTheSameBytes(t *testing.T) {
	var again bytes.Buffer
	if err := pack(&again, plugin); err != nil || !bytes.Equal(again.Bytes(), WordPress()) {
		t.Fatalf("packed twice, got other bytes (%v)", err)
	}
	archive, err := zip.NewReader(bytes.NewReader(WordPress()), int64(len(WordPress())))
	if err != nil {
		t.Fatal(err)
	}
	found := map[string]string{}
	for _, file := range archive.File {
		r, err := file.Open()
		if err != nil {
			t.Fatal(err)
		}
		content, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		found[file.Name] = string(content)
		if !strings.HasPrefix(file.Name, "plenum/") || !file.Modified.Equal(packedAt) || file.Mode() != 0o644 {
			t.Errorf("got %s of %s, %s", file.Name, file.Modified, file.Mode())
		}
		if !regexp.MustCompile(`(?m)^defined\( '(ABSPATH|WP_UNINSTALL_PLUGIN)' \) \|\| exit;$`).Match(content) {
			t.Errorf("%s runs when it is called by itself", file.Name)
		}
	}
	if !strings.Contains(found["plenum/plenum.php"], "Plugin Name: Plenum") || found["plenum/uninstall.php"] == "" {
		t.Errorf("got %d files, want a plugin", len(found))
	}
}

// The plugin says each word in both languages.
func TestThePluginSaysEverythingInBothLanguages(t *testing.T) {
	source, err := plugin.ReadFile("wordpress/plenum/words.php")
	if err != nil {
		t.Fatal(err)
	}
	_, words, _ := strings.Cut(string(source), "'de' => array(")
	german, english, _ := strings.Cut(words, "'en' => array(")
	name := regexp.MustCompile(`(?m)^\t+'([a-z:+]+)'\s*=> '`)
	list := func(text string) (names string) {
		for _, m := range name.FindAllStringSubmatch(text, -1) {
			names += m[1] + " "
		}
		return names
	}
	if de, en := list(german), list(english); de != en || len(de) < 200 {
		t.Errorf("got the German words\n%s\nand the English\n%s", de, en)
	}
}
