package e2e

import (
	"archive/zip"
	"bytes"
	"fmt"
	"html"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"

	"plenum/e2e/program"
)

// wordpress is Debian's WordPress on a PHP and a MariaDB of the test's own, all in one folder.
type wordpress struct {
	*testing.T
	base, folder string
	client       *http.Client // signed in
}

// wordpressConfig asks nobody outside for anything.
const wordpressConfig = `<?php
define('DB_NAME', 'wordpress'); define('DB_USER', 'root'); define('DB_PASSWORD', ''); define('DB_HOST', 'localhost:%s');
define('DB_CHARSET', 'utf8mb4'); define('DB_COLLATE', '');
define('AUTH_KEY', 'a'); define('SECURE_AUTH_KEY', 'b'); define('LOGGED_IN_KEY', 'c'); define('NONCE_KEY', 'd');
define('AUTH_SALT', 'e'); define('SECURE_AUTH_SALT', 'f'); define('LOGGED_IN_SALT', 'g'); define('NONCE_SALT', 'h');
define('WP_HTTP_BLOCK_EXTERNAL', true); define('WP_ACCESSIBLE_HOSTS', '127.0.0.1'); define('DISABLE_WP_CRON', true);
define('AUTOMATIC_UPDATER_DISABLED', true); define('WP_DEFAULT_THEME', 'plain'); define('WP_DEBUG', true); define('WP_DEBUG_DISPLAY', true);
$table_prefix = 'wp_';
require_once ABSPATH . "wp-settings.php";
`

// wordpressTheme is what a theme is at the least: a post takes its comments from the template, a page from the block.
var wordpressTheme = map[string]string{
	"style.css":     "/* Theme Name: Plain */",
	"functions.php": `<?php remove_action('wp_head', 'print_emoji_detection_script', 7); remove_action('wp_print_styles', 'print_emoji_styles');`,
	"index.php": `<!doctype html><html <?php language_attributes(); ?>><head><meta charset="utf-8"><link rel="icon" href="data:,"><?php wp_head(); ?></head><body>
<?php while (have_posts()) { the_post(); ?><article><h1><?php the_title(); ?></h1><?php the_content();
if (is_page()) { echo do_blocks('<!-- wp:comments /-->'); } elseif (is_singular()) { comments_template(); } else { comments_popup_link(); } ?></article><?php } wp_footer(); ?></body></html>`,
}

func startWordPress(t *testing.T) *wordpress {
	t.Helper()
	needs(t)
	folder, err := os.MkdirTemp("", "plenum-wp-") // a short path: that of a socket is bounded
	port, portErr := program.FreePort()
	jar, jarErr := cookiejar.New(nil)
	wp := &wordpress{T: t, base: "http://localhost:" + port, folder: folder, client: &http.Client{Jar: jar}}
	for _, err := range []error{err, portErr, jarErr} {
		wp.must(err)
	}
	t.Cleanup(func() { wp.must(os.RemoveAll(folder)) })
	wp.lay()
	wp.startDatabase()
	wp.start("php", "-d", "sendmail_path=/bin/true", "-d", "display_errors=1", "-S", "localhost:"+port, "-t", wp.path("www"))
	until(t, "PHP answers", func() bool {
		answer, err := http.Get(wp.base + "/readme.html")
		return err == nil && answer.Body.Close() == nil
	})
	wp.install()
	return wp
}

func (wp *wordpress) path(parts ...string) string {
	return filepath.Join(append([]string{wp.folder}, parts...)...)
}

func (wp *wordpress) must(err error) {
	wp.Helper()
	if err != nil {
		wp.Fatal(err)
	}
}

// lay puts a copy of WordPress, a theme, and the plugin as Plenum serves it into the folder.
func (wp *wordpress) lay() {
	wp.Helper()
	wp.run("cp", "-rL", wordpressTree, wp.path("www"))
	theme, plugins := wp.path("www", "wp-content", "themes", "plain"), wp.path("www", "wp-content", "plugins")
	wp.must(os.MkdirAll(theme, 0o755))
	for name, content := range wordpressTheme {
		wp.must(os.WriteFile(filepath.Join(theme, name), []byte(content), 0o644))
	}
	wp.must(os.WriteFile(wp.path("www", "wp-config.php"), fmt.Appendf(nil, wordpressConfig, wp.path("db.sock")), 0o644))
	packed := get(wp.T, plenum.base+"/wordpress.zip")
	archive, err := zip.NewReader(strings.NewReader(packed), int64(len(packed)))
	wp.must(err)
	wp.must(os.CopyFS(plugins, archive))
}

// startDatabase starts a MariaDB that nobody outside of the folder can reach.
func (wp *wordpress) startDatabase() {
	wp.Helper()
	account := []string{}
	if os.Geteuid() == 0 {
		account = []string{"--user=root"}
	}
	data := "--datadir=" + wp.path("db")
	wp.run("mariadb-install-db", append([]string{"--no-defaults", data, "--auth-root-authentication-method=normal", "--skip-test-db"}, account...)...)
	wp.start("mariadbd", append([]string{"--no-defaults", data, "--socket=" + wp.path("db.sock"), "--pid-file=" + wp.path("db.pid"), "--skip-networking",
		"--innodb-flush-log-at-trx-commit=0", "--innodb-buffer-pool-size=32M"}, account...)...)
	until(wp.T, "MariaDB answers", func() bool {
		return exec.Command("mariadb", "--no-defaults", "--socket="+wp.path("db.sock"), "-uroot", "-e", "create database if not exists wordpress").Run() == nil
	})
}

// install plays WordPress' own pages: its installer, signing in, the list of plugins.
func (wp *wordpress) install() {
	wp.Helper()
	const name, password = "admin", "a long enough password"
	wp.post("/wp-admin/install.php?step=2", url.Values{"weblog_title": {"Das Blatt"}, "user_name": {name}, "admin_password": {password},
		"admin_password2": {password}, "pw_weak": {"1"}, "admin_email": {"admin@example.org"}, "blog_public": {"0"}})
	wp.get("/wp-login.php")
	wp.post("/wp-login.php", url.Values{"log": {name}, "pwd": {password}, "testcookie": {"1"}, "wp-submit": {"Log In"}})
	plugins := wp.get("/wp-admin/plugins.php")
	link := regexp.MustCompile(`plugins\.php\?action=activate&amp;plugin=plenum[^"]+`).FindString(plugins)
	if link == "" {
		wp.Fatal("WordPress does not list the plugin")
	}
	if active := wp.get("/wp-admin/" + html.UnescapeString(link)); !strings.Contains(active, "action=deactivate&amp;plugin=plenum") {
		wp.Fatal("WordPress did not activate the plugin")
	}
}

// set sends the settings page, and waits for what it says about Plenum.
func (wp *wordpress) set(settings url.Values, state string) {
	wp.Helper()
	page := wp.get("/wp-admin/options-general.php?page=plenum")
	for _, hidden := range []string{"option_page", "action", "_wpnonce", "_wp_http_referer"} {
		value := regexp.MustCompile(`name=['"]` + hidden + `['"] value=['"]([^'"]*)['"]`).FindStringSubmatch(page)
		if value == nil {
			wp.Fatalf("the settings page has no field %s", hidden)
		}
		settings.Set(hidden, html.UnescapeString(value[1]))
	}
	if page = wp.post("/wp-admin/options.php", settings); !strings.Contains(page, `id="plenum-state" class="`+state+`"`) {
		wp.Errorf("got the settings page %s, want the state %s", regexp.MustCompile(`(?s)<p id="plenum-state.*?</p>`).FindString(page), state)
	}
	if !strings.Contains(page, "Rounding of corners") || strings.Contains(page, `value="99rem"`) {
		wp.Error("the settings page took a radius of 99rem")
	}
}

// forget lets the minute pass in which a fragment is kept.
func (wp *wordpress) forget() {
	wp.Helper()
	wp.php(`$wpdb->query("delete from $wpdb->options where option_name like '%transient%plenum%'");`)
}

// php runs code inside WordPress, and answers what it prints.
func (wp *wordpress) php(code string) string {
	wp.Helper()
	return wp.run("php", "-r", `$_SERVER["HTTP_HOST"] = "localhost"; require "`+wp.path("www", "wp-load.php")+`"; `+code)
}

func (wp *wordpress) get(path string) string {
	wp.Helper()
	return wp.read(wp.client.Get(wp.base + path))
}

func (wp *wordpress) post(path string, form url.Values) string {
	wp.Helper()
	return wp.read(wp.client.PostForm(wp.base+path, form))
}

// complaint is what PHP writes into a page about a fault of the plugin's.
var complaint = regexp.MustCompile(`<b>(Warning|Notice|Deprecated|Fatal error|Parse error)</b>: .{1,300} in <b>[^<]*/plugins/plenum/.*`)

func (wp *wordpress) read(answer *http.Response, err error) string {
	wp.Helper()
	wp.must(err)
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	if err != nil || answer.StatusCode != http.StatusOK {
		wp.Fatalf("%s: %d, %v", answer.Request.URL, answer.StatusCode, err)
	}
	if fault := complaint.Find(body); fault != nil {
		wp.Errorf("%s: %s", answer.Request.URL, fault)
	}
	return string(body)
}

// run runs a command to its end, and answers what it prints.
func (wp *wordpress) run(name string, args ...string) string {
	wp.Helper()
	var errs bytes.Buffer
	command := exec.CommandContext(wp.Context(), name, args...)
	command.Stderr = &errs
	out, err := command.Output()
	if err != nil {
		wp.Fatalf("%s %v: %v\n%s", name, args, err, errs.String())
	}
	return string(out)
}

// start runs a server until the test ends.
func (wp *wordpress) start(name string, args ...string) {
	wp.Helper()
	server := exec.Command(name, args...)
	server.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	server.Env = append(os.Environ(), "PHP_CLI_SERVER_WORKERS=4")
	log, err := os.Create(wp.path(name + ".log"))
	wp.must(err)
	server.Stdout, server.Stderr = log, log
	wp.must(server.Start())
	wp.Cleanup(func() {
		wp.must(syscall.Kill(-server.Process.Pid, syscall.SIGTERM)) // and PHP's workers
		if err := server.Wait(); err != nil && server.ProcessState == nil {
			wp.Error(err)
		}
		wp.must(log.Close())
	})
}
