package modeltest

import "testing"

func TestEachTestHasADatabaseOfItsOwn(t *testing.T) {
	a, b := URL(t), URL(t)
	if a == b {
		t.Errorf("got the same database twice: %s", a)
	}
	if err := Open(t).Ready(t.Context()); err != nil {
		t.Error(err)
	}
}
