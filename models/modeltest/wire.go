package modeltest

import (
	"fmt"
	"net"
	"testing"

	"github.com/jackc/pgx/v5"

	"plenum/models/modeltest/wire"
)

// Wired is the address of a database by way of a wire that the test may spoil.
func Wired(t testing.TB, url string) (string, *wire.Wire) {
	t.Helper()
	config, err := pgx.ParseConfig(url)
	if err != nil {
		t.Fatal(err)
	}
	socket := fmt.Sprintf("%s/.s.PGSQL.%d", config.Host, config.Port)
	w, err := wire.New(func() (net.Conn, error) { return net.Dial("unix", socket) })
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := w.Close(); err != nil {
			t.Error(err)
		}
	})
	return fmt.Sprintf("host=127.0.0.1 port=%d user=%s dbname=%s sslmode=disable", w.Addr().Port, config.User, config.Database), w
}
