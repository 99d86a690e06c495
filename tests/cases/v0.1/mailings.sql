PRAGMA application_id=1380404273;
BEGIN TRANSACTION;
CREATE TABLE artifact(sha256 TEXT PRIMARY KEY, kind TEXT NOT NULL, data BLOB NOT NULL);
INSERT INTO "artifact" VALUES('1ce380532673293a0ac71ea49295f09c5aef8428afdf5558f7bb99493fbdc43e','letter',X'7B226174746163686564223A202233333866343435616138393833613365373832653135386165646337393239623137663863303536633833316132343139633833303263363433626636346536222C2022636F766572223A20226956424F5279426A62335A6C63673D3D222C202268746D6C223A20223C68746D6C3E3C626F64793E3C703E2E41206C657474657220E280942077697468206120646173682E3C2F703E3C6120687265663D5C2268747470733A2F2F756E7375627363726962652E7265706F727467656E2E696E76616C69642F5C223E783C2F613E3C2F626F64793E3C2F68746D6C3E222C20226C616E6775616765223A2022656E222C2022706466223A202233333866343435616138393833613365373832653135386165646337393239623137663863303536633833316132343139633833303263363433626636346536222C20227064665F6E616D65223A202262756C6C6574696E2E706466222C20227375626A656374223A2022412062756C6C6574696E2C20417072696C2032303139222C202274657874223A202241206C65747465722E5C6E2E5C6E2E2E74776F20646F74735C6E68747470733A2F2F756E7375627363726962652E7265706F727467656E2E696E76616C69642F5C6E227D');
INSERT INTO "artifact" VALUES('338f445aa8983a3e782e158aedc7929b17f8c056c831a2419c8302c643bf64e6','pdf',X'255044462D312E370AF5B165224A58B791DF6AF1D8303E61CDC4BB86C3D1C427103C344C4189EB2F1E7BD5D47E446FCEC2A3D811736110E5781BCCCEA696762E6116C6E9C9');
CREATE TABLE attempt(
  delivery_id TEXT NOT NULL REFERENCES delivery(id), n INTEGER NOT NULL,
  run_id INTEGER NOT NULL REFERENCES run(id),
  outcome TEXT NOT NULL CHECK(outcome IN ('pending', 'accepted', 'rejected', 'deferred',
    'in_doubt', 'not_accepted')),
  code INTEGER, reply TEXT NOT NULL DEFAULT '', at TEXT NOT NULL, closed_at TEXT,
  evidence TEXT NOT NULL DEFAULT '', PRIMARY KEY(delivery_id, n));
INSERT INTO "attempt" VALUES('4c52450997312eb5dad6f19f4ee90948',1,1,'accepted',250,'ok','2026-11-30T21:07:18.999Z','2026-11-30T21:07:19.001Z','');
INSERT INTO "attempt" VALUES('9d0879c808f273374fc09620a4ab4f69',1,1,'accepted',250,'ok','2026-11-30T21:07:19.000Z','2026-11-30T21:07:19.001Z','');
INSERT INTO "attempt" VALUES('298e3001c402419a9c76d077ceafc108',1,1,'rejected',550,'5.1.1 no such user','2026-11-30T21:07:19.003Z','2026-11-30T21:07:19.003Z','');
INSERT INTO "attempt" VALUES('7353781eb56d81feb495ebf002a9e29d',1,1,'accepted',250,'ok','2026-11-30T21:07:19.007Z','2026-11-30T21:07:19.008Z','');
INSERT INTO "attempt" VALUES('8ec1de4e23ea3cfdf01ce20828dedcec',1,1,'deferred',450,'4.2.1 later','2026-11-30T21:07:19.007Z','2026-11-30T21:07:19.007Z','');
INSERT INTO "attempt" VALUES('107b08b76df299ed1d2944d619d90b5f',1,1,'deferred',450,'4.2.1 later','2026-11-30T21:07:19.010Z','2026-11-30T21:07:19.010Z','');
CREATE TABLE campaign(
  id TEXT PRIMARY KEY, issue TEXT NOT NULL, name TEXT NOT NULL UNIQUE, planned_at TEXT NOT NULL,
  policy TEXT NOT NULL CHECK(policy IN ('hold', 'resend')), manifest TEXT NOT NULL,
  cancelled_at TEXT NOT NULL DEFAULT '');
INSERT INTO "campaign" VALUES('41824002c8eb4b6d9b44fc1c2e8f81cf','2019-04','2019-04','2026-01-01T00:00:00.000Z','hold','{"sender": "The Foundation <bulletin@example.org>", "envelope_sender": "bulletin@example.org", "date": "2026-01-01T00:00:00.000Z", "domain": "example.org", "relay": "127.0.0.1:44757", "list_id": "A bulletin <a-bulletin.example.org>", "reply_to": "", "unsubscribe_mailto": "leave@example.org", "unsubscribe_url": "", "dkim_domain": "", "dkim_selector": "", "made_of": []}','');
CREATE TABLE delivery(
  id TEXT PRIMARY KEY, campaign_id TEXT NOT NULL REFERENCES campaign(id), position INTEGER NOT NULL,
  addr_key TEXT NOT NULL, rcpt TEXT NOT NULL, display TEXT NOT NULL, token TEXT NOT NULL,
  letter TEXT NOT NULL REFERENCES artifact(sha256), pdf_sha256 TEXT NOT NULL,
  tail TEXT REFERENCES artifact(sha256),
  message_id TEXT NOT NULL UNIQUE, payload_sha256 TEXT NOT NULL, size INTEGER NOT NULL,
  state TEXT NOT NULL DEFAULT 'planned' CHECK(state IN ('planned', 'deferred', 'on_dot', 'accepted', 'rejected', 'in_doubt', 'suppressed', 'cancelled')),
  attempts INTEGER NOT NULL DEFAULT 0, next_at REAL NOT NULL DEFAULT 0,
  code INTEGER, reply TEXT NOT NULL DEFAULT '', updated_at TEXT NOT NULL,
  UNIQUE(campaign_id, addr_key), UNIQUE(campaign_id, position));
INSERT INTO "delivery" VALUES('4c52450997312eb5dad6f19f4ee90948','41824002c8eb4b6d9b44fc1c2e8f81cf',0,'reader-0000@example.org','reader-0000@example.org','Reader 0','s3r4hm442ca32vkugcahfzyphi','1ce380532673293a0ac71ea49295f09c5aef8428afdf5558f7bb99493fbdc43e','338f445aa8983a3e782e158aedc7929b17f8c056c831a2419c8302c643bf64e6',NULL,'<4c52450997312eb5dad6f19f4ee90948@example.org>','5b219a4483fbb6c89060df05d79f2c0888c5c869f971ca0cf69ca75e5a283527',1854,'accepted',1,0.0,250,'ok','2026-11-30T21:07:19.001Z');
INSERT INTO "delivery" VALUES('9d0879c808f273374fc09620a4ab4f69','41824002c8eb4b6d9b44fc1c2e8f81cf',1,'reader-0001@example.org','reader-0001@example.org','Reader 1','22hqvwenosdyngqx4mstroq5dc','1ce380532673293a0ac71ea49295f09c5aef8428afdf5558f7bb99493fbdc43e','338f445aa8983a3e782e158aedc7929b17f8c056c831a2419c8302c643bf64e6',NULL,'<9d0879c808f273374fc09620a4ab4f69@example.org>','931a57aa6361442211df196ed027d8652296bce4931e614f535c7d5877a58bb2',1854,'accepted',1,0.0,250,'ok','2026-11-30T21:07:19.001Z');
INSERT INTO "delivery" VALUES('298e3001c402419a9c76d077ceafc108','41824002c8eb4b6d9b44fc1c2e8f81cf',2,'reader-0002@example.org','reader-0002@example.org','Reader 2','tz6vmwfr2vqray6fvoy6j3sheq','1ce380532673293a0ac71ea49295f09c5aef8428afdf5558f7bb99493fbdc43e','338f445aa8983a3e782e158aedc7929b17f8c056c831a2419c8302c643bf64e6',NULL,'<298e3001c402419a9c76d077ceafc108@example.org>','a8fe6ca604066a3edb088ae8f2d269bf287ecd3e679c01248d0e055535f70433',1854,'rejected',1,0.0,550,'5.1.1 no such user','2026-11-30T21:07:19.003Z');
INSERT INTO "delivery" VALUES('7353781eb56d81feb495ebf002a9e29d','41824002c8eb4b6d9b44fc1c2e8f81cf',3,'reader-0003@example.org','reader-0003@example.org','Reader 3','2bhtxesahqecyzt74rpe3o4wsk','1ce380532673293a0ac71ea49295f09c5aef8428afdf5558f7bb99493fbdc43e','338f445aa8983a3e782e158aedc7929b17f8c056c831a2419c8302c643bf64e6',NULL,'<7353781eb56d81feb495ebf002a9e29d@example.org>','852fdb1a16d83e42723d448f505527056de39f9a22503078efe8a3bbab1f4c52',1854,'accepted',1,0.0,250,'ok','2026-11-30T21:07:19.008Z');
INSERT INTO "delivery" VALUES('8ec1de4e23ea3cfdf01ce20828dedcec','41824002c8eb4b6d9b44fc1c2e8f81cf',4,'reader-0004@example.org','reader-0004@example.org','Reader 4','tb23teqqwwhwmtzccauehqqv2m','1ce380532673293a0ac71ea49295f09c5aef8428afdf5558f7bb99493fbdc43e','338f445aa8983a3e782e158aedc7929b17f8c056c831a2419c8302c643bf64e6',NULL,'<8ec1de4e23ea3cfdf01ce20828dedcec@example.org>','87af480ff862c06eb5dbb4b8d613fd4edf04f480b2132f10336f277856eb9c9b',1854,'deferred',1,1.7960728392074320316e+09,450,'4.2.1 later','2026-11-30T21:07:19.007Z');
INSERT INTO "delivery" VALUES('107b08b76df299ed1d2944d619d90b5f','41824002c8eb4b6d9b44fc1c2e8f81cf',5,'reader-0005@example.org','reader-0005@example.org','Reader 5','s5wxd6forny3ubm3t2pl4d4ues','1ce380532673293a0ac71ea49295f09c5aef8428afdf5558f7bb99493fbdc43e','338f445aa8983a3e782e158aedc7929b17f8c056c831a2419c8302c643bf64e6',NULL,'<107b08b76df299ed1d2944d619d90b5f@example.org>','ef979db161073ce2bb77b57643d368718f6982bb1c8a8a49a5dde32399f6a615',1854,'deferred',1,1.7960728392102370262e+09,450,'4.2.1 later','2026-11-30T21:07:19.010Z');
CREATE TABLE run(
  id INTEGER PRIMARY KEY, campaign_id TEXT NOT NULL REFERENCES campaign(id),
  relay TEXT NOT NULL, started_at TEXT NOT NULL, ended_at TEXT, seconds REAL, bytes INTEGER,
  ended TEXT);
INSERT INTO "run" VALUES(1,'41824002c8eb4b6d9b44fc1c2e8f81cf','127.0.0.1:44757','2026-11-30T21:07:18.987Z','2026-11-30T21:07:19.011Z',0.023997,5562,'done');
CREATE INDEX by_state ON delivery(campaign_id, state);
CREATE UNIQUE INDEX once ON attempt(delivery_id) WHERE outcome = 'accepted';
CREATE UNIQUE INDEX one_pending ON attempt(delivery_id) WHERE outcome = 'pending';
CREATE TRIGGER only_dot_what_waits BEFORE UPDATE OF state ON delivery
  WHEN NEW.state = 'on_dot' AND OLD.state NOT IN ('planned', 'deferred')
  BEGIN SELECT RAISE(ABORT, 'only what is planned or deferred may be sent'); END;
CREATE TRIGGER accepted_was_on_dot BEFORE UPDATE OF state ON delivery
  WHEN NEW.state = 'accepted' AND OLD.state NOT IN ('on_dot', 'in_doubt')
  BEGIN SELECT RAISE(ABORT, 'accepted without having been sent'); END;
CREATE TRIGGER final BEFORE UPDATE OF state ON delivery
  WHEN OLD.state IN ('accepted', 'rejected', 'cancelled') AND NEW.state <> OLD.state
    AND NOT (OLD.state = 'cancelled' AND NEW.state = 'in_doubt')
  BEGIN SELECT RAISE(ABORT, 'accepted, rejected and cancelled are final'); END;
CREATE TRIGGER doubt_is_kept BEFORE UPDATE OF state ON delivery
  WHEN OLD.state = 'on_dot' AND NEW.state NOT IN ('accepted', 'rejected', 'deferred', 'in_doubt')
  BEGIN SELECT RAISE(ABORT, 'what was on its dot needs an answer, or is in doubt'); END;
CREATE TRIGGER frozen BEFORE UPDATE ON delivery
  WHEN NEW.id <> OLD.id OR NEW.campaign_id <> OLD.campaign_id OR NEW.position <> OLD.position
    OR NEW.message_id <> OLD.message_id OR NEW.payload_sha256 <> OLD.payload_sha256
    OR NEW.letter <> OLD.letter OR NEW.pdf_sha256 <> OLD.pdf_sha256
    OR (NEW.tail IS NOT OLD.tail AND NEW.rcpt <> '')
    OR (NEW.addr_key <> OLD.addr_key AND NEW.addr_key <> OLD.id)
    OR (NEW.rcpt <> OLD.rcpt AND NEW.rcpt <> '')
  BEGIN SELECT RAISE(ABORT, 'what was planned is frozen'); END;
CREATE TRIGGER kept_campaign BEFORE UPDATE ON campaign
  WHEN NEW.id <> OLD.id OR NEW.manifest <> OLD.manifest
  BEGIN SELECT RAISE(ABORT, 'what was planned is frozen'); END;
CREATE TRIGGER kept_artifact BEFORE UPDATE ON artifact
  BEGIN SELECT RAISE(ABORT, 'what was planned is frozen'); END;
COMMIT;
