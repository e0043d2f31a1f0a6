-- Who may sign in, and nothing about what they do. No name, no date, no counter: epoch is
-- random and raising it puts new random bytes. Keys are random or hashes, so that the order of
-- rows says nothing either.

CREATE TABLE members (
    id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    auth_hash BLOB NOT NULL UNIQUE CHECK (length(auth_hash) = 32),
    recovery_hash BLOB NOT NULL UNIQUE CHECK (length(recovery_hash) = 32),
    slots BLOB NOT NULL,
    role TEXT NOT NULL CHECK (
        role IN ('member', 'vetted', 'intake', 'moderator', 'safeguarding', 'admin')
    ),
    state TEXT NOT NULL CHECK (state IN ('active', 'suspended')),
    epoch BLOB NOT NULL CHECK (length(epoch) = 8)
) STRICT, WITHOUT ROWID;

-- SHA-256 of code, role and expiry day, all three of which are in the link alone. The row is
-- deleted in the transaction that registers the member.
CREATE TABLE invites (
    hash BLOB NOT NULL PRIMARY KEY CHECK (length(hash) = 32)
) STRICT, WITHOUT ROWID;
