-- +goose Up

alter table sessions validate constraint sessions_factor_check;
