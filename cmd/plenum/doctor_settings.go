package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net/netip"
	"net/url"
	"os"
	"path/filepath"
	"syscall"

	"plenum/cmd/internal/config"
	"plenum/moderation/notify"
)

func settingsFindings(ctx context.Context, s config.Settings) []finding {
	findings := []finding{secretFinding(s), diskFinding(s)}
	base, err := s.Base()
	if err != nil {
		return append(findings, failedBy("base URL", err, "set PLENUM_BASE_URL to the address that readers use"))
	}
	return append(findings, addressFinding(s, base), mailFinding(ctx, s, base), signOnFinding(ctx, s))
}

// secretFinding looks at the secret without making one.
func secretFinding(s config.Settings) finding {
	const what = "secret"
	if s.Secret != "" {
		_, err := s.SecretBytes()
		if err != nil {
			return failedBy(what, err, "set it to the output of: openssl rand -hex 32")
		}
		return finding{what, true, "from PLENUM_SECRET", ""}
	}
	dir, err := s.Folder()
	if err != nil {
		return failedBy(what, err, "set PLENUM_DATA_DIR to a folder that the program may write in")
	}
	path := filepath.Join(dir, "secret")
	info, err := os.Stat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return finding{what, true, "none yet: the first start makes " + path, "keep a copy of it: without it every manage link and the log's signature are lost"}
	case err != nil:
		return failedBy(what, err, "let the program read "+path)
	case info.Mode().Perm()&0o077 != 0:
		return finding{what, false, path + " can be read by others", "run: chmod 600 " + path}
	}
	if _, err := s.SecretBytes(); err != nil {
		return failedBy(what, err, "put the output of this into it: openssl rand -hex 32")
	}
	return finding{what, true, "in " + path, ""}
}

// Below these a database on the same volume is soon in trouble: PostgreSQL stops when it can't write.
const (
	scarce = 1 << 30
	narrow = 5 << 30
)

func diskFinding(s config.Settings) finding {
	const what, advice = "disk", "free some space, or move PLENUM_DATA_DIR to a larger volume"
	dir, err := s.Folder()
	if err != nil {
		return failedBy(what, err, "set PLENUM_DATA_DIR to a folder that the program may write in")
	}
	var volume syscall.Statfs_t
	if err := syscall.Statfs(dir, &volume); err != nil {
		return failedBy(what, err, "let the program read "+dir)
	}
	free := volume.Bavail * uint64(volume.Bsize)
	found := fmt.Sprintf("%.1f GB free under %s", float64(free)/1e9, dir)
	if free >= scarce && free < narrow {
		return finding{what, true, found, advice}
	}
	return judged(what, free >= scarce, found, advice)
}

func addressFinding(s config.Settings, base *url.URL) finding {
	const what = "base URL"
	ip, err := netip.ParseAddr(base.Hostname())
	here := base.Hostname() == "localhost" || err == nil && ip.IsLoopback()
	proxies, err := s.TrustedProxies()
	switch {
	case err != nil:
		return failedBy("trusted proxies", err, "correct PLENUM_TRUSTED_PROXIES")
	case base.Scheme == "http" && !here:
		return finding{what, true, base.String(), "what readers write goes through the network in the clear: put a proxy with a certificate before it, and name it https://"}
	case base.Scheme == "https" && len(proxies) == 0:
		return finding{what, true, base.String(), "the proxy before it is not in PLENUM_TRUSTED_PROXIES: all readers seem to come from one network, and limits by network hold for them together"}
	}
	return finding{what, true, base.String(), ""}
}

// mailFinding signs in to the mail server, as if to send, and says goodbye.
func mailFinding(ctx context.Context, s config.Settings, base *url.URL) finding {
	const what = "mail"
	if s.SMTPURL == "" {
		return finding{what, true, "no SMTP_URL: mails are written to the data folder", "set SMTP_URL, so that authors hear what became of their comments"}
	}
	sender := s.Sender(base)
	server, err := notify.NewSMTP(s.SMTPURL, sender)
	if err != nil {
		return failedBy(what, err, "correct SMTP_URL")
	}
	encrypted, err := server.Check(ctx)
	switch {
	case err != nil:
		return failedBy(what, err, "check host, port, name and password in SMTP_URL, and that this machine may reach the server; mails wait meanwhile")
	case !encrypted:
		return finding{what, true, "by SMTP, from " + sender, "the server offers no STARTTLS: mails and their links go to it in the clear"}
	}
	return finding{what, true, "by SMTP with TLS, from " + sender, ""}
}
