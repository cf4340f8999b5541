package postgres

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
)

// initialise makes the cluster where there is none: beside its place, then renamed, so that a killed initdb does no harm.
func (c cluster) initialise(ctx context.Context, bin string) error {
	if _, err := os.Stat(c.data); err == nil {
		return nil
	}
	drafts, err := filepath.Glob(filepath.Join(c.dir, "new-*"))
	for _, draft := range drafts {
		err = errors.Join(err, os.RemoveAll(draft))
	}
	if err != nil { // a killed program's initdb may still be writing: the next new cluster clears it
		c.log.Warn("an unfinished cluster could not be cleared", "error", err)
	}
	draft, err := os.MkdirTemp(c.dir, "new-")
	if err == nil {
		err = own(draft, c.account)
	}
	if err != nil {
		return fmt.Errorf("make a cluster: %w", err)
	}
	initdb := c.command(ctx, bin, "initdb", "-D", draft, "-U", owner, "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--data-checksums")
	if said, err := initdb.CombinedOutput(); err != nil {
		return fmt.Errorf("make a cluster: %w\n%s", err, said)
	}
	if err := errors.Join(os.Rename(draft, c.data), syncFolder(c.dir)); err != nil {
		return fmt.Errorf("make a cluster: %w", err)
	}
	return nil
}

// syncFolder makes a rename in it last: PostgreSQL syncs what is in its data folder, not the folder's name.
func syncFolder(dir string) error {
	f, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}
