package ops

import (
	"context"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"plenum/models"
)

// Database is what a database says of the work that waits in it, asked when somebody reads the metrics. While it is away
// plenum_database_up is 0 and the rest of it is missing, rather than old.
type Database struct {
	Store *models.Store // without a pooler between
	Now   func() time.Time
}

const askTimeout = 2 * time.Second

var (
	databaseUp   = desc("database_up", "Whether the database answers.")
	queueSize    = desc("queue_items", "Items of a lane that wait, up to 10,000.", "site", "lane")
	queueAge     = desc("queue_oldest_seconds", "How long the oldest item of a lane has waited; 0 where none does.", "site", "lane")
	queuePromise = desc("queue_promise_seconds", "Within which time the site promises to decide an item of the lane.", "site", "lane")
	jobsIn       = desc("jobs", "Jobs in a state of River's, those that are completed aside.", "kind", "state")
	jobsOverdue  = desc("jobs_oldest_seconds", "For how long the first job of a kind and state has been due; 0 where it is not yet.", "kind", "state")
)

func desc(name, help string, labels ...string) *prometheus.Desc {
	return prometheus.NewDesc("plenum_"+name, help, labels, nil)
}

// Describe names what there is.
func (d Database) Describe(to chan<- *prometheus.Desc) {
	for _, one := range []*prometheus.Desc{databaseUp, queueSize, queueAge, queuePromise, jobsIn, jobsOverdue} {
		to <- one
	}
}

// Collect asks the database.
func (d Database) Collect(to chan<- prometheus.Metric) {
	ctx, cancel := context.WithTimeout(context.Background(), askTimeout)
	defer cancel()
	now := d.Now()
	backlogs, err := d.Store.Backlogs(ctx, now)
	if err != nil {
		gauge(to, databaseUp, 0)
		return
	}
	jobs, err := d.Store.JobCounts(ctx)
	if err != nil {
		gauge(to, databaseUp, 0)
		return
	}
	gauge(to, databaseUp, 1)
	for _, b := range backlogs {
		gauge(to, queueSize, float64(b.Size), b.Site, b.Lane)
		gauge(to, queuePromise, float64(b.Minutes*60), b.Site, b.Lane)
		since := now
		if b.Oldest != nil {
			since = *b.Oldest
		}
		gauge(to, queueAge, max(0, now.Sub(since).Seconds()), b.Site, b.Lane)
	}
	for _, j := range jobs {
		gauge(to, jobsIn, float64(j.Count), j.Kind, j.State)
		gauge(to, jobsOverdue, max(0, now.Sub(j.Due).Seconds()), j.Kind, j.State)
	}
}

func gauge(to chan<- prometheus.Metric, of *prometheus.Desc, value float64, labels ...string) {
	to <- prometheus.MustNewConstMetric(of, prometheus.GaugeValue, value, labels...)
}
