-- Everybody on the roll. `id` is a keyed hash, `phone` a number under encryption: the keys are in another place.
CREATE TABLE person (
    id BYTEA PRIMARY KEY NOT NULL,
    number BIGINT NOT NULL UNIQUE,
    phone BYTEA NOT NULL
);

-- Codes that were sent and not used yet. `subject` is whoever was named, on the roll or not; `person` only who is on it.
CREATE TABLE session (
    id BYTEA PRIMARY KEY NOT NULL,
    subject BYTEA NOT NULL,
    person BYTEA,
    code BYTEA NOT NULL,
    expires BIGINT NOT NULL,
    attempts BIGINT NOT NULL
);
CREATE INDEX session_subject ON session (subject);

-- What is limited, counted by windows of time: codes by phone and address, wrong codes by subject.
CREATE TABLE counted (
    scope TEXT NOT NULL,
    subject BYTEA NOT NULL,
    ends BIGINT NOT NULL,
    number BIGINT NOT NULL,
    PRIMARY KEY (scope, subject, ends)
);

-- Who has shown a code lately. `id` is the hash of the token.
CREATE TABLE token (
    id BYTEA PRIMARY KEY NOT NULL,
    person BYTEA NOT NULL,
    expires BIGINT NOT NULL
);

-- RecordIssuances transactions, kept before they are sent so that the same bytes are sent again. `state`: 0 on its way, 1 on the ledger, 2 refused.
CREATE TABLE batch (
    sequence BIGINT PRIMARY KEY NOT NULL,
    code BYTEA NOT NULL,
    transaction_bytes BYTEA NOT NULL,
    state BIGINT NOT NULL
);

-- One for each person who asked for a signature: what was signed, never when.
CREATE TABLE issuance (
    person BYTEA PRIMARY KEY NOT NULL,
    commitment BYTEA NOT NULL UNIQUE,
    blinded BYTEA NOT NULL,
    batch BIGINT,
    signature BYTEA
);

-- Commitments that any municipality has recorded on the ledger.
CREATE TABLE recorded (
    home BIGINT NOT NULL,
    commitment BYTEA NOT NULL,
    PRIMARY KEY (home, commitment)
);

-- One for each person of the other municipality whose right was countersigned.
CREATE TABLE countersigned (
    home BIGINT NOT NULL,
    commitment BYTEA NOT NULL,
    blinded BYTEA NOT NULL,
    signature BYTEA NOT NULL,
    PRIMARY KEY (home, commitment)
);

-- The election that all this belongs to, and how far the ledger was read.
CREATE TABLE place (
    name TEXT PRIMARY KEY NOT NULL,
    value BYTEA NOT NULL
);
