-- Signal banks and what a matching service keeps beside them. Numbers of banks and contents are seen
-- by clients and never used again. `change` rises with every change of a row, over banks and contents
-- together: whoever has read up to one change asks for those behind it. Rows that are gone stay as
-- empty ones, so that readers hear of it.

INSERT INTO counters (name, value) VALUES
    ('signal_banks', 0), ('bank_contents', 0), ('bank_changes', 0), ('match_findings', 0),
    ('webhook_deliveries', 0), ('exchanges', 0), ('exchange_verdicts', 0);

-- `name` is null once the bank is gone. `enabled_ratio` is a decimal number from 0 to 1.
CREATE TABLE signal_banks (
    number BIGINT PRIMARY KEY,
    name TEXT UNIQUE,
    role TEXT NOT NULL,
    enabled_ratio TEXT NOT NULL,
    distance BIGINT,
    note TEXT,
    actions_json TEXT NOT NULL,
    created_at TEXT NOT NULL,
    change BIGINT NOT NULL
);

-- `disable_until`: 0 is off, 1 is on, else off until this second of Unix time. `removed` is 1 once the
-- content is gone; nothing but its number is kept then. `signals_change` is the change that last touched
-- its signals: a reader that is past it has them already.
CREATE TABLE bank_contents (
    number BIGINT PRIMARY KEY,
    bank BIGINT NOT NULL REFERENCES signal_banks (number),
    disable_until BIGINT NOT NULL,
    expires_at TEXT,
    quarantined_at TEXT,
    uri TEXT,
    note TEXT,
    labels_json TEXT,
    metadata_json TEXT,
    exchange_key TEXT,
    record_json TEXT,
    created_at TEXT NOT NULL,
    removed BIGINT NOT NULL,
    signals_change BIGINT NOT NULL,
    change BIGINT NOT NULL
);
CREATE INDEX bank_contents_by_change ON bank_contents (change);
CREATE INDEX bank_contents_by_bank ON bank_contents (bank, number);
CREATE UNIQUE INDEX bank_contents_by_key ON bank_contents (bank, exchange_key) WHERE exchange_key IS NOT NULL;

CREATE TABLE content_signals (
    content BIGINT NOT NULL REFERENCES bank_contents (number),
    kind TEXT NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (content, kind)
);

CREATE TABLE signal_type_ratios (
    kind TEXT PRIMARY KEY,
    enabled_ratio TEXT NOT NULL
);

-- One row for a query and a content that were near, however often that was seen.
CREATE TABLE match_findings (
    number BIGINT PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    kind TEXT NOT NULL,
    query TEXT NOT NULL,
    query_index TEXT NOT NULL,
    orientation TEXT,
    bank BIGINT NOT NULL,
    content BIGINT NOT NULL,
    value TEXT NOT NULL,
    distance BIGINT,
    rule TEXT NOT NULL,
    rule_version BIGINT NOT NULL,
    parameters_json TEXT NOT NULL,
    first_at TEXT NOT NULL,
    last_at TEXT NOT NULL,
    times BIGINT NOT NULL,
    alert BIGINT NOT NULL,
    state TEXT NOT NULL,
    decided_by TEXT REFERENCES operators (id),
    decided_at TEXT,
    reason TEXT,
    UNIQUE (kind, query_index, content)
);
CREATE INDEX match_findings_by_state ON match_findings (state, number);
CREATE INDEX match_findings_by_content ON match_findings (content);

CREATE TABLE webhook_deliveries (
    number BIGINT PRIMARY KEY,
    webhook TEXT NOT NULL,
    finding TEXT NOT NULL,
    body TEXT NOT NULL,
    state TEXT NOT NULL,
    attempts BIGINT NOT NULL,
    next_attempt_at TEXT NOT NULL,
    created_at TEXT NOT NULL,
    error TEXT
);
CREATE INDEX webhook_deliveries_due ON webhook_deliveries (state, next_attempt_at);

CREATE TABLE exchanges (
    number BIGINT PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    api TEXT NOT NULL,
    config_json TEXT NOT NULL,
    enabled BIGINT NOT NULL,
    bank BIGINT NOT NULL REFERENCES signal_banks (number),
    created_at TEXT NOT NULL,
    cursor_json TEXT,
    checkpoint_s BIGINT,
    fetched BIGINT NOT NULL,
    running_since TEXT,
    last_ended_at TEXT,
    last_succeeded BIGINT,
    up_to_date BIGINT NOT NULL,
    error_code TEXT,
    error_message TEXT
);

-- Secrets that a service needs to speak to a sender; never printed.
CREATE TABLE exchange_credentials (
    api TEXT PRIMARY KEY,
    credentials_json TEXT NOT NULL
);

-- What a person said of a sender's signal, on its way back to the sender.
CREATE TABLE exchange_verdicts (
    number BIGINT PRIMARY KEY,
    exchange BIGINT NOT NULL,
    content BIGINT NOT NULL,
    exchange_key TEXT NOT NULL,
    kind TEXT NOT NULL,
    value TEXT NOT NULL,
    verdict TEXT NOT NULL,
    reason TEXT,
    operator TEXT NOT NULL REFERENCES operators (id),
    stated_at TEXT NOT NULL,
    state TEXT NOT NULL,
    attempts BIGINT NOT NULL,
    next_attempt_at TEXT NOT NULL,
    error TEXT
);
CREATE INDEX exchange_verdicts_due ON exchange_verdicts (state, next_attempt_at);

-- A program that may use the service in an operator's name. Only the digest of its secret is kept.
CREATE TABLE tokens (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    operator TEXT NOT NULL REFERENCES operators (id),
    scopes TEXT NOT NULL,
    secret_sha256 TEXT NOT NULL UNIQUE,
    created_at TEXT NOT NULL,
    expires_at TEXT,
    revoked_at TEXT
);
