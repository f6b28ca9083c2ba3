-- Findings that are about no list; films, statements about the making of a file, and notes.

ALTER TABLE exhibits ADD COLUMN frames BIGINT;
ALTER TABLE exhibits ADD COLUMN duration_ms BIGINT;
ALTER TABLE exhibits ADD COLUMN provenance_json TEXT;
ALTER TABLE exhibits ADD COLUMN notes_json TEXT;

-- SQLite cannot take NOT NULL away, so the table is made anew. `claim` says what is claimed; the
-- columns from `list` to `method` belong to claims about lists, `distance` to all that have one.
CREATE TABLE findings_new (
    scan BIGINT NOT NULL REFERENCES scans (number),
    position BIGINT NOT NULL,
    id TEXT NOT NULL UNIQUE,
    exhibit TEXT NOT NULL REFERENCES exhibits (id),
    rule TEXT NOT NULL,
    rule_version BIGINT NOT NULL,
    parameters_json TEXT NOT NULL,
    inputs_json TEXT NOT NULL,
    claim TEXT NOT NULL,
    list TEXT,
    list_sha256 TEXT,
    list_row BIGINT,
    list_key TEXT,
    category_scheme TEXT,
    category_code TEXT,
    part_json TEXT,
    method TEXT,
    pdq_variant TEXT,
    pdq_orientation TEXT,
    distance BIGINT,
    vpdq_exhibit_percent BIGINT,
    vpdq_entry_percent BIGINT,
    state TEXT NOT NULL,
    decided_by TEXT REFERENCES operators (id),
    decided_at TEXT,
    PRIMARY KEY (scan, position)
);
INSERT INTO findings_new (scan, position, id, exhibit, rule, rule_version, parameters_json, inputs_json,
    claim, list, list_sha256, list_row, list_key, category_scheme, category_code, method, pdq_variant,
    pdq_orientation, distance, state, decided_by, decided_at)
SELECT scan, position, id, exhibit, rule, rule_version, parameters_json, inputs_json,
    'listed', list, list_sha256, list_row, list_key, category_scheme, category_code, method, pdq_variant,
    pdq_orientation, pdq_distance, state, decided_by, decided_at
FROM findings;
DROP TABLE findings;
ALTER TABLE findings_new RENAME TO findings;
