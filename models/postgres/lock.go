package postgres

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"syscall"
	"time"
)

const lockRetry = 10 * time.Millisecond

// lock waits for the kernel's lock on a file of the folder; closing the file gives it back, and so does a kill -9.
func (c cluster) lock(ctx context.Context, name string, how int) (*os.File, error) {
	f, err := c.open(name)
	if err != nil {
		return nil, err
	}
	for {
		err := syscall.Flock(int(f.Fd()), how|syscall.LOCK_NB)
		if err == nil {
			return f, nil
		}
		if !errors.Is(err, syscall.EWOULDBLOCK) && !errors.Is(err, syscall.EINTR) {
			return nil, errors.Join(fmt.Errorf("lock %s: %w", f.Name(), err), f.Close())
		}
		select {
		case <-ctx.Done():
			return nil, errors.Join(fmt.Errorf("wait for %s: %w", f.Name(), ctx.Err()), f.Close())
		case <-time.After(lockRetry):
		}
	}
}

// open opens a lock of the folder, made if it is not there. It belongs to the account, for the reaper's sake, and to
// nobody else: whoever can open it could keep everybody out.
func (c cluster) open(name string) (*os.File, error) {
	f, err := os.OpenFile(filepath.Join(c.dir, name), os.O_CREATE|os.O_RDWR|syscall.O_NOFOLLOW, 0o600)
	if err != nil {
		return nil, fmt.Errorf("open a lock: %w", err)
	}
	if c.account != nil {
		err = f.Chown(int(c.account.Uid), int(c.account.Gid))
	}
	if err == nil {
		err = f.Chmod(0o600)
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("open a lock: %w", err), f.Close())
	}
	return f, nil
}
