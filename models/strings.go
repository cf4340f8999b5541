package models

import (
	"database/sql/driver"
	"fmt"

	"github.com/jackc/pgx/v5/pgtype"
)

// Strings is a text[] column. It is a type of its own because GORM would spread a plain slice into a list of values.
type Strings []string

// Scan reads PostgreSQL's text form of an array.
func (s *Strings) Scan(src any) error {
	var list []string
	if err := pgtype.NewMap().SQLScanner(&list).Scan(src); err != nil {
		return fmt.Errorf("scan text[]: %w", err)
	}
	*s = list
	return nil
}

// These let pgx read the column itself, in its own form.
func (s *Strings) SetDimensions(d []pgtype.ArrayDimension) error { return s.flat().SetDimensions(d) }
func (s *Strings) ScanIndex(i int) any                           { return s.flat().ScanIndex(i) }
func (s *Strings) ScanIndexType() any                            { return s.flat().ScanIndexType() }
func (s *Strings) flat() *pgtype.FlatArray[string]               { return (*pgtype.FlatArray[string])(s) }

// Value writes PostgreSQL's text form of an array; nil is the empty one.
func (s Strings) Value() (driver.Value, error) {
	if s == nil {
		return "{}", nil
	}
	text, err := pgtype.NewMap().Encode(pgtype.TextArrayOID, pgtype.TextFormatCode, []string(s), nil)
	if err != nil {
		return nil, fmt.Errorf("write text[]: %w", err)
	}
	return string(text), nil
}
