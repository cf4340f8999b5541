-- +goose Up

-- How much had not had its turn of what a batch takes back, and stays as it was.
alter table batches add column called_off integer not null default 0 check (called_off >= 0);
