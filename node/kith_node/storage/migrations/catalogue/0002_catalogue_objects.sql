-- Released offers of this node and of its peers alike. Each write takes the next serial, which is
-- how indexes in memory, also those of other processes, learn what changed. A removed offer keeps
-- its row without bytes until indexes have seen it. Nothing here is finer than a day.
CREATE TABLE catalogue_objects (
    position INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    author TEXT NOT NULL,
    revision INTEGER NOT NULL,
    end_day INTEGER NOT NULL,
    hidden INTEGER NOT NULL CHECK (hidden IN (0, 1)), -- 1: the author is a limited peer
    bytes BLOB, -- JCS of the signed offer; NULL: gone
    serial INTEGER NOT NULL UNIQUE
) STRICT;

CREATE INDEX catalogue_objects_by_author ON catalogue_objects (author, id);

CREATE INDEX catalogue_objects_by_end ON catalogue_objects (end_day) WHERE bytes IS NOT NULL;

CREATE INDEX catalogue_objects_gone ON catalogue_objects (serial) WHERE bytes IS NULL;
