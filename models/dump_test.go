package models

import "testing"

// An address is handed to PostgreSQL's own programs without the password, which would show among the processes.
func TestAnAddressIsHandedOnWithoutItsPassword(t *testing.T) {
	for address, want := range map[string]string{
		"postgres://ann:pass%20word@db.example:5433/news?sslmode=disable&pool_max_conns=9": "host='db.example' port=5433 user='ann' dbname='news' sslmode='disable'",
		`host='/tmp/it\'s' user=ann password='pass word' dbname=news sslmode=disable`:      `host='/tmp/it\'s' port=5432 user='ann' dbname='news' sslmode='disable'`,
		"host=a user=ann password='pass word' dbname=x dbname=news":                        "host='a' port=5432 user='ann' dbname='news'",
	} {
		got, password, err := conninfo(address)
		if err != nil || got != want || password != "pass word" {
			t.Errorf("%s: got %s and the password %q (%v), want %s", address, got, password, err, want)
		}
	}
}
