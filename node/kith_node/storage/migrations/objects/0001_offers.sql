-- The community's own offers. Each belongs to whoever holds its key; no row points at a member.
-- Keys are hashes, so that the order of rows says nothing, and no column is finer than a day.

-- state 'draft': bytes are the owner's newest content, which has not been signed yet.
-- state 'signed': bytes are the signed public object (JCS).
-- state 'withdrawn': about to vanish, the withdrawal may have left already.
CREATE TABLE offers (
    id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    key BLOB NOT NULL CHECK (length(key) = 32),
    bytes BLOB NOT NULL,
    end_day INTEGER NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('draft', 'signed', 'withdrawn'))
) STRICT, WITHOUT ROWID;

CREATE INDEX offers_by_end_day ON offers (end_day);

-- What the next releases bring: at most one change per offer, no order, no time.
CREATE TABLE unreleased (
    offer BLOB NOT NULL PRIMARY KEY REFERENCES offers (id) ON DELETE CASCADE,
    kind TEXT NOT NULL CHECK (kind IN ('create', 'update', 'room', 'withdraw'))
) STRICT, WITHOUT ROWID;

-- One key bundle per offer and calendar week (the day number of its Monday).
CREATE TABLE bundles (
    offer BLOB NOT NULL REFERENCES offers (id) ON DELETE CASCADE,
    week INTEGER NOT NULL,
    bytes BLOB NOT NULL CHECK (length(bytes) = 1333),
    PRIMARY KEY (offer, week)
) STRICT, WITHOUT ROWID;

CREATE INDEX bundles_by_week ON bundles (week, offer);

-- Who owns an offer or a profile, readable by the keyholders alone. Nothing here opens a seal.
CREATE TABLE seals (
    object BLOB NOT NULL CHECK (length(object) = 16),
    kind INTEGER NOT NULL,
    seal BLOB NOT NULL CHECK (length(seal) = 1200),
    PRIMARY KEY (object, kind)
) STRICT, WITHOUT ROWID;
