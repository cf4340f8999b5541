package postgres

import (
	"errors"
	"fmt"
	"os"
	"os/user"
	"path/filepath"
	"strconv"
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
			return nil, fmt.Errorf("the account %s, which runs PostgreSQL for root, cannot enter %s: allow it by chmod o+x %s, or choose another data folder by PLENUM_DATA_DIR", who.Username, p, p)
		}
	}
	return &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}, nil
}

// own hands a file over to the account; a link is not followed, so that nobody can have root give away another file.
func own(path string, account *syscall.Credential) error {
	if account == nil {
		return nil
	}
	return os.Lchown(path, int(account.Uid), int(account.Gid))
}
