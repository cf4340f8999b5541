package models

import (
	"fmt"
	"testing"

	"github.com/jackc/pgx/v5/pgconn"
)

func TestWhatTheSameCallMaySurviveALittleLaterIsUnavailable(t *testing.T) {
	for code, want := range map[string]bool{
		"57P01": true, "08006": true, "40001": true, "55P03": true, "25P04": true, // shut down, cut off, in somebody's way
		"53100": true, "53200": true, "53300": true, // no room, no memory, no connection
		"23505": false, "42601": false, "22021": false, "": false, // ours
	} {
		if got := Unavailable(fmt.Errorf("submit: %w", &pgconn.PgError{Code: code})); got != want {
			t.Errorf("got %t for %q, want %t", got, code, want)
		}
	}
}
