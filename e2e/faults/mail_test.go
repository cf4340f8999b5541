//go:build faults

package faults

import (
	"os"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"plenum/e2e/program"
)

// While the mail server is down, in any way, mails wait; then each goes out once. What it declines for good is not
// tried again. deliverAll lets the hours pass.
func TestMailsWaitForTheirServer(t *testing.T) {
	for name, mood := range map[string]int{"refuses": refuses, "defers": defers, "declines": declines, "tarpits": tarpits} {
		l := plenum.work(t)
		plenum.mails.be(mood)
		l.more(8)
		moment(t)
		l.rest()
		until(t, "a letter was tried", time.Minute, func() bool {
			rows, err := plenum.query(t.Context(), `select count(*) from river_job where kind = 'notify_author' and (state = 'retryable' or state = 'cancelled' and finalized_at > now() - interval '1 minute')`)
			return err == nil && rows[0][0] != "0"
		})
		plenum.mails.be(takes)
		t.Log(name)
		plenum.verify(t)
	}
}

// Poisoned jobs, of a kind that nobody knows, with arguments that cannot be read, about what is not there: each is tried
// or given up, and the others go on.
func TestAPoisonedJobHoldsUpNoOther(t *testing.T) {
	if _, err := plenum.query(t.Context(), `insert into river_job (kind, state, args, max_attempts, queue, priority) values
		('unknown', 'available', '{}', 25, 'default', 1), ('notify_author', 'available', '{"site_id": 7}', 1, 'default', 1),
		('notify_author', 'available', '[]', 1, 'default', 1), ('notify_author', 'available', '{"site_id": "`+nobody+`", "comment_id": "`+nobody+`", "about": "received"}', 25, 'default', 1),
		('run_batch', 'available', '{"site_id": "`+nobody+`"}', 1, 'default', 1)`); err != nil {
		t.Fatal(err)
	}
	l := plenum.work(t)
	l.more(30)
	l.rest()
	plenum.verify(t)
	if _, err := plenum.query(t.Context(), `delete from river_job where kind in ('unknown', 'run_batch')`); err != nil {
		t.Fatal(err)
	}
}

const nobody = "00000000-0000-7000-8000-000000000000"

// A data folder without room: mails that are written there wait, everything else goes on, and none is lost. It takes root.
func TestAFullDataFolderKeepsMailsWaiting(t *testing.T) {
	if os.Geteuid() != 0 {
		t.Fatal("only root can mount a small volume")
	}
	third, err := program.New([]string{"PLENUM_LOG=error", "PLENUM_UNDO=0s"})
	if err != nil {
		t.Fatal(err)
	}
	third.Bin = plenum.near.Bin
	defer func() {
		if err := third.Stop(); err != nil {
			t.Error(err)
		}
	}()
	folder := filepath.Join(third.Folder, "mail")
	if err := os.Mkdir(folder, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := syscall.Mount("tmpfs", folder, "tmpfs", 0, "size=16k"); err != nil {
		t.Fatal(err)
	}
	if err := third.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	h := &house{near: third, far: third, mails: plenum.mails}
	if err := h.furnish(t.Context()); err != nil {
		t.Fatal(err)
	}
	l := h.work(t, third.Base)
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
	if err := syscall.Unmount(folder, 0); err != nil {
		t.Fatal(err)
	}
	h.deliverAll(t)
	if got := waiting(); got != "0" {
		t.Errorf("got %s mails that wait", got)
	}
}
