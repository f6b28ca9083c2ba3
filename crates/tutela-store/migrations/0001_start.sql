-- One text for SQLite and PostgreSQL: BIGINT and TEXT only. Digests are lower-case hex, times are
-- RFC 3339 in UTC with nine digits, `_json` columns hold JSON. Numbers of scans and lists stay inside
-- the store; the world knows them by their ids.

CREATE TABLE counters (
    name TEXT PRIMARY KEY,
    value BIGINT NOT NULL
);
INSERT INTO counters (name, value) VALUES ('scans', 0), ('hash_lists', 0);

CREATE TABLE operators (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    added_at TEXT NOT NULL
);

CREATE TABLE cases (
    id TEXT PRIMARY KEY,
    title TEXT NOT NULL,
    opened_at TEXT NOT NULL,
    closed_at TEXT
);

CREATE TABLE scans (
    number BIGINT PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    operator TEXT NOT NULL REFERENCES operators (id),
    case_id TEXT REFERENCES cases (id),
    state TEXT NOT NULL,
    started_at TEXT NOT NULL,
    roots_json TEXT NOT NULL,
    parameters_json TEXT NOT NULL,
    parameters_sha256 TEXT NOT NULL,
    tool TEXT NOT NULL,
    protection TEXT NOT NULL,
    resumptions BIGINT NOT NULL,
    resumed_at TEXT,
    finished_at TEXT,
    summary_json TEXT,
    exhibits BIGINT NOT NULL,
    findings BIGINT NOT NULL
);
CREATE INDEX scans_by_parameters ON scans (parameters_sha256);

-- A source key may be longer than an index allows; `source_index` stands for it and keeps it unique.
CREATE TABLE exhibits (
    scan BIGINT NOT NULL REFERENCES scans (number),
    position BIGINT NOT NULL,
    id TEXT NOT NULL UNIQUE,
    path TEXT NOT NULL,
    source_key TEXT NOT NULL,
    source_index TEXT NOT NULL,
    size_bytes BIGINT NOT NULL,
    modified_at TEXT,
    md5 TEXT,
    sha1 TEXT,
    sha256 TEXT,
    mime TEXT NOT NULL,
    width BIGINT,
    height BIGINT,
    signals_json TEXT NOT NULL,
    capture_json TEXT,
    outcome TEXT NOT NULL,
    known_good_json TEXT,
    failure_code TEXT,
    failure_message TEXT,
    PRIMARY KEY (scan, position),
    UNIQUE (scan, source_index)
);

CREATE TABLE findings (
    scan BIGINT NOT NULL REFERENCES scans (number),
    position BIGINT NOT NULL,
    id TEXT NOT NULL UNIQUE,
    exhibit TEXT NOT NULL REFERENCES exhibits (id),
    rule TEXT NOT NULL,
    rule_version BIGINT NOT NULL,
    parameters_json TEXT NOT NULL,
    inputs_json TEXT NOT NULL,
    list TEXT NOT NULL,
    list_sha256 TEXT NOT NULL,
    list_row BIGINT NOT NULL,
    list_key TEXT,
    category_scheme TEXT,
    category_code TEXT,
    method TEXT NOT NULL,
    pdq_variant TEXT,
    pdq_orientation TEXT,
    pdq_distance BIGINT,
    state TEXT NOT NULL,
    decided_by TEXT REFERENCES operators (id),
    decided_at TEXT,
    PRIMARY KEY (scan, position)
);

CREATE TABLE skipped_paths (
    scan BIGINT NOT NULL REFERENCES scans (number),
    path_index TEXT NOT NULL,
    code TEXT NOT NULL,
    path TEXT NOT NULL,
    message TEXT NOT NULL,
    PRIMARY KEY (scan, path_index, code)
);

CREATE TABLE hash_lists (
    number BIGINT PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    bank TEXT NOT NULL,
    title TEXT NOT NULL,
    source TEXT,
    dated TEXT,
    scheme TEXT,
    format TEXT NOT NULL,
    role TEXT NOT NULL,
    file_sha256 TEXT NOT NULL,
    imported_at TEXT NOT NULL,
    operator TEXT NOT NULL REFERENCES operators (id),
    state TEXT NOT NULL,
    touched_at TEXT NOT NULL,
    entries BIGINT NOT NULL,
    withdrawn BIGINT NOT NULL,
    rejected BIGINT NOT NULL
);

CREATE TABLE hash_list_entries (
    list BIGINT NOT NULL REFERENCES hash_lists (number),
    position BIGINT NOT NULL,
    source_row BIGINT NOT NULL,
    entry_key TEXT,
    md5 TEXT,
    sha1 TEXT,
    sha256 TEXT,
    pdq TEXT,
    other_json TEXT,
    category_scheme TEXT,
    category_code TEXT,
    size_bytes BIGINT,
    withdrawn BIGINT NOT NULL,
    label TEXT,
    PRIMARY KEY (list, position)
);

-- One row: the right edge of the ledger's tree. Whoever appends locks it first.
CREATE TABLE ledger_head (
    id BIGINT PRIMARY KEY,
    frontier TEXT NOT NULL
);
INSERT INTO ledger_head (id, frontier) VALUES (1, '0');

CREATE TABLE ledger_entries (
    seq BIGINT PRIMARY KEY,
    leaf TEXT NOT NULL,
    line TEXT NOT NULL,
    scan TEXT,
    case_id TEXT,
    exhibit TEXT
);
CREATE INDEX ledger_entries_by_scan ON ledger_entries (scan) WHERE scan IS NOT NULL;
CREATE INDEX ledger_entries_by_case ON ledger_entries (case_id) WHERE case_id IS NOT NULL;
CREATE INDEX ledger_entries_by_exhibit ON ledger_entries (exhibit) WHERE exhibit IS NOT NULL;

CREATE TABLE ledger_payloads (
    seq BIGINT PRIMARY KEY REFERENCES ledger_entries (seq),
    salt TEXT NOT NULL,
    words TEXT NOT NULL
);

CREATE TABLE ledger_checkpoints (
    size BIGINT PRIMARY KEY,
    note TEXT NOT NULL,
    signed_at TEXT NOT NULL
);
