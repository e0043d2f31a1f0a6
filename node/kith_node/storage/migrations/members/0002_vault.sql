-- Members' vaults, encrypted on their devices, in chunks of a few sizes. Nothing but the number of
-- a chunk says anything: no version, no date. They vanish with the member's row.
CREATE TABLE vault_chunks (
    member BLOB NOT NULL REFERENCES members (id) ON DELETE CASCADE,
    chunk INTEGER NOT NULL CHECK (chunk BETWEEN 0 AND 65535),
    bytes BLOB NOT NULL,
    PRIMARY KEY (member, chunk)
) STRICT, WITHOUT ROWID;
