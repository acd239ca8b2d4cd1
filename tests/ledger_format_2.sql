BEGIN TRANSACTION;
CREATE TABLE entries (
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
);
INSERT INTO "entries" VALUES(1,'ops-prod','stackit','token','edge token','token','project/eu01/demo-id','demo','project','10m',1789396200123456,'argo test','','host-a','ops','boot-1',4711,'1000',1789395600123456,'issued',1789395600123456,1789396200123456,'read from the credential','remote-1','f1f1f1f1f1f1f1f1f1f1f1f1f1f1f1f1',NULL,'[]',0,'','',NULL);
INSERT INTO "entries" VALUES(2,'ops-prod','stackit','key','service account key','token','project/eu01/demo-id','demo','project','90d',1789396200123456,'argo test','ci','host-a','ops','boot-1',4711,'1000',1789395600123456,'ended',1789395600123456,1789396200123456,'read from the credential','remote-1','f1f1f1f1f1f1f1f1f1f1f1f1f1f1f1f1',NULL,'[]',0,'deleted','ci',1789395600123456);
INSERT INTO "entries" VALUES(3,'ops-prod','stackit','token','edge token','token','project/eu01/demo-id','demo','project','10m',1789396200123456,'argo test','','host-a','ops','boot-1',4711,'1000',1789395600123456,'planned',NULL,NULL,NULL,'','',NULL,'[]',0,'','',NULL);
CREATE TABLE events (
    number integer primary key,
    at integer not null,
    entry integer references entries (number),
    type text not null,
    detail text not null,
    noun text not null,
    target_name text not null,
    profile text not null,
    hash text not null
);
INSERT INTO "events" VALUES(1,1789395600123456,1,'planned','10m','edge token','demo','ops-prod','82b0d302152601c5897ec13fe9ad47b83b401d6e3b6908d6dddeed93fa2f8f6c');
INSERT INTO "events" VALUES(2,1789395600123456,1,'issued','ends 2026-09-14 14:30:00 UTC','edge token','demo','ops-prod','7788af0e42a065242d6adda63dc0b46a25ff3883fe70e0363fcafc33f1b7bb04');
INSERT INTO "events" VALUES(3,1789395600123456,2,'planned','90d','service account key','demo','ops-prod','e52e521ab4280376beae225811161c3ffd34a7a3f40a0216b027fa61fe62f595');
INSERT INTO "events" VALUES(4,1789395600123456,2,'issued','ends 2026-09-14 14:30:00 UTC','service account key','demo','ops-prod','1619a34e81a0347d0873e71baa02feaed5d0146621b75737412fe3bdb58bf5ca');
INSERT INTO "events" VALUES(5,1789395600123456,2,'ended','deleted','service account key','demo','ops-prod','e0048ff60ca0bd72f4cc9270780d43dfaecbab84f2126ff4f4461b733f453e6d');
INSERT INTO "events" VALUES(6,1789395600123456,3,'planned','10m','edge token','demo','ops-prod','81716f2ed2df5b9da49c431c91385906e13b58423248e8edd3581af49cf65f67');
CREATE TABLE known_credentials (number integer primary key, profile text not null, ends_at integer not null, credential text not null);
INSERT INTO "known_credentials" VALUES(1,'ops-prod',1797171600123456,'{"profile":"ops-prod","provider":"stackit","kind":"key","id":"7f3d","name":"ci","state":"active","ends_at":1797171600123456,"target_id":"ci@sa"}');
CREATE TABLE last_known (profile text primary key, seen_at integer not null, instances text not null, accounts text not null default '[]');
INSERT INTO "last_known" VALUES('ops-prod',1789395600123456,'[{"profile":"ops-prod","provider":"stackit","id":"project/eu01/demo-id","native_id":"demo-id","name":"demo","noun":"instance","state":"active","state_text":"ACTIVE"}]','[]');
INSERT INTO "last_known" VALUES('ops-dev',1789395600123456,'[{"profile":"ops-dev","provider":"stackit","id":"project/eu01/demo-id","native_id":"demo-id","name":"demo","noun":"instance","state":"active","state_text":"ACTIVE"}]','[]');
CREATE TABLE meta (key text primary key, value text not null);
INSERT INTO "meta" VALUES('last_hash','81716f2ed2df5b9da49c431c91385906e13b58423248e8edd3581af49cf65f67');
CREATE INDEX entries_live on entries (coalesce(case state when 'ended' then ended_at when 'issued' then ends_at else coalesce(ends_at, latest_end) end, 9223372036854775807)) where state <> 'refused';
CREATE INDEX entries_undelivered on entries (host) where state = 'issued' and delivered_to = '[]' and discarded = 0;
CREATE INDEX entries_planned on entries (host) where state = 'planned';
CREATE INDEX entries_issued on entries (issued_at);
CREATE TRIGGER events_stay before update on events begin select raise(abort, 'events are never changed'); end;
CREATE TRIGGER events_remain before delete on events begin select raise(abort, 'events are never deleted'); end;
CREATE INDEX known_credentials_profile on known_credentials (profile);
CREATE INDEX known_credentials_end on known_credentials (ends_at);
DELETE FROM "sqlite_sequence";
INSERT INTO "sqlite_sequence" VALUES('entries',3);
COMMIT;
