// Package config is every setting of the program in one table: its flag, its variable, its default and what it does.
// The command line, the environment and docs/configuration.md come from it.
package config

import (
	"bytes"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/alecthomas/kong"
)

// Settings is the table. A flag wins over its variable.
type Settings struct {
	DatabaseURL string        `name:"database-url" env:"DATABASE_URL" placeholder:"URL" help:"PostgreSQL database, as the owner of the schema. Without it the program runs a private PostgreSQL under its data folder."`
	DirectURL   string        `name:"database-direct-url" env:"DATABASE_DIRECT_URL" placeholder:"URL" help:"The same database without a pooler between, for migrations and jobs. Needed only where DATABASE_URL leads to a pooler."`
	ReplicaURL  string        `name:"database-replica-url" env:"DATABASE_REPLICA_URL" placeholder:"URL" help:"A streaming replica of the database. Readers whose page is not in memory are answered from there, as far as it has caught up; everything else asks DATABASE_URL."`
	Addr        string        `name:"addr" env:"PLENUM_ADDR" default:"127.0.0.1:8080" help:"Where to listen."`
	BaseURL     string        `name:"base-url" env:"PLENUM_BASE_URL" placeholder:"URL" help:"The address under which readers and moderators reach the program, without a path. Requests for other hosts are refused. Default: http:// and PLENUM_ADDR."`
	DataDir     string        `name:"data-dir" env:"PLENUM_DATA_DIR" placeholder:"FOLDER" help:"Folder for the secret, the private PostgreSQL and mails that are not sent. Default: /var/lib/plenum for root, else $XDG_DATA_HOME/plenum or ~/.local/share/plenum."`
	Secret      string        `name:"secret" env:"PLENUM_SECRET" placeholder:"TEXT" help:"The secret behind private links, address hashes and the signature of the ledger, at least 32 characters. Default: made once and kept in the data folder. All replicas need the same one."`
	SMTPURL     string        `name:"smtp-url" env:"SMTP_URL" placeholder:"URL" help:"Mail server, as smtp://user:password@host:587 (STARTTLS) or smtps://host:465. Without it mails are written to the folder mail in the data folder."`
	MailFrom    string        `name:"mail-from" env:"PLENUM_MAIL_FROM" placeholder:"ADDRESS" help:"Sender of mails. Default: plenum@ and the host of the base URL."`
	Undo        time.Duration `name:"undo" env:"PLENUM_UNDO" default:"20s" help:"How long a decision can be undone and its mails wait, on sites that set nothing else."`
	Proxies     []string      `name:"trusted-proxies" env:"PLENUM_TRUSTED_PROXIES" placeholder:"NETWORK,…" help:"Networks of the proxies before the program, as 10.0.0.0/8,::1/128. Only their X-Forwarded-For is believed; without any, whoever connects is who asks, and behind a proxy no limit or ban by network holds."`
	Crowd       int           `name:"connections-per-network" env:"PLENUM_CONNECTIONS_PER_NETWORK" default:"256" help:"How many connections one network may hold open; more are closed at once. Trusted proxies and private networks are not counted. 0: as many as it likes."`
	Limits      string        `name:"limits" env:"PLENUM_LIMITS" enum:"on,off" default:"on" help:"How often one network, address or article may be written from, for or to: on, as each site sets it, or off, for tests and benchmarks."`
	Outgoing    []string      `name:"outgoing-networks" env:"PLENUM_OUTGOING_NETWORKS" placeholder:"NETWORK,…" help:"Networks of yours that webhooks, the purge calls of CDNs and the identity provider may be in, as 10.1.2.0/24,127.0.0.1: there any port and http are allowed too. Without any, only public addresses are called, by https on port 443."`
	OIDCIssuer  string        `name:"oidc-issuer" env:"PLENUM_OIDC_ISSUER" placeholder:"URL" help:"Identity provider (OpenID Connect) by which moderators may sign in, as https://login.example.org. They must have been invited under the address that it vouches for. Register PLENUM_BASE_URL and /desk/signon/callback there. Default: none."`
	OIDCClient  string        `name:"oidc-client-id" env:"PLENUM_OIDC_CLIENT_ID" placeholder:"TEXT" help:"What the identity provider knows this program by."`
	OIDCSecret  string        `name:"oidc-client-secret" env:"PLENUM_OIDC_CLIENT_SECRET" placeholder:"TEXT" help:"The secret that it has with it."`
	MetricsAddr string        `name:"metrics-addr" env:"PLENUM_METRICS_ADDR" placeholder:"ADDRESS" help:"Where to answer /metrics for Prometheus, as 127.0.0.1:9464: an address that readers cannot reach. Default: nowhere."`
	CacheMiB    int           `name:"cache" env:"PLENUM_CACHE" default:"64" help:"Memory for the answers to readers, in MiB."`
	Stale       time.Duration `name:"stale" env:"PLENUM_STALE" default:"5m" help:"For how long readers are answered from memory, marked as of when, while the database is away. What others remove meanwhile, where only this process is cut off, stays up here for as long. 0s: they are told at once that it is away."`
	Log         string        `name:"log" env:"PLENUM_LOG" enum:"debug,info,warn,error" default:"info" help:"What is logged: debug, info (a line a request), warn or error."`
}

// Logger writes to standard error from the level that is set.
func (s Settings) Logger() *slog.Logger {
	var level slog.Level
	if err := level.UnmarshalText([]byte(s.Log)); err != nil {
		level = slog.LevelInfo
	}
	return slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: level}))
}

// Base is the base URL.
func (s Settings) Base() (*url.URL, error) {
	text := s.BaseURL
	if text == "" {
		host, port, err := net.SplitHostPort(s.Addr)
		if err != nil {
			return nil, fmt.Errorf("PLENUM_ADDR: %w", err)
		}
		if ip := net.ParseIP(host); host == "" || ip != nil && ip.IsUnspecified() {
			host = "localhost"
		}
		text = "http://" + net.JoinHostPort(host, port)
	}
	u, err := url.Parse(strings.TrimSuffix(text, "/"))
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" || u.String() != u.Scheme+"://"+u.Host {
		return nil, fmt.Errorf("PLENUM_BASE_URL must look like https://comments.example.org, not %q", text)
	}
	return u, nil
}

// Sender is the address that mails come from.
func (s Settings) Sender(base *url.URL) string {
	if s.MailFrom != "" {
		return s.MailFrom
	}
	host := base.Hostname()
	if !strings.Contains(host, ".") || net.ParseIP(host) != nil {
		host = "localhost.localdomain"
	}
	return "plenum@" + host
}

// Folder is the data folder, made if it is not there. Others may enter it, because the private PostgreSQL of root runs
// as another account; what is secret in it is readable by its owner only.
func (s Settings) Folder() (string, error) {
	dir := s.DataDir
	if dir == "" {
		dir = defaultFolder()
	}
	dir, err := filepath.Abs(dir)
	if err == nil {
		err = os.MkdirAll(dir, 0o755)
	}
	if err != nil {
		return "", fmt.Errorf("make the data folder: %w", err)
	}
	return dir, nil
}

func defaultFolder() string {
	if os.Geteuid() == 0 {
		return "/var/lib/plenum"
	}
	if dir := os.Getenv("XDG_DATA_HOME"); dir != "" {
		return filepath.Join(dir, "plenum")
	}
	return filepath.Join(os.Getenv("HOME"), ".local", "share", "plenum")
}

const minSecret = 32

// SecretBytes is the secret: the setting, or the file in the data folder, made when it is not there.
func (s Settings) SecretBytes() ([]byte, error) {
	if s.Secret != "" {
		if len(s.Secret) < minSecret {
			return nil, fmt.Errorf("PLENUM_SECRET must have at least %d characters", minSecret)
		}
		return []byte(s.Secret), nil
	}
	dir, err := s.Folder()
	if err != nil {
		return nil, err
	}
	return secretFile(filepath.Join(dir, "secret"))
}

// secretFile reads the secret, or makes it: linked into place whole, so that of two processes at once both read one.
func secretFile(path string) ([]byte, error) {
	text, err := os.ReadFile(path)
	if secret := bytes.TrimSpace(text); err == nil && len(secret) < minSecret {
		return nil, fmt.Errorf("%s must hold at least %d characters", path, minSecret)
	} else if err == nil || !errors.Is(err, fs.ErrNotExist) {
		return secret, err
	}
	fresh := make([]byte, minSecret)
	if _, err := rand.Read(fresh); err != nil {
		return nil, fmt.Errorf("make a secret: %w", err)
	}
	draft, err := os.CreateTemp(filepath.Dir(path), "secret-*")
	if err != nil {
		return nil, fmt.Errorf("make a secret: %w", err)
	}
	defer os.Remove(draft.Name())
	_, err = fmt.Fprintln(draft, hex.EncodeToString(fresh))
	if err = errors.Join(err, draft.Sync(), draft.Close()); err != nil {
		return nil, fmt.Errorf("make a secret: %w", err)
	}
	if err := os.Link(draft.Name(), path); err != nil && !errors.Is(err, fs.ErrExist) {
		return nil, fmt.Errorf("make a secret: %w", err)
	}
	return secretFile(path)
}

// Markdown is docs/configuration.md: the settings among the flags of the program.
func Markdown(app *kong.Application) string {
	var b strings.Builder
	b.WriteString("# Configuration\n\nPrinted by `plenum config`. Every setting is a flag and a variable; the flag wins.\n\n" +
		"| variable | flag | default | what it does |\n| --- | --- | --- | --- |\n")
	for _, flag := range app.Flags {
		if len(flag.Envs) == 0 {
			continue
		}
		def := "none"
		if flag.HasDefault {
			def = "`" + flag.Default + "`"
		}
		fmt.Fprintf(&b, "| `%s` | `--%s` | %s | %s |\n", flag.Envs[0], flag.Name, def, flag.Help)
	}
	return b.String()
}
