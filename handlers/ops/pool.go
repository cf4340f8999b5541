package ops

import (
	"github.com/prometheus/client_golang/prometheus"

	"plenum/models"
)

// Pools are the pools of connections, by the name of what they are for.
type Pools map[string]*models.Pool

var (
	poolConnections = desc("pool_connections", "Connections to the database, in use or idle.", "pool", "state")
	poolLimit       = desc("pool_connections_max", "How many connections there may be.", "pool")
	poolWaits       = desc("pool_waits_total", "Times that somebody waited for a connection.", "pool")
	poolWaited      = desc("pool_wait_seconds_total", "Time spent waiting for a connection.", "pool")
)

// Describe names what there is.
func (p Pools) Describe(to chan<- *prometheus.Desc) {
	for _, one := range []*prometheus.Desc{poolConnections, poolLimit, poolWaits, poolWaited} {
		to <- one
	}
}

// Collect reads the pools' own counters.
func (p Pools) Collect(to chan<- prometheus.Metric) {
	for name, pool := range p {
		s := pool.Stat()
		gauge(to, poolConnections, float64(s.AcquiredConns()), name, "in_use")
		gauge(to, poolConnections, float64(s.IdleConns()), name, "idle")
		gauge(to, poolLimit, float64(s.MaxConns()), name)
		count(to, poolWaits, float64(s.EmptyAcquireCount()), name)
		count(to, poolWaited, s.EmptyAcquireWaitTime().Seconds(), name)
	}
}

func count(to chan<- prometheus.Metric, of *prometheus.Desc, value float64, labels ...string) {
	to <- prometheus.MustNewConstMetric(of, prometheus.CounterValue, value, labels...)
}
