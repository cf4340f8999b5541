//go:build faults

package faults

import (
	"errors"
	"os"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"plenum/e2e/program"
)

// small is a house of one replica, in which a folder of its data is a volume of so many bytes. It takes root.
func small(t *testing.T, name, size string, more ...string) (h *house, folder string) {
	t.Helper()
	if os.Geteuid() != 0 {
		t.Fatal("only root can mount a small volume")
	}
	p, err := program.New(append([]string{"PLENUM_LOG=error", "PLENUM_UNDO=0s"}, more...))
	if err != nil {
		t.Fatal(err)
	}
	p.Bin, folder = plenum.near.Bin, filepath.Join(p.Folder, name)
	t.Cleanup(func() {
		if p.Running() {
			if err := p.Terminate(); err != nil {
				t.Error(err)
			}
		}
		if err := syscall.Unmount(folder, syscall.MNT_DETACH); err != nil && !errors.Is(err, syscall.EINVAL) { // the test has done so
			t.Error(err)
		}
		if err := p.Stop(); err != nil {
			t.Error(err)
		}
	})
	if err := os.Mkdir(folder, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := syscall.Mount("tmpfs", folder, "tmpfs", 0, "mode=0755,size="+size); err != nil {
		t.Fatalf("no small volume, which needs root and CAP_SYS_ADMIN: %v", err)
	}
	if err := p.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	h = &house{near: p, far: p, mails: plenum.mails}
	if err := h.furnish(t.Context()); err != nil {
		t.Fatal(err)
	}
	return h, folder
}

// A data folder without room: mails that are written there wait, everything else goes on, and none is lost.
func TestAFullDataFolderKeepsMailsWaiting(t *testing.T) {
	h, folder := small(t, "mail", "16k")
	l := h.work(t, h.near.Base)
	l.more(60)
	l.rest()
	waiting := func() string {
		rows, err := h.query(t.Context(), `select count(*) from river_job where kind = 'notify_author' and state <> 'completed'`)
		if err != nil {
			t.Fatal(err)
		}
		return rows[0][0]
	}
	if waiting() == "0" {
		t.Error("no mail waits: something is wrong with this test")
	}
	// It is busy at the moment in which a letter is tried once more.
	until(t, "the small folder is gone", 10*time.Second, func() bool { return syscall.Unmount(folder, 0) == nil })
	h.deliverAll(t)
	if got := waiting(); got != "0" {
		t.Errorf("got %s mails that wait", got)
	}
}

// The database's volume is full: writers are told 503. Then PostgreSQL cannot go on with its log, and dies of that. Once
// there is room, all that was acknowledged is there.
func TestAFullVolumeOfTheDatabaseLosesNothing(t *testing.T) {
	mails, err := newMailserver() // of its own: the other house counts every letter that it gets
	if err != nil {
		t.Fatal(err)
	}
	defer mails.close()
	h, folder := small(t, "postgres", "160m", "SMTP_URL=smtp://"+mails.address+"?tls=off")
	h.mails = mails
	l := h.work(t, h.near.Base)
	l.more(20)
	for _, worse := range []func(){func() {}, func() { h.panic(t) }} {
		before := l.away.Load()
		filler := fill(t, folder)
		until(t, "writers are told 503", time.Minute, func() bool { return l.away.Load() > before+10 })
		worse()
		if err := os.Remove(filler); err != nil {
			t.Fatal(err)
		}
		start := time.Now()
		until(t, "it is ready again", 10*time.Second, func() bool { return ready(h.near.Base) })
		l.more(20)
		t.Logf("ready, and 20 more acknowledged, within %s of there being room", time.Since(start).Round(time.Millisecond))
	}
	l.rest()
	h.broken = time.Now()
	h.verify(t)
}

// fill writes a file until nothing more fits.
func fill(t *testing.T, folder string) (path string) {
	t.Helper()
	path = filepath.Join(folder, "filler")
	file, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	for piece := make([]byte, 64<<10); err == nil; {
		_, err = file.Write(piece)
	}
	if err := errors.Join(file.Close(), err); !errors.Is(err, syscall.ENOSPC) {
		t.Fatal(err)
	}
	return path
}

// panic has PostgreSQL begin another piece of its log, which it cannot.
func (h *house) panic(t *testing.T) {
	t.Helper()
	h.kills++
	for range 3 {
		if _, err := h.query(t.Context(), `select pg_switch_wal()`); err != nil {
			break
		}
	}
	until(t, "PostgreSQL is gone", 30*time.Second, func() bool { return !ready(h.near.Base) })
}
