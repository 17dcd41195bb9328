-- Everybody on the roll. `id` is a keyed hash, `phone` a number under encryption: the keys are in another place.
CREATE TABLE person (
    id BLOB PRIMARY KEY NOT NULL,
    number INTEGER NOT NULL UNIQUE,
    phone BLOB NOT NULL
);

-- Codes that were sent and not used yet. `subject` is whoever was named, on the roll or not; `person` only who is on it.
CREATE TABLE session (
    id BLOB PRIMARY KEY NOT NULL,
    subject BLOB NOT NULL,
    person BLOB,
    code BLOB NOT NULL,
    expires INTEGER NOT NULL,
    attempts INTEGER NOT NULL
);
CREATE INDEX session_subject ON session (subject);

-- What is limited, counted by windows of time: codes by phone and address, wrong codes by subject.
CREATE TABLE counted (
    scope TEXT NOT NULL,
    subject BLOB NOT NULL,
    ends INTEGER NOT NULL,
    number INTEGER NOT NULL,
    PRIMARY KEY (scope, subject, ends)
);

-- Who has shown a code lately. `id` is the hash of the token.
CREATE TABLE token (
    id BLOB PRIMARY KEY NOT NULL,
    person BLOB NOT NULL,
    expires INTEGER NOT NULL
);

-- RecordIssuances transactions, kept before they are sent so that the same bytes are sent again. `state`: 0 on its way, 1 on the ledger, 2 refused.
CREATE TABLE batch (
    sequence INTEGER PRIMARY KEY NOT NULL,
    code BLOB NOT NULL,
    transaction_bytes BLOB NOT NULL,
    state INTEGER NOT NULL
);

-- One for each person who asked for a signature: what was signed, never when.
CREATE TABLE issuance (
    person BLOB PRIMARY KEY NOT NULL,
    commitment BLOB NOT NULL UNIQUE,
    blinded BLOB NOT NULL,
    batch INTEGER,
    signature BLOB
);

-- Commitments that any municipality has recorded on the ledger.
CREATE TABLE recorded (
    home INTEGER NOT NULL,
    commitment BLOB NOT NULL,
    PRIMARY KEY (home, commitment)
);

-- One for each person of the other municipality whose right was countersigned.
CREATE TABLE countersigned (
    home INTEGER NOT NULL,
    commitment BLOB NOT NULL,
    blinded BLOB NOT NULL,
    signature BLOB NOT NULL,
    PRIMARY KEY (home, commitment)
);

-- The election that all this belongs to, and how far the ledger was read.
CREATE TABLE place (
    name TEXT PRIMARY KEY NOT NULL,
    value BLOB NOT NULL
);
