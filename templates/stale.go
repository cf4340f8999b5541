package templates

import "time"

// Stale is the sentence on a page that is answered from memory while the database is away. AsOf is when it was true.
type Stale struct{ AsOf time.Time }
