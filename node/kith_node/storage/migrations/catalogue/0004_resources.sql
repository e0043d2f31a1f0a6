-- Entries of libraries lie beside offers: they come, change and go by the same rules.
ALTER TABLE catalogue_objects ADD COLUMN kind INTEGER NOT NULL DEFAULT 0
    CHECK (kind IN (0, 1)); -- 0: an offer, 1: a resource

CREATE INDEX catalogue_objects_resources ON catalogue_objects (author, id)
WHERE kind = 1 AND bytes IS NOT NULL;

CREATE INDEX catalogue_objects_resources_by_serial ON catalogue_objects (serial, id)
WHERE kind = 1;
