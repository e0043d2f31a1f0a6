-- Published profiles: owned by a key like offers, for this community's members only.
CREATE TABLE profiles (
    id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    key BLOB NOT NULL CHECK (length(key) = 32),
    bytes BLOB NOT NULL,
    listed INTEGER NOT NULL CHECK (listed IN (0, 1)),
    end_day INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX profiles_by_end_day ON profiles (end_day);

-- Which offers stand under a profile, by the word of both keys.
CREATE TABLE shown_offers (
    profile BLOB NOT NULL REFERENCES profiles (id) ON DELETE CASCADE,
    offer BLOB NOT NULL REFERENCES offers (id) ON DELETE CASCADE,
    profile_signature BLOB NOT NULL CHECK (length(profile_signature) = 64),
    offer_signature BLOB NOT NULL CHECK (length(offer_signature) = 64),
    PRIMARY KEY (profile, offer)
) STRICT, WITHOUT ROWID;

CREATE INDEX shown_offers_by_offer ON shown_offers (offer);
