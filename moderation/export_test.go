package moderation

import (
	"maps"
	"slices"
	"sync/atomic"
)

// Expiries are the names of the rules that the night's work carries out.
func Expiries() []string { return slices.Sorted(maps.Keys((&Flow{}).expiries())) }

// CountHashing has passwords computed one at a time, and counts them.
func (f *Flow) CountHashing() *atomic.Int32 {
	count, place := &atomic.Int32{}, make(chan struct{})
	f.hashing = place
	go func() {
		for range place { // somebody enters; and then takes it as the place that they leave
			count.Add(1)
			place <- struct{}{}
		}
	}()
	return count
}

// FillWaiting takes every place in which somebody may wait to sign in, until they are given back.
func (f *Flow) FillWaiting() (free func()) {
	for range maxWaiting {
		f.lobby <- struct{}{}
	}
	return func() {
		for range maxWaiting {
			<-f.lobby
		}
	}
}

// Nobody is what the password for an unknown address is compared with.
const Nobody = nobody
