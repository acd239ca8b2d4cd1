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
    host text not null,
    user text not null,
    boot text not null,
    pid integer not null,
    started text not null,
    planned_at integer not null,
    state text not null default 'planned'
        check (state in ('planned', 'issued', 'refused', 'unknown', 'lost')),
    issued_at integer,
    ends_at integer,
    end_source text,
    remote_id text not null default '',
    fingerprint text not null default '',
    verified integer,
    delivered_to text not null default '[]',
    discarded integer not null default 0,
    note text not null default ''
);
INSERT INTO "entries" VALUES(1,'ops-prod','stackit','token','edge token','token','project/eu01/demo-id','demo','project','10m',1789396200123456,'argo test','host-a','ops','boot-1',4711,'1000',1789395600123456,'issued',1789395600123456,1789396200123456,'read from the credential','remote-1','f1f1f1f1f1f1f1f1f1f1f1f1f1f1f1f1',1,'["clipboard (tmux)"]',0,'');
INSERT INTO "entries" VALUES(2,'ops-prod','stackit','token','edge token','token','project/eu01/demo-id','demo','project','10m',1789396200123456,'it''s','host-a','ops','boot-1',4711,'1000',1789395600123456,'refused',NULL,NULL,NULL,'','',NULL,'[]',0,'missing role');
INSERT INTO "entries" VALUES(3,'ops-prod','stackit','token','edge token','token','project/eu01/demo-id','demo','project','10m',1789396200123456,'argo test','host-a','ops','boot-1',4711,'1000',1789395600123456,'unknown',NULL,NULL,NULL,'','',NULL,'[]',0,'lost answer');
INSERT INTO "entries" VALUES(4,'ops-prod','stackit','token','edge token','token','project/eu01/demo-id','demo','project','10m',1789396200123456,'argo test','host-a','ops','boot-1',4711,'1000',1789395600123456,'lost',1789395600123456,1789396200123456,'read from the credential','remote-1','f1f1f1f1f1f1f1f1f1f1f1f1f1f1f1f1',NULL,'[]',0,'the terminal went away');
INSERT INTO "entries" VALUES(5,'ops-prod','stackit','token','edge token','token','project/eu01/demo-id','demo','project','10m',NULL,'argo test','host-a','ops','boot-1',4711,'1000',1789395600123456,'issued',1789395600123456,NULL,'read from the credential','remote-1','f1f1f1f1f1f1f1f1f1f1f1f1f1f1f1f1',NULL,'[]',1,'');
INSERT INTO "entries" VALUES(6,'ops-prod','stackit','token','edge token','token','project/eu01/demo-id','demo','project','10m',1789396200123456,'argo test','host-a','ops','boot-1',4711,'1000',1789395600123456,'planned',NULL,NULL,NULL,'','',NULL,'[]',0,'');
CREATE TABLE events (
    number integer primary key,
    at integer not null,
    entry integer not null references entries (number),
    type text not null,
    detail text not null,
    noun text not null,
    target_name text not null,
    profile text not null,
    hash text not null
);
INSERT INTO "events" VALUES(1,1789395600123456,1,'planned','10m','edge token','demo','ops-prod','82b0d302152601c5897ec13fe9ad47b83b401d6e3b6908d6dddeed93fa2f8f6c');
INSERT INTO "events" VALUES(2,1789395600123456,1,'issued','ends 2026-09-14 14:30:00 UTC','edge token','demo','ops-prod','7788af0e42a065242d6adda63dc0b46a25ff3883fe70e0363fcafc33f1b7bb04');
INSERT INTO "events" VALUES(3,1789395600123456,1,'verified','accepted','edge token','demo','ops-prod','8451c3b96dbd76d2ee348b3e40b3d1af90f6906f9c39fc5e47406dfbf4cef008');
INSERT INTO "events" VALUES(4,1789395600123456,1,'delivered','clipboard (tmux)','edge token','demo','ops-prod','d1311d697ff7efae9b2756e53a6fbcd4059f59ebc62a56e140e185658bca0d7c');
INSERT INTO "events" VALUES(5,1789395600123456,2,'planned','10m','edge token','demo','ops-prod','cc141ea33c7fd4a6f401904bef995f785bca44531e2b07374864a38be58311dd');
INSERT INTO "events" VALUES(6,1789395600123456,2,'refused','missing role','edge token','demo','ops-prod','f158ec766db61efa3cbc0f29de185af17c5bd7c2a339dd72365f7f282ca7455f');
INSERT INTO "events" VALUES(7,1789395600123456,3,'planned','10m','edge token','demo','ops-prod','6db36c543a2be73384772d5d58d61b80ce4e3951bd934565e7d0ddaba02bc863');
INSERT INTO "events" VALUES(8,1789395600123456,3,'unknown','lost answer','edge token','demo','ops-prod','8f5fd321b3a0905371f259501b9dadca4529bbd561f9e713d13c3dc42f5695ca');
INSERT INTO "events" VALUES(9,1789395600123456,4,'planned','10m','edge token','demo','ops-prod','de898d66804ec84d0beb05f04ae217c15bc92ea31fc67895719aa727cafc3d3c');
INSERT INTO "events" VALUES(10,1789395600123456,4,'issued','ends 2026-09-14 14:30:00 UTC','edge token','demo','ops-prod','72232b830100949fc3ed2e6d2c6987092b61b3bc022e5a9f774ee1534499e569');
INSERT INTO "events" VALUES(11,1789395600123456,4,'lost','the terminal went away','edge token','demo','ops-prod','755d48244dc205ca3cb68f2ca30d3ed89eb427aec6e270391f06a3dcd7d288f6');
INSERT INTO "events" VALUES(12,1789395600123456,5,'planned','10m','edge token','demo','ops-prod','50407af7e322f8d9320af03d1969b0b2f94076f1bb003f6e32b6457f9ce0ab7b');
INSERT INTO "events" VALUES(13,1789395600123456,5,'issued','never ends','edge token','demo','ops-prod','60dd436ed9365dd19da0e6da65b44cfb74762520b0bb67b7bda6e96de0ff562f');
INSERT INTO "events" VALUES(14,1789395600123456,5,'discarded','','edge token','demo','ops-prod','bc687ecedebc73efef9e1196d2a7ad369b6da3ad8145eecad1cd96a6ef6314e8');
INSERT INTO "events" VALUES(15,1789395600123456,6,'planned','10m','edge token','demo','ops-prod','4057348ee2385042e737476be45481b2d6b629c5810100bd04a31193c51af2f7');
CREATE TABLE last_known (profile text primary key, seen_at integer not null, instances text not null);
INSERT INTO "last_known" VALUES('ops-prod',1789395600123456,'[{"profile": "ops-prod", "provider": "stackit", "id": "project/eu01/demo-id", "native_id": "demo-id", "name": "demo", "noun": "edge", "state": "active", "state_text": "ACTIVE", "scope": "", "region": "", "plan": "", "description": "", "ui_url": "", "created_at": 1789395600123456}]');
CREATE TABLE meta (key text primary key, value text not null);
INSERT INTO "meta" VALUES('last_hash','4057348ee2385042e737476be45481b2d6b629c5810100bd04a31193c51af2f7');
CREATE INDEX entries_live on entries (coalesce(case state when 'issued' then ends_at else coalesce(ends_at, latest_end) end, 9223372036854775807)) where state <> 'refused';
CREATE INDEX entries_undelivered on entries (host) where state = 'issued' and delivered_to = '[]' and discarded = 0;
CREATE INDEX entries_planned on entries (host) where state = 'planned';
CREATE INDEX entries_issued on entries (issued_at);
CREATE TRIGGER events_stay before update on events begin select raise(abort, 'events are never changed'); end;
CREATE TRIGGER events_remain before delete on events begin select raise(abort, 'events are never deleted'); end;
DELETE FROM "sqlite_sequence";
INSERT INTO "sqlite_sequence" VALUES('entries',6);
COMMIT;
