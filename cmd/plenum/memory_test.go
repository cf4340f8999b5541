package main

import "testing"

func TestGarbageTakesAsMuchWhateverLives(t *testing.T) {
	for live, want := range map[uint64]int{0: mostGC, 10 << 20: mostGC, 40 << 20: 160, 64 << 20: 100, 100 << 20: 64, 1 << 30: leastGC} {
		if got := gcPercent(live); got != want {
			t.Errorf("%d bytes: got %d %%, want %d", live, got, want)
		}
	}
}
