"""The tables and queries of the ledger. Instants are whole microseconds since 1970 UTC."""

from __future__ import annotations

from typing import Final

APPLICATION_ID: Final = 0x746F6B74
"""Marks the file as ours in its header ("tokt")."""

VERSION: Final = 3

OLDEST: Final = 1
"""The oldest format that can be brought up to date."""

ENDLESS: Final = 2**63 - 1
"""Stands for "never" where ends are compared; no datetime reaches it."""

# Put into queries as text (S608 is about values, these are constants).
# The same rule as `Entry.may_live_until`; an index is found only by the very same expression.
_MAY_LIVE_UNTIL = (
    "coalesce(case state when 'ended' then ended_at when 'issued' then ends_at"
    " else coalesce(ends_at, latest_end) end,"
    f" {ENDLESS})"
)
_PLANNED = "state = 'planned'"
_UNDELIVERED = "state = 'issued' and delivered_to = '[]' and discarded = 0"

_ENTRIES = """
create table entries (
    number integer primary key autoincrement,
    profile text not null,
    provider text not null,
    kind text not null,
    noun text not null,
    form text not null,
    target_id text not null,
    target_name text not null,
    scope text not null,
    asked text not null,
    latest_end integer,
    purpose text not null,
    planned_name text not null default '',
    host text not null,
    user text not null,
    boot text not null,
    pid integer not null,
    started text not null,
    planned_at integer not null,
    state text not null default 'planned'
        check (state in ('planned', 'issued', 'refused', 'unknown', 'lost', 'ended')),
    issued_at integer,
    ends_at integer,
    end_source text,
    remote_id text not null default '',
    fingerprint text not null default '',
    verified integer,
    delivered_to text not null default '[]',
    discarded integer not null default 0,
    note text not null default '',
    name text not null default '',
    ended_at integer
)
"""

_EVENTS = """
create table events (
    number integer primary key,
    at integer not null,
    entry integer references entries (number),
    type text not null,
    detail text not null,
    noun text not null,
    target_name text not null,
    profile text not null,
    hash text not null
)
"""

_ENTRIES_AND_EVENTS = (
    _ENTRIES,
    f"create index entries_live on entries ({_MAY_LIVE_UNTIL}) where state <> 'refused'",
    f"create index entries_undelivered on entries (host) where {_UNDELIVERED}",
    f"create index entries_planned on entries (host) where {_PLANNED}",
    "create index entries_issued on entries (issued_at)",
    _EVENTS,
    "create trigger events_stay before update on events"
    " begin select raise(abort, 'events are never changed'); end",
    "create trigger events_remain before delete on events"
    " begin select raise(abort, 'events are never deleted'); end",
)

# There may be thousands of them, of which the first frame needs those that end soonest.
_KNOWN_CREDENTIALS = (
    "create table known_credentials (number integer primary key, profile text not null,"
    " ends_at integer not null, credential text not null)",
    "create index known_credentials_profile on known_credentials (profile)",
    "create index known_credentials_end on known_credentials (ends_at)",
)

_TABLES_OF_2 = (
    *_ENTRIES_AND_EVENTS,
    "create table last_known (profile text primary key, seen_at integer not null,"
    " instances text not null, accounts text not null default '[]')",
    *_KNOWN_CREDENTIALS,
    "create table meta (key text primary key, value text not null)",
    "insert into meta values ('last_hash', '')",
)

_ADDED_IN_3 = (
    "alter table entries add column roles text not null default '[]'",
    "alter table last_known add column credentials_at integer",
)

TABLES: Final = (*_TABLES_OF_2, *_ADDED_IN_3)

_COLUMNS_OF_1 = (
    "number, profile, provider, kind, noun, form, target_id, target_name, scope, asked,"
    " latest_end, purpose, host, user, boot, pid, started, planned_at, state, issued_at, ends_at,"
    " end_source, remote_id, fingerprint, verified, delivered_to, discarded, note"
)

UPGRADES: Final = {
    # SQLite cannot change what a column allows, so both tables are made anew and filled.
    1: (
        *(f"drop index entries_{name}" for name in ("live", "undelivered", "planned", "issued")),
        *(f"drop trigger events_{name}" for name in ("stay", "remain")),
        "alter table events rename to events_1",
        "alter table entries rename to entries_1",
        *_ENTRIES_AND_EVENTS,
        f"insert into entries ({_COLUMNS_OF_1}) select {_COLUMNS_OF_1} from entries_1",  # noqa: S608
        "insert into events select * from events_1",
        "drop table events_1",
        "drop table entries_1",
        "alter table last_known add column accounts text not null default '[]'",
        *_KNOWN_CREDENTIALS,
    ),
    # Where no credential is known, nobody can tell whether they were ever asked for.
    2: (
        *_ADDED_IN_3,
        "update last_known set credentials_at = seen_at"
        " where profile in (select profile from known_credentials)",
    ),
}
"""By format: what makes the next one of it, as one transaction. Events keep their hashes."""

PLAN: Final = """
insert into entries (
    profile, provider, kind, noun, form, target_id, target_name, scope, asked, latest_end,
    purpose, planned_name, roles, remote_id, host, user, boot, pid, started, planned_at
) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
"""
SET_ISSUED: Final = (
    "update entries set state = 'issued', issued_at = ?, ends_at = ?, end_source = ?,"
    " remote_id = ?, fingerprint = ?, name = ?, note = '' where number = ?"
)
SET_STATE: Final = "update entries set state = ?, note = ? where number = ?"
SET_ENDED: Final = (
    "update entries set state = 'ended', ended_at = coalesce(ended_at, ?), note = ?"
    " where number = ?"
)
SET_FOUND: Final = (
    "update entries set state = 'lost', remote_id = ?, name = ?, note = ? where number = ?"
)
SET_NAME: Final = "update entries set name = ? where number = ?"
# The latest possible end moves too: it is what counts once the secret is lost.
SET_END: Final = "update entries set ends_at = ?, latest_end = ?, end_source = ? where number = ?"
SET_VERIFIED: Final = "update entries set verified = ? where number = ?"
SET_DELIVERED: Final = "update entries set state = ?, note = ?, delivered_to = ? where number = ?"
SET_DISCARDED: Final = "update entries set discarded = 1 where number = ?"
APPEND_EVENT: Final = "insert into events values (?, ?, ?, ?, ?, ?, ?, ?, ?)"
SET_LAST_HASH: Final = "update meta set value = ? where key = 'last_hash'"
REMEMBER: Final = (
    "insert into last_known (profile, seen_at, instances, accounts, credentials_at)"
    " values (?, ?, ?, ?, ?) on conflict (profile)"
    " do update set seen_at = excluded.seen_at, instances = excluded.instances,"
    " accounts = excluded.accounts, credentials_at = excluded.credentials_at"
    " where excluded.seen_at >= seen_at"
)
REMEMBER_CREDENTIAL: Final = (
    "insert into known_credentials (profile, ends_at, credential) values (?, ?, ?)"
)
FORGET_CREDENTIALS: Final = "delete from known_credentials where profile = ?"

ENTRY: Final = "select * from entries where number = ?"
ENTRIES: Final = "select * from entries where number > 0 order by number desc limit ?"
LIVE: Final = (
    f"select * from entries where state <> 'refused' and {_MAY_LIVE_UNTIL} > ?"  # noqa: S608
    f" order by {_MAY_LIVE_UNTIL}, number"
)
IN_SIGHT: Final = f"""
select * from entries where number in (
    select number from entries where state <> 'refused' and {_MAY_LIVE_UNTIL} > ?
    union select number from (
        select number from entries where number > 0 order by number desc limit ?
    )
) order by number desc
"""  # noqa: S608
PLANNED_HERE: Final = f"select * from entries where {_PLANNED} and host = ?"  # noqa: S608
UNDELIVERED_HERE: Final = f"select * from entries where {_UNDELIVERED} and host = ?"  # noqa: S608
EVENTS: Final = "select * from events where number > 0 order by number desc limit ?"
ALL_EVENTS: Final = "select * from events order by number"
LAST_EVENT: Final = "select max(number) from events"
LAST_HASH: Final = "select value from meta where key = 'last_hash'"
LAST_KNOWN: Final = "select * from last_known order by profile"
KNOWN_CREDENTIALS: Final = (
    "select profile, credential from known_credentials order by profile, number"
)
# A row of a profile has no credential, a row of a credential no more than its profile.
SOONEST_KNOWN: Final = """
select *, null as credential,
    (select count(*) from known_credentials where ends_at > ?) as in_sight
from (select * from last_known order by profile)
union all
select profile, null, null, null, null, credential, null from (
    select profile, credential from known_credentials where ends_at > ?
    order by ends_at, number limit ?
)
"""
# With max() SQLite takes the other columns from the newest row of each group
# (https://www.sqlite.org/lang_select.html, "Bare columns in an aggregate query").
_QUICK_TARGETS = """
select profile, provider, kind, noun, target_id, target_name, asked,
    count(*) as uses, max(issued_at) as newest
from entries where issued_at >= (select max(issued_at) from entries) - ?
group by profile, kind, target_id, asked
order by uses desc, newest desc limit ?
"""
# One row for each quick target; a single one without a profile where there is none.
GLANCE: Final = f"""
select * from (
    select (select count(*) from entries) as recorded,
        (select count(*) from entries where {_UNDELIVERED}) as undelivered
) left join ({_QUICK_TARGETS}) order by uses desc, newest desc
"""  # noqa: S608

READS: Final = (
    ENTRY,
    ENTRIES,
    LIVE,
    IN_SIGHT,
    PLANNED_HERE,
    UNDELIVERED_HERE,
    EVENTS,
    LAST_EVENT,
    LAST_HASH,
    LAST_KNOWN,
    KNOWN_CREDENTIALS,
    SOONEST_KNOWN,
    GLANCE,
)
"""Every query that a screen, a command or a write waits for."""
