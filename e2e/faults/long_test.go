//go:build faults

package faults

import "time"

// How often and for how long.
const (
	programKills  = 20
	postgresKills = 10
	answersLost   = 600 // requests while answers are lost
	frozenFor     = 15 * time.Second
	readyAgain    = 5 * time.Second // of a restart
)
