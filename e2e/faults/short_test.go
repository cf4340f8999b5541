//go:build !faults

package faults

import "time"

// How often and for how long, in the short form.
const (
	programKills  = 2
	postgresKills = 1
	answersLost   = 60 // requests while answers are lost
	frozenFor     = 3 * time.Second
	readyAgain    = 20 * time.Second // of a restart, on a machine that does other things beside the tests
)
