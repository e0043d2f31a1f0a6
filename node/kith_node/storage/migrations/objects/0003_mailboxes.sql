-- Mailboxes: each belongs to whoever holds its key, and no row says when it was made or read.
CREATE TABLE mailboxes (
    address BLOB NOT NULL PRIMARY KEY CHECK (length(address) = 16),
    key BLOB NOT NULL CHECK (length(key) = 32),
    kind TEXT NOT NULL CHECK (kind IN ('knock', 'reply')),
    renew_by INTEGER NOT NULL -- months since January 1970; it goes when this one is over
) STRICT, WITHOUT ROWID;

CREATE INDEX mailboxes_by_renew_by ON mailboxes (renew_by);

-- What lies in them, sealed. A box need not exist while its envelope is written: what has no box
-- is deleted in the same transaction, so that both cases take as long.
CREATE TABLE envelopes (
    box BLOB NOT NULL CHECK (length(box) = 16),
    id BLOB NOT NULL CHECK (length(id) = 16), -- of a hash of the bytes: the same one once
    day INTEGER NOT NULL, -- on which it came
    peer TEXT NOT NULL, -- origin of the node that delivered it
    bytes BLOB NOT NULL,
    PRIMARY KEY (box, id)
) STRICT, WITHOUT ROWID;

CREATE INDEX envelopes_by_box_and_day ON envelopes (box, day, id);

CREATE INDEX envelopes_by_day ON envelopes (day);

-- Which bundles name a box: the last 16 bytes before the signature.
CREATE INDEX bundles_by_box ON bundles (substr(bytes, 1254, 16));
