-- What was handed in for others and is on its way, and with which nodes that is possible. No row
-- names a member, and nothing is finer than a day.

-- Envelopes by the random handle that the client drew. The bytes go when the envelope is gone.
CREATE TABLE posted (
    handle BLOB NOT NULL PRIMARY KEY CHECK (length(handle) = 16),
    peer TEXT NOT NULL, -- origin of the node that it goes to, or our own
    state TEXT NOT NULL CHECK (state IN ('queued', 'delivered', 'failed')),
    day INTEGER NOT NULL,
    is_slow INTEGER NOT NULL CHECK (is_slow IN (0, 1)),
    mark BLOB NOT NULL, -- tells the same call again from another one under the handle
    bytes BLOB
) STRICT, WITHOUT ROWID;

-- Nodes that an envelope was handed over to: they may answer for half a year.
CREATE TABLE introduced (
    node TEXT NOT NULL PRIMARY KEY,
    day INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Nodes with which a peering has ended: boxes work for two weeks more, then nothing does.
CREATE TABLE cut_off (
    node TEXT NOT NULL PRIMARY KEY,
    day INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Other nodes' key pages, as fetched for all members alike.
CREATE TABLE key_pages (
    node TEXT NOT NULL,
    prefix TEXT NOT NULL,
    week INTEGER NOT NULL,
    fetched_day INTEGER NOT NULL,
    bytes BLOB NOT NULL,
    PRIMARY KEY (node, prefix)
) STRICT, WITHOUT ROWID;
