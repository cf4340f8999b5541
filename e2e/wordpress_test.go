package e2e

import (
	"context"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

const (
	inWordPress  = "Die Ampel an der Schule fehlt in dem Plan ganz."
	firstArticle = "/?p=1" // that WordPress brings along, and below a page
	firstPage    = "/?page_id=2"
)

// The plugin in a real WordPress: set up by its own pages, the thread in the frame and in the page's bytes, the number on
// the list; and pages that are served when Plenum hangs or is gone.
func TestThePluginShowsTheThreadInWordPress(t *testing.T) {
	wp := startWordPress(t)
	command(t, "", "site", "create", "wordpress", "--name", "Das Blatt", "--origin", wp.base, "--locale", "de")
	key := strings.TrimSpace(command(t, "", "site", "embed-key", "wordpress"))
	command(t, "open sesame", "moderator", "create", "wp@example.org", "--site", "wordpress", "--role", "editor")
	token := strings.TrimSpace(command(t, "", "token", "create", "wp@example.org", "--site", "wordpress"))

	settings := url.Values{"plenum[address]": {plenum.base + "/"}, "plenum[site]": {"wordpress"}, "plenum[key]": {strings.Repeat("x", 43)},
		"plenum[accent]": {"#7a0019"}, "plenum[radius]": {"99rem"}, "plenum[scheme]": {"light"}}
	wp.set(settings, "invalid")
	settings.Set("plenum[key]", key)
	wp.set(settings, "valid")

	page := newTab(t)
	page.open(wp.base + firstArticle)
	frame := page.frame()
	frame.see(submit)
	if got := frame.text("h1"); !strings.Contains(got, "Hello world!") {
		t.Errorf("got the heading %q, want WordPress' title in it", got)
	}
	if got := eval[string](frame, accent); got != "rgb(122, 0, 25)" {
		t.Errorf("got links in %s, want the accent of the settings", got)
	}
	frame.write("Gast", inWordPress)
	article := approveOn(t, token)
	if article["title"] != "Hello world!" || !strings.HasPrefix(article["url"], wp.base+"/") || !strings.HasPrefix(article["lead"], "Welcome to WordPress") {
		t.Errorf("got the article %v, want what WordPress signed", article)
	}

	wp.forget()
	bytes := get(t, wp.base+firstArticle)
	for _, want := range []string{inWordPress, `itemtype="https://schema.org/Comment"`, `signature="`} {
		if !strings.Contains(bytes, want) {
			t.Errorf("the page's own bytes lack %q", want)
		}
	}
	page.reload()
	page.frame().sees("#comments", inWordPress)
	list := newTab(t)
	list.open(wp.base + "/")
	list.sees("[data-plenum-count]", "1 comment")
	plain := newPlainTab(t)
	plain.open(wp.base + firstArticle)
	plain.sees("plenum-thread", inWordPress)

	for _, open := range []*tab{page, list} { // which would go on asking for events
		open.open("about:blank")
	}
	wp.withoutPlenum()
	wp.uninstalls()
}

// withoutPlenum asks for pages while Plenum is gone, and while something in its place accepts and never answers.
func (wp *wordpress) withoutPlenum() {
	wp.Helper()
	wp.must(plenum.Terminate())
	defer func() { wp.must(plenum.Start(context.Background())) }()
	if !strings.Contains(get(wp.T, wp.base+firstArticle), inWordPress) {
		wp.Error("the page lost its fragment within the minute")
	}
	hung, err := net.Listen("tcp", strings.TrimPrefix(plenum.base, "http://"))
	wp.must(err)
	defer hung.Close()
	for i, most := range []time.Duration{4 * time.Second, time.Second} { // afterwards nobody waits for a minute
		begun := time.Now()
		page := get(wp.T, wp.base+firstPage)
		if took := time.Since(begun); took > most {
			wp.Errorf("page %d took %s while Plenum hung, want %s at most", i, took, most)
		}
		if !strings.Contains(page, "Sample Page") || !strings.Contains(page, `/wordpress/thread?article=`) {
			wp.Errorf("page %d lacks its text, or the link to the thread", i)
		}
	}
}

// uninstalls takes the plugin away, and looks for what it leaves.
func (wp *wordpress) uninstalls() {
	wp.Helper()
	left := wp.php(`define('WP_UNINSTALL_PLUGIN', 'plenum/plenum.php'); include WP_PLUGIN_DIR . '/plenum/uninstall.php';
		echo $wpdb->get_var("select count(*) from $wpdb->options where option_name like '%plenum%' and option_name <> 'active_plugins'");`)
	if left != "0" {
		wp.Errorf("got %s options left after uninstalling, want none", left)
	}
}

// command runs the program's command line on the demo's data, and answers what it prints.
func command(t *testing.T, in string, args ...string) string {
	t.Helper()
	out, err := plenum.Command(t.Context(), in, args...)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// approveOn approves the one comment that waits on the site of WordPress, and answers its article.
func approveOn(t *testing.T, token string) map[string]string {
	t.Helper()
	var queue struct {
		Items []struct{ ID string }
	}
	call := func(method, path, body string, into any) {
		t.Helper()
		ask, err := http.NewRequestWithContext(t.Context(), method, plenum.base+"/api/v1/sites/wordpress"+path, strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		ask.Header.Set("Authorization", "Bearer "+token)
		ask.Header.Set("Content-Type", "application/json")
		answer, err := http.DefaultClient.Do(ask)
		if err != nil {
			t.Fatal(err)
		}
		defer answer.Body.Close()
		if text, err := io.ReadAll(answer.Body); err != nil || answer.StatusCode >= 300 || json.Unmarshal(text, into) != nil {
			t.Fatalf("%s %s: %d %s, %v", method, path, answer.StatusCode, text, err)
		}
	}
	call("GET", "/queue", "", &queue)
	if len(queue.Items) != 1 {
		t.Fatalf("got %d comments waiting, want 1", len(queue.Items))
	}
	call("POST", "/comments/"+queue.Items[0].ID+"/decisions", `{"action":"approve","version":1}`, &struct{}{})
	var articles struct{ Items []map[string]any }
	call("GET", "/articles", "", &articles)
	named := map[string]string{}
	for name, value := range articles.Items[0] {
		if text, ok := value.(string); ok {
			named[name] = text
		}
	}
	return named
}

// wordpressTree is where Debian's package puts it.
const wordpressTree = "/usr/share/wordpress"

// needs fails where what is missing could be installed by make deps, and says so where it cannot.
func needs(t *testing.T) {
	t.Helper()
	var missing []string
	if _, err := os.Stat(filepath.Join(wordpressTree, "wp-settings.php")); err != nil {
		missing = append(missing, "wordpress")
	}
	for _, name := range []string{"php", "mariadbd", "mariadb-install-db", "mariadb"} {
		if _, err := exec.LookPath(name); err != nil {
			missing = append(missing, name)
		}
	}
	if len(missing) == 0 {
		return
	}
	if _, err := exec.LookPath("apt-get"); err == nil && os.Geteuid() == 0 {
		t.Fatalf("no %v: make deps installs them", missing)
	}
	t.Skipf("the plugin is not tested in WordPress: an administrator may install Debian's wordpress, php-cli, php-mysql and mariadb-server (no %v here)", missing)
}
