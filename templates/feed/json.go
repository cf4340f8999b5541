package feed

type jsonFeedDocument struct {
	Version  string     `json:"version"`
	Title    string     `json:"title"`
	HomePage string     `json:"home_page_url"`
	Self     string     `json:"feed_url"`
	Language string     `json:"language"`
	Items    []jsonItem `json:"items"`
}

type jsonItem struct {
	ID        string       `json:"id"`
	URL       string       `json:"url"`
	Title     string       `json:"title"`
	HTML      string       `json:"content_html"`
	Published string       `json:"date_published"`
	Modified  string       `json:"date_modified"`
	Authors   []jsonAuthor `json:"authors"`
	Answers   *jsonAnswers `json:"_plenum,omitempty"` // an extension of ours, as the format allows it
}

type jsonAnswers struct {
	ID  string `json:"in_reply_to"`
	URL string `json:"in_reply_to_url"`
}

type jsonAuthor struct {
	Name string `json:"name"`
	URL  string `json:"url,omitempty"`
}

func jsonFeed(f Feed) any {
	d := jsonFeedDocument{Version: "https://jsonfeed.org/version/1.1", Title: f.Title, HomePage: f.Home, Self: f.Self,
		Language: f.Locale, Items: []jsonItem{}}
	for _, e := range f.Entries {
		item := jsonItem{ID: e.ID, URL: e.URL, Title: e.Title, HTML: e.HTML, Published: rfc3339(e.Published),
			Modified: rfc3339(e.Updated), Authors: []jsonAuthor{{e.Name, e.NameURL}}}
		if e.AnswersID != "" {
			item.Answers = &jsonAnswers{e.AnswersID, e.AnswersURL}
		}
		d.Items = append(d.Items, item)
	}
	return d
}
