package main

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"io"
	"strings"

	"golang.org/x/net/html"
)

// stringsOf is every string in an answer: the values of JSON, the character data of XML, else all of it.
func stringsOf(answer Answer) []string {
	switch {
	case strings.Contains(answer.Type, "json"):
		var value any
		if json.Unmarshal(answer.Body, &value) == nil {
			return jsonStrings(value)
		}
	case strings.Contains(answer.Type, "xml"):
		return xmlStrings(answer.Body)
	}
	return []string{string(answer.Body)}
}

func jsonStrings(value any) (all []string) {
	switch v := value.(type) {
	case string:
		return []string{v}
	case []any:
		for _, one := range v {
			all = append(all, jsonStrings(one)...)
		}
	case map[string]any:
		for key, one := range v {
			all = append(append(all, key), jsonStrings(one)...)
		}
	}
	return all
}

func xmlStrings(body []byte) (all []string) {
	decoder := xml.NewDecoder(bytes.NewReader(body))
	var text strings.Builder
	for {
		token, err := decoder.Token()
		if err != nil {
			return append(all, text.String())
		}
		switch t := token.(type) {
		case xml.CharData:
			text.Write(t)
		case xml.StartElement, xml.EndElement:
			all = append(all, text.String())
			text.Reset()
		}
	}
}

// inline elements do not part words.
var inline = map[string]bool{"a": true, "b": true, "bdi": true, "code": true, "del": true, "em": true, "i": true, "mark": true, "span": true, "strong": true}

// visible is the text of HTML or of plain text, and after it what its attributes hold.
func visible(s string) string {
	var text, attributes strings.Builder
	tokens := html.NewTokenizer(strings.NewReader(s))
	for {
		switch tokens.Next() {
		case html.ErrorToken:
			if tokens.Err() != io.EOF {
				return s
			}
			return text.String() + " " + attributes.String()
		case html.TextToken:
			text.WriteString(tokens.Token().Data)
		default:
			tag := tokens.Token()
			if !inline[tag.Data] {
				text.WriteByte(' ')
			}
			for _, a := range tag.Attr {
				attributes.WriteString(a.Val + " ")
			}
		}
	}
}
