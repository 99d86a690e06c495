PRAGMA application_id=1380406065;
BEGIN TRANSACTION;
CREATE TABLE interest(key TEXT NOT NULL REFERENCES subscriber(key) ON DELETE CASCADE,
  region TEXT NOT NULL, PRIMARY KEY(key, region));
INSERT INTO "interest" VALUES('reader-0002@example.org','central-asia');
CREATE TABLE member(key TEXT NOT NULL REFERENCES subscriber(key) ON DELETE CASCADE,
  name TEXT NOT NULL, PRIMARY KEY(key, name));
INSERT INTO "member" VALUES('reader-0001@example.org','press');
CREATE TABLE meta(name TEXT PRIMARY KEY, value BLOB NOT NULL);
INSERT INTO "meta" VALUES('key',X'2D9C36125CDF50C58FFBED3544B77EA8D7B29CBD43926EEF9F7FEF6DCF82A8DA');
CREATE TABLE returned(digest TEXT PRIMARY KEY, kind TEXT NOT NULL, at TEXT NOT NULL);
INSERT INTO "returned" VALUES('aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa','hard bounce','2026-01-02T00:00:00.000Z');
CREATE TABLE subscriber(
  key TEXT PRIMARY KEY, mailbox TEXT NOT NULL, name TEXT NOT NULL, language TEXT NOT NULL,
  status TEXT NOT NULL CHECK(status IN ('active', 'unsubscribed', 'suspended')),
  reason TEXT NOT NULL, consent TEXT NOT NULL, source TEXT NOT NULL,
  soft INTEGER NOT NULL DEFAULT 0, soft_on TEXT NOT NULL DEFAULT '', changed_at TEXT NOT NULL);
INSERT INTO "subscriber" VALUES('reader-0000@example.org','reader-0000@example.org','Reader 0','fr','unsubscribed','unsubscribed 2026-01-02, by mail','a test','',0,'','2026-01-02T00:00:00.000Z');
INSERT INTO "subscriber" VALUES('reader-0001@example.org','reader-0001@example.org','Reader 1','en','active','','a test','',0,'','2026-11-30T21:07:18.954Z');
INSERT INTO "subscriber" VALUES('reader-0002@example.org','reader-0002@example.org','Reader 2','fr','suspended','suspended 2026-11-30, 550 5.1.1 no such user','a test','',0,'','2026-11-30T21:07:19.005Z');
INSERT INTO "subscriber" VALUES('reader-0003@example.org','reader-0003@example.org','Reader 3','en','active','','a test','',1,'2026-01-02','2026-11-30T21:07:18.954Z');
INSERT INTO "subscriber" VALUES('reader-0004@example.org','reader-0004@example.org','Reader 4','fr','active','','a test','',0,'','2026-11-30T21:07:18.954Z');
CREATE TABLE suppression(hash BLOB PRIMARY KEY, reason TEXT NOT NULL, at TEXT NOT NULL);
INSERT INTO "suppression" VALUES(X'7636513AB6AB13DAD13B7F99F92869F92EFB53371D818EA1149EEE7AC799A0C1','unsubscribed 2026-01-02, by mail','2026-01-02T00:00:00.000Z');
INSERT INTO "suppression" VALUES(X'D26E109180DFE733CB914612340DC128EBE260DE51E6C3E132964275BAC10225','erased 2026-01-02','2026-01-02T00:00:00.000Z');
COMMIT;
