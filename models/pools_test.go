package models_test

import (
	"testing"

	"plenum/models"
)

func TestPoolsAreAsLargeAsIsSaidOnAnyMachine(t *testing.T) {
	for more, want := range map[string][3]int32{"": {16, 8, 8}, "&pool_max_conns=12": {16, 12, 12}, "&pool_max_conns=32": {32, 32, 32}} {
		store, err := models.Open(t.Context(), "postgres://plenum@localhost/plenum?sslmode=disable"+more)
		if err != nil {
			t.Fatal(err)
		}
		defer store.Close()
		if got := [3]int32{store.Pool().Config().MaxConns, store.ReaderPool().Config().MaxConns, store.JobPool().Config().MaxConns}; got != want {
			t.Errorf("%q: requests, readers and jobs have %v connections, want %v", more, got, want)
		}
	}
}
