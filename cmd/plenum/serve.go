package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"path/filepath"
	"time"

	"plenum/cmd/internal/config"
	"plenum/cmd/internal/crowd"
	"plenum/cmd/internal/demo"
	"plenum/cmd/internal/worker"
	"plenum/handlers"
	"plenum/models"
	"plenum/moderation"
	"plenum/moderation/notify"
	"plenum/static"
	"plenum/templates"
)

type serveCommand struct {
	Demo bool `env:"PLENUM_DEMO" help:"Fill the demo first, as plenum demo does, and show its newspaper under /demo."`
}

// The limits of a connection.
const (
	headerTimeout = 5 * time.Second
	readTimeout   = 15 * time.Second
	writeTimeout  = 30 * time.Second
	idleTimeout   = 60 * time.Second
	maxHeader     = 64 << 10
	stopTimeout   = 20 * time.Second // in which requests under way are finished
)

// Run serves until it is told to stop: then it is no longer ready, finishes its requests and hands its jobs back.
func (c serveCommand) Run(ctx context.Context, s config.Settings, io streams) (err error) {
	base, err := s.Base()
	if err != nil {
		return err
	}
	proxies, err := s.TrustedProxies()
	if err != nil {
		return err
	}
	at, err := listen(s)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, at.close()) }()
	if s.Crowd > 0 {
		at.product = &crowd.Listener{Listener: at.product, Most: s.Crowd, Proxies: proxies}
	}
	return with(ctx, s, func(i *instance) error {
		set, err := templates.New(static.URL)
		if err != nil {
			return err
		}
		options := handlers.Options{Flow: i.flow, Templates: set, BaseURL: base, Proxies: proxies, Log: i.log, CacheSize: s.CacheMiB << 20, Stale: s.Stale}
		if c.Demo {
			if options.Demo, err = demo.Fill(ctx, i.flow, base); err != nil {
				return err
			}
		}
		sender, mails, err := c.sender(s, base)
		if err != nil {
			return err
		}
		var caller notify.Caller = i.flow.Outgoing.Client()
		if at.metrics != nil {
			options.Metrics = i.metrics()
			sender, caller = options.Metrics.Mails(sender), options.Metrics.Webhooks(caller)
		}
		postman := notify.NewPostman(i.store, set, sender, base, i.secret)
		postman.Caller, postman.Now, postman.Undo = caller, i.flow.Now, i.flow.Undo
		jobs, err := worker.New(i.direct, i.flow, postman, i.log)
		if err != nil {
			return err
		}
		if c.Demo {
			demo.Greet(io.out, base, mails)
		} else {
			fmt.Fprintf(io.err, "plenum serves %s; mails: %s\n", base, mails)
		}
		return i.serve(ctx, at, options, jobs)
	})
}

// sender is where mails go, and how to say so. The demo's addresses are invented: its mails never leave the machine.
func (c serveCommand) sender(s config.Settings, base *url.URL) (notify.Sender, string, error) {
	if s.SMTPURL != "" && !c.Demo {
		server, err := notify.NewSMTP(s.SMTPURL, s.Sender(base))
		return server, "by SMTP", err
	}
	folder, err := mailFolder(s)
	if err != nil {
		return nil, "", err
	}
	return notify.Folder{Path: folder, From: s.Sender(base)}, folder, nil
}

// mailFolder is where mails are written that no mail server takes.
func mailFolder(s config.Settings) (string, error) {
	dir, err := s.Folder()
	return filepath.Join(dir, "mail"), err
}

// serve answers requests and works jobs until the context ends, then stops in order.
func (i *instance) serve(ctx context.Context, at listeners, options handlers.Options, jobs *worker.Worker) error {
	party, err := moderation.PartyOf(options.BaseURL)
	if err != nil {
		return err
	}
	i.flow.Party = party
	product := handlers.New(options)
	background, stop := context.WithCancel(context.WithoutCancel(ctx))
	defer stop()
	if err := jobs.Start(background); err != nil {
		return err
	}
	if i.private != nil {
		go i.private.Watch(background)
	}
	go i.store.Watch(background, models.Watcher{
		Away: func(why error) { i.log.Error("the database does not answer", "error", why) },
		Back: func() { i.log.Info("the database answers again") },
	})
	go product.Live(background, i.direct)
	go boundMemory(background)
	if at.metrics != nil {
		go i.serveMetrics(background, at.metrics, options.Metrics)
	}
	server := newServer(product)
	failed := make(chan error, 1)
	go func() { failed <- server.Serve(at.product) }()
	select {
	case err := <-failed:
		return fmt.Errorf("serve: %w", err)
	case <-ctx.Done():
	}
	i.log.Info("stopping")
	product.Stop()
	patience, cancel := context.WithTimeout(background, stopTimeout)
	defer cancel()
	return errors.Join(server.Shutdown(patience), jobs.Stop(patience))
}

func newServer(handler http.Handler) *http.Server {
	return &http.Server{Handler: handler, ReadHeaderTimeout: headerTimeout, ReadTimeout: readTimeout, WriteTimeout: writeTimeout,
		IdleTimeout: idleTimeout, MaxHeaderBytes: maxHeader}
}
