-- +goose Up

alter table ledger validate constraint known_action;
alter table ledger validate constraint ledger_kind_check;
alter table ledger validate constraint import_imports;
