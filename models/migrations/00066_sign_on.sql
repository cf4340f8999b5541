-- +goose Up

-- Who came in by the identity provider: provider, or provider_two where it says that it asked for two factors.
alter table sessions
  drop constraint sessions_factor_check,
  add constraint sessions_factor_check check (factor in ('password', 'totp', 'recovery', 'passkey', 'provider', 'provider_two')) not valid;
