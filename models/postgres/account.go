package postgres

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
)

// account is whom PostgreSQL runs as: it refuses to be root, so root hands it to an unprivileged account, which must be
// able to enter the folder. For anybody else it is nil.
func account(dir string) (*syscall.Credential, error) {
	if os.Geteuid() != 0 {
		return nil, nil
	}
	who, err := user.Lookup("postgres")
	if err != nil {
		who, err = user.Lookup("nobody")
	}
	if err != nil {
		return nil, errors.New("PostgreSQL does not run as root, and there is no account postgres or nobody here: set DATABASE_URL")
	}
	uid, err := strconv.ParseUint(who.Uid, 10, 32)
	if err != nil {
		return nil, fmt.Errorf("account %s: %w", who.Username, err)
	}
	gid, err := strconv.ParseUint(who.Gid, 10, 32)
	if err != nil {
		return nil, fmt.Errorf("account %s: %w", who.Username, err)
	}
	for p := dir; p != "/"; p = filepath.Dir(p) {
		info, err := os.Stat(p)
		if err != nil {
			return nil, fmt.Errorf("look at %s: %w", p, err)
		}
		if info.Mode()&0o001 == 0 && uint64(info.Sys().(*syscall.Stat_t).Uid) != uid {
			return nil, fmt.Errorf("the account %s, which runs PostgreSQL for root, cannot enter %s: choose another data folder by PLENUM_DATA_DIR", who.Username, p)
		}
	}
	return &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}, nil
}

func own(path string, account *syscall.Credential) error {
	if account == nil {
		return nil
	}
	return os.Chown(path, int(account.Uid), int(account.Gid))
}

const oldest = 14

// binaries finds the folder of PostgreSQL's programs: an existing cluster's own major version, else the newest there is.
func binaries(ctx context.Context, data string) (string, error) {
	installed, err := filepath.Glob("/usr/lib/postgresql/*/bin")
	if err != nil {
		return "", fmt.Errorf("look for PostgreSQL: %w", err)
	}
	slices.Reverse(installed) // newest first: versions have two digits
	made := ""
	if text, err := os.ReadFile(filepath.Join(data, "PG_VERSION")); err == nil {
		made = strings.TrimSpace(string(text))
	}
	for _, dir := range append(installed, filepath.SplitList(os.Getenv("PATH"))...) {
		version := major(ctx, dir)
		if number, err := strconv.Atoi(version); err == nil && number >= oldest && (made == "" || made == version) {
			return dir, nil
		}
	}
	if made != "" {
		return "", fmt.Errorf("%s was made by PostgreSQL %s, which is not installed: install Debian's postgresql-%s, or set DATABASE_URL", data, made, made)
	}
	return "", fmt.Errorf("no PostgreSQL %d or newer found: install Debian's package postgresql, or set DATABASE_URL", oldest)
}

// major is the major version of the PostgreSQL in a folder; empty where there is none that could make a cluster.
func major(ctx context.Context, dir string) string {
	if _, err := os.Stat(filepath.Join(dir, "initdb")); dir == "" || err != nil {
		return ""
	}
	out, err := exec.CommandContext(ctx, filepath.Join(dir, "postgres"), "--version").Output()
	if err != nil {
		return ""
	}
	version, _, _ := strings.Cut(strings.TrimPrefix(string(out), "postgres (PostgreSQL) "), ".")
	return strings.TrimSpace(version)
}
