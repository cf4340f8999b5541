// Package faults breaks what Plenum stands on while people write and moderators decide on two replicas: processes,
// database, network, mail server, disk. What was acknowledged is written down beforehand, synced, and compared.
//
// `go test` plays a short form; with -tags faults (make faults) every fault, as often as it takes.
package faults

import (
	"context"
	"errors"
	"fmt"
	"os"
	"testing"
)

// plenum is the house that every fault is played on: what one leaves behind the next meets.
var plenum *house

func TestMain(m *testing.M) {
	code, err := run(m)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		code = 1
	}
	os.Exit(code)
}

func run(m *testing.M) (code int, err error) {
	if plenum, err = build(context.Background(), plan{}); err != nil {
		return 1, err
	}
	defer func() { err = errors.Join(err, plenum.close()) }()
	return m.Run(), nil
}
