-- Looking back: which earlier scans hold the same bytes or name the same device, and what examiners
-- said of them. `device_index` is filled where a file states a serial number; files that were stored
-- before this version have none.

ALTER TABLE exhibits ADD COLUMN device_index TEXT;
CREATE INDEX exhibits_by_sha256 ON exhibits (sha256) WHERE sha256 IS NOT NULL;
CREATE INDEX exhibits_by_device ON exhibits (device_index) WHERE device_index IS NOT NULL;

-- Only added to: a later statement stands beside the earlier one.
INSERT INTO counters (name, value) VALUES ('exhibit_categories', 0);
CREATE TABLE exhibit_categories (
    number BIGINT PRIMARY KEY,
    sha256 TEXT NOT NULL,
    scan BIGINT NOT NULL REFERENCES scans (number),
    scheme TEXT NOT NULL,
    code TEXT NOT NULL,
    comment TEXT,
    examiner TEXT NOT NULL,
    operator TEXT NOT NULL REFERENCES operators (id),
    stated_at TEXT NOT NULL,
    source_sha256 TEXT NOT NULL,
    source_row BIGINT NOT NULL
);
CREATE INDEX exhibit_categories_by_sha256 ON exhibit_categories (sha256, number);
