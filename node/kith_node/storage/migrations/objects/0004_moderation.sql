-- What only the moderators can read. No row says who reported or who applies.

-- Reports by members (origin is empty) and passed on by other nodes.
CREATE TABLE reports (
    id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16), -- drawn by the sender's device or node
    category TEXT NOT NULL CHECK (
        category IN ('', 'safety', 'harassment', 'deception', 'illegal', 'spam', 'other')
    ),
    day INTEGER NOT NULL,
    decided_day INTEGER,
    state TEXT NOT NULL CHECK (state IN ('waiting', 'acted', 'no-action', 'passed-on')),
    answer TEXT NOT NULL CHECK (answer IN ('', 'acted', 'no-action')), -- of another node's
    origin TEXT NOT NULL,
    object TEXT NOT NULL, -- id of an own offer that another node names openly, or empty
    bytes BLOB NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX reports_by_state ON reports (state, origin, day);

CREATE INDEX reports_by_decided_day ON reports (decided_day) WHERE decided_day IS NOT NULL;

-- Applications to join. The invite is the hash of one that the applicant's device made.
CREATE TABLE applications (
    id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    invite BLOB NOT NULL CHECK (length(invite) = 32),
    day INTEGER NOT NULL,
    bytes BLOB NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX applications_by_day ON applications (day);
