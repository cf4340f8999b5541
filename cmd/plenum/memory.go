package main

import (
	"context"
	"os"
	"runtime/debug"
	"runtime/metrics"
	"time"
)

const (
	garbage     = 64 << 20 // bytes of it that may gather before they are collected
	leastGC     = 50       // percent of what lives, however much that is
	mostGC      = 200
	measureHeap = time.Second
)

// boundMemory lets garbage gather up to the same amount whatever lives, until the context ends. By a percentage alone it
// would be collected all the time while little is kept, which is a third of what a comment costs, and take as much again
// as the memories of pages and texts once they are full. Where GOGC is set, that counts.
func boundMemory(ctx context.Context) {
	if os.Getenv("GOGC") != "" {
		return
	}
	live := []metrics.Sample{{Name: "/gc/heap/live:bytes"}}
	every := time.NewTicker(measureHeap)
	defer every.Stop()
	for set := 0; ; {
		metrics.Read(live)
		if percent := gcPercent(live[0].Value.Uint64()); percent < set*9/10 || percent > set*11/10 {
			debug.SetGCPercent(percent)
			set = percent
		}
		select {
		case <-ctx.Done():
			return
		case <-every.C:
		}
	}
}

// gcPercent is GOGC for so many bytes that live.
func gcPercent(live uint64) int { return int(min(max(100*garbage/max(live, 1), leastGC), mostGC)) }
