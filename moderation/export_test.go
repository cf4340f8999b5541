package moderation

import (
	"maps"
	"slices"
)

// Expiries are the names of the rules that the night's work carries out.
func Expiries() []string { return slices.Sorted(maps.Keys((&Flow{}).expiries())) }
