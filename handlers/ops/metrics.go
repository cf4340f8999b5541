package ops

import (
	"net/http"
	"strconv"
	"time"

	"github.com/gin-gonic/gin"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// Metrics counts what the program does, in Prometheus' terms. No label names a person, a comment or an article: they are
// routes, words of ours and the slugs of sites. docs/monitoring/ has rules and a dashboard for what is counted here.
type Metrics struct {
	registry *prometheus.Registry
	requests *prometheus.CounterVec
	seconds  *prometheus.HistogramVec
	mails    *prometheus.CounterVec
	webhooks *prometheus.CounterVec
}

// NewMetrics makes the counters, and adds whatever else is asked when somebody reads them.
func NewMetrics(more ...prometheus.Collector) *Metrics {
	m := &Metrics{
		registry: prometheus.NewRegistry(),
		requests: prometheus.NewCounterVec(prometheus.CounterOpts{Name: "plenum_http_requests_total",
			Help: "Requests answered, by the pattern of their route."}, []string{"method", "route", "status"}),
		seconds: prometheus.NewHistogramVec(prometheus.HistogramOpts{Name: "plenum_http_request_duration_seconds",
			Help: "Time until an answer was written; event streams are not in it.", Buckets: []float64{.001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5}},
			[]string{"route"}),
		mails: prometheus.NewCounterVec(prometheus.CounterOpts{Name: "plenum_mail_deliveries_total",
			Help: "Tries to hand a letter on: sent, refused for good, or failed and to be tried again."}, []string{"outcome"}),
		webhooks: prometheus.NewCounterVec(prometheus.CounterOpts{Name: "plenum_webhook_calls_total",
			Help: "Calls of webhooks: taken (2xx), refused by another answer, or failed without one."}, []string{"outcome"}),
	}
	m.registry.MustRegister(collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}), m.requests, m.seconds, m.mails, m.webhooks)
	m.registry.MustRegister(more...)
	for _, outcome := range []string{mailSent, mailRefused, mailFailed} { // so that a rate is 0 before the first, not missing
		m.mails.WithLabelValues(outcome)
	}
	for _, outcome := range []string{callTaken, callRefused, callFailed} {
		m.webhooks.WithLabelValues(outcome)
	}
	return m
}

// Requests counts each request once it is answered.
func (m *Metrics) Requests(now func() time.Time) gin.HandlerFunc {
	return func(c *gin.Context) {
		start := now()
		c.Next()
		route := c.FullPath()
		if route == "" {
			route = "none" // whatever was asked for: paths are made up by strangers
		}
		m.requests.WithLabelValues(method(c.Request.Method), route, strconv.Itoa(c.Writer.Status())).Inc()
		if c.Writer.Header().Get("Content-Type") != eventStream {
			m.seconds.WithLabelValues(route).Observe(now().Sub(start).Seconds())
		}
	}
}

// Streams adds how many event streams are open, asked of open.
func (m *Metrics) Streams(open func() int) {
	m.registry.MustRegister(prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: "plenum_event_streams",
		Help: "Event streams that are open: readers on a thread, moderators at the desk."}, func() float64 { return float64(open()) }))
}

// Memory adds what pages for readers take, and whether they are answered from it.
func (m *Metrics) Memory(held func() uint64, live func() bool) {
	m.registry.MustRegister(prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: "plenum_cache_bytes",
		Help: "Memory that pages for readers take."}, func() float64 { return float64(held()) }),
		prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: "plenum_cache_live", Help: "Whether readers are answered from memory: 0 while no changes are heard of."},
			func() float64 {
				if live() {
					return 1
				}
				return 0
			}))
}

const eventStream = "text/event-stream; charset=utf-8"

// method is one of those that routes have: others are made up by strangers, too.
func method(name string) string {
	switch name {
	case http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete, http.MethodOptions:
		return name
	}
	return "other"
}

const scrapeTimeout = 10 * time.Second

// Handler answers GET /metrics, and nothing else.
func (m *Metrics) Handler() http.Handler {
	mux := http.NewServeMux()
	mux.Handle("GET /metrics", promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{MaxRequestsInFlight: 4, Timeout: scrapeTimeout}))
	return mux
}
