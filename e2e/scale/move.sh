#!/bin/sh
# Moves one site from one PostgreSQL cluster to another while it is read and written, by a row-filtered publication of
# PostgreSQL's own: every table of site data has site_id in its key, so a row filter on it can follow every change.
#
#   move.sh copy SITE_ID FROM TO   begins, and returns when TO follows. Readers and writers notice nothing.
#   move.sh cut  SITE_ID FROM TO   to be called while the site's writes are held (503 with Retry-After) and the last one has
#                                  ended: waits until TO has all, brings waiting jobs over, ends the following.
#
# FROM and TO are connection strings of superusers; both have the schema of the same release, and FROM wal_level = logical.
# Afterwards the proxy leads the site to TO, and then plenum site delete ends it at FROM: never before cut has ended, or the
# deletion would be followed too.
# Moderators come along with their passwords, and sign in anew; one who is known there under another id stops the move. Limits (unlogged, a day old at most) begin anew.
set -eu
step=$1 site=$2 from=$3 to=$4
name=plenum_move_$(printf %s "$site" | tr -d -)

ask() { psql -X -q -A -t -v ON_ERROR_STOP=1 "$1" -c "$2"; }

# Whatever holds data of sites, and follows by the log.
site_tables="select c.relname from pg_class c join pg_attribute a on a.attrelid = c.oid
	where c.relkind = 'r' and c.relpersistence = 'p' and c.relnamespace = 'public'::regnamespace and a.attname = 'site_id' order by 1"

wait_for() { # database, query that answers t
	i=0
	while [ "$(ask "$1" "$2")" != t ]; do
		i=$((i + 1))
		[ $i -lt 1200 ] || { echo "gave up waiting for: $2" >&2; exit 1; }
		sleep 0.05
	done
}

copy() {
	[ "$(ask "$from" "$site_tables")" = "$(ask "$to" "$site_tables")" ] || { echo "the two schemas differ: migrate both to the same release" >&2; exit 1; }
	members="select moderator_id from memberships where site_id = '$site'"
	ask "$from" "copy (select * from moderators where id in ($members)) to stdout" |
		psql -X -q -v ON_ERROR_STOP=1 "$to" -c "create temp table arriving (like moderators)" -c "copy arriving from stdin" \
			-c "insert into moderators select * from arriving on conflict (id) do nothing"
	tables="sites where (id = '$site')"
	for table in $(ask "$from" "$site_tables"); do tables="$tables, $table where (site_id = '$site')"; done
	ask "$from" "create publication $name for table $tables"
	ask "$to" "create subscription $name connection '$from' publication $name"
	wait_for "$to" "select count(*) > 0 and bool_and(srsubstate = 'r') from pg_subscription_rel r join pg_subscription s on s.oid = r.srsubid where s.subname = '$name'"
}

cut() {
	written=$(ask "$from" "select pg_current_wal_lsn()")
	wait_for "$from" "select confirmed_flush_lsn >= '$written' from pg_replication_slots where slot_name = '$name'"
	mine="args->>'site_id' = '$site' and finalized_at is null"
	wait_for "$from" "select not exists (select from river_job where $mine and state = 'running')"
	ask "$from" "update river_job set queue = 'moving' where $mine"
	columns="args, kind, max_attempts, metadata, priority, queue, state, scheduled_at, created_at, attempt, errors, tags, unique_key, unique_states"
	ask "$from" "copy (select $columns from river_job where queue = 'moving' and $mine) to stdout" |
		psql -X -q -v ON_ERROR_STOP=1 "$to" -c "create temp table arriving (like river_job including defaults)" -c "copy arriving ($columns) from stdin" \
			-c "insert into river_job ($columns) select $(echo "$columns" | sed "s/ queue,/ 'default',/") from arriving"
	ask "$from" "delete from river_job where queue = 'moving' and $mine"
	ask "$to" "drop subscription $name"
	ask "$from" "drop publication $name"
}

$step
