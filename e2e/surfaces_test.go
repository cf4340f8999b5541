package e2e

import (
	"encoding/json"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// surfaces are all addresses of the demo on which a comment under the article could be public.
func (d *demo) surfaces() []string {
	site, api := d.base+"/stadtanzeiger", d.base+"/api/v1/sites/stadtanzeiger"
	return []string{site + "/", site + "/thread?article=radweg", site + "/thread?article=radweg&sort=newest",
		site + "/thread?article=radweg&fragment=1", site + "/feed.atom", site + "/feed.rss", site + "/feed.json",
		site + "/feed.atom?article=radweg", api + "/thread?article=radweg", api + "/thread?article=radweg&sort=newest"}
}

// nowhere fails if the text is on any public surface.
func nowhere(t *testing.T, text string) {
	t.Helper()
	for _, url := range plenum.surfaces() {
		if strings.Contains(get(t, url), text) {
			t.Errorf("%s shows %q", url, text)
		}
	}
}

// everywhere fails if a public surface lacks the text.
func everywhere(t *testing.T, text string) {
	t.Helper()
	for _, url := range plenum.surfaces() {
		if !strings.Contains(get(t, url), text) {
			t.Errorf("%s does not show %q", url, text)
		}
	}
}

// published waits until the article's thread shows the text.
func published(t *testing.T, text string) {
	t.Helper()
	until(t, "the thread shows "+text, func() bool { return strings.Contains(get(t, plenum.surfaces()[1]), text) })
}

// counted is the number of comments that the article is said to have.
func counted(t *testing.T) int {
	t.Helper()
	var answer struct{ Counts map[string]int }
	if err := json.Unmarshal([]byte(get(t, plenum.base+"/api/v1/sites/stadtanzeiger/counts?article=radweg")), &answer); err != nil {
		t.Fatal(err)
	}
	return answer.Counts["radweg"]
}

// get reads an address as anybody would.
func get(t *testing.T, url string) string {
	t.Helper()
	answer, err := http.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	if err != nil || answer.StatusCode != http.StatusOK {
		t.Fatalf("GET %s: %d, %v", url, answer.StatusCode, err)
	}
	return string(body)
}

// mailTo reports whether the mail folder has a letter of the kind to the address.
func mailTo(address, kind string) bool {
	letters, err := filepath.Glob(filepath.Join(plenum.mail, "*-"+kind+".*.eml"))
	if err != nil {
		return false
	}
	for _, path := range letters {
		if letter, err := os.ReadFile(path); err == nil && strings.Contains(string(letter), address) {
			return true
		}
	}
	return false
}
