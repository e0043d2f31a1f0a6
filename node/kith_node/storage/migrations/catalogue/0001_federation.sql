-- What this node agreed with other nodes, what it has released to them, and what must not come
-- back. Nothing here is finer than a day, and no row names a member.

-- One row per other node that follows us, is followed, or was cut off.
CREATE TABLE peers (
    actor TEXT NOT NULL PRIMARY KEY,
    document BLOB NOT NULL, -- its actor as last trusted
    peering TEXT NOT NULL, -- JSON: both Follows, standing, ids that have ended
    is_open INTEGER NOT NULL CHECK (is_open IN (0, 1)), -- 1: announcements go both ways
    is_paused INTEGER NOT NULL CHECK (is_paused IN (0, 1)), -- 1: shows a key nobody vouches for
    log_cursor TEXT NOT NULL, -- how far we have read its outbox
    sent INTEGER NOT NULL, -- sequence of our outbox up to which it has got everything
    looked_day INTEGER NOT NULL -- day on which a steward last decided about it
) STRICT;

-- The newest activity of each released object, in the order of release.
CREATE TABLE outbox (
    sequence INTEGER PRIMARY KEY AUTOINCREMENT,
    object TEXT NOT NULL UNIQUE,
    revision INTEGER NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('create', 'update', 'delete')),
    end_day INTEGER NOT NULL,
    activity BLOB NOT NULL
) STRICT;

CREATE INDEX outbox_by_end ON outbox (end_day);

-- Activities for one peer alone: Follow, Accept, Reject, Undo.
CREATE TABLE letters (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    peer TEXT NOT NULL,
    activity_id TEXT NOT NULL,
    activity BLOB NOT NULL,
    day INTEGER NOT NULL,
    is_receipt INTEGER NOT NULL CHECK (is_receipt IN (0, 1)), -- 1: may travel in a batch
    UNIQUE (peer, activity_id)
) STRICT;

-- Withdrawn objects, own and remote, until none of their announcements could still be valid.
CREATE TABLE tombstones (
    object TEXT NOT NULL PRIMARY KEY,
    author TEXT NOT NULL,
    end_day INTEGER NOT NULL
) STRICT;

CREATE INDEX tombstones_by_author ON tombstones (author);

CREATE INDEX tombstones_by_end ON tombstones (end_day);

-- Revisions that would have lived longer than the one that replaced them.
CREATE TABLE outlived (
    object TEXT NOT NULL PRIMARY KEY,
    revision INTEGER NOT NULL,
    end_day INTEGER NOT NULL
) STRICT;

CREATE INDEX outlived_by_end ON outlived (end_day);

-- What each peer said of a withdrawal of ours.
CREATE TABLE receipts (
    object TEXT NOT NULL,
    peer TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('pending', 'confirmed', 'unreachable')),
    end_day INTEGER NOT NULL,
    delete_id TEXT NOT NULL, -- the activity that the peer answers
    PRIMARY KEY (object, peer)
) STRICT;

CREATE INDEX receipts_by_peer ON receipts (peer, state);

CREATE INDEX receipts_by_delete ON receipts (delete_id, peer);

CREATE INDEX receipts_by_end ON receipts (end_day);

-- What stewards decided: the role, never the person.
CREATE TABLE audit (
    day INTEGER NOT NULL,
    role TEXT NOT NULL,
    action TEXT NOT NULL,
    object TEXT NOT NULL
) STRICT;
