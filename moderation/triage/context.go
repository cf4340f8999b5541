package triage

// Context is what surrounds a text. A nil part could not be read: the signals that need it are unavailable.
type Context struct {
	Locale  string // of the site: de or en
	Words   *List
	Article *Article
	Earlier *[]Earlier // texts of the last days, on this site
	Record  *Record
	Recent  *int // comments on the article within the last ten minutes
}

// Article is what the text should be about.
type Article struct {
	Title, Text string
	Thread      []Gist // of the comments above and beside it
}

// Earlier is a text that a new one may repeat.
type Earlier struct {
	Gist        Gist
	SameAuthor  bool
	SameArticle bool
}

// Record counts the decisions on an author's comments.
type Record struct{ Approved, Rejected int }
