package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"time"

	"plenum/cmd/internal/config"
	"plenum/handlers/ops"
)

// listeners are the addresses that serve answers at. metrics is nil where nobody asks: then nothing is counted.
type listeners struct{ product, metrics net.Listener }

// listen takes the addresses before the database is touched: a port that is taken is the commonest fault.
func listen(s config.Settings) (l listeners, err error) {
	if l.product, err = net.Listen("tcp", s.Addr); err != nil {
		return l, fmt.Errorf("listen: %w; another address can be set by PLENUM_ADDR", err)
	}
	if s.MetricsAddr == "" {
		return l, nil
	}
	if l.metrics, err = net.Listen("tcp", s.MetricsAddr); err != nil {
		return l, errors.Join(fmt.Errorf("listen: %w; another address can be set by PLENUM_METRICS_ADDR", err), l.product.Close())
	}
	return l, nil
}

// close gives back what no server closed.
func (l listeners) close() error {
	var err error
	for _, listener := range []net.Listener{l.product, l.metrics} {
		if listener == nil {
			continue
		}
		if closed := listener.Close(); !errors.Is(closed, net.ErrClosed) {
			err = errors.Join(err, closed)
		}
	}
	return err
}

// metrics counts what the instance does.
func (i *instance) metrics() *ops.Metrics {
	pools := ops.Pools{"serving": i.store.Pool(), "readers": i.store.ReaderPool(), "jobs": i.direct.JobPool()}
	return ops.NewMetrics(ops.Database{Store: i.direct, Now: time.Now}, pools)
}

// serveMetrics answers /metrics until the context ends.
func (i *instance) serveMetrics(ctx context.Context, listener net.Listener, metrics *ops.Metrics) {
	server := newServer(metrics.Handler())
	context.AfterFunc(ctx, func() {
		if err := server.Close(); err != nil {
			i.log.Warn("stop the metrics", "error", err)
		}
	})
	if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
		i.log.Error("metrics are no longer answered", "error", err)
	}
}
