-- How a person who has looked says some content was made. Only added to: whoever changes their mind, or
-- disagrees, stands beside what was said before. A statement is about the bytes, in whichever scan.

INSERT INTO counters (name, value) VALUES ('creation_modes', 0);
CREATE TABLE creation_modes (
    number BIGINT PRIMARY KEY,
    exhibit TEXT NOT NULL REFERENCES exhibits (id),
    sha256 TEXT NOT NULL,
    mode TEXT NOT NULL,
    reason TEXT NOT NULL,
    operator TEXT NOT NULL REFERENCES operators (id),
    stated_at TEXT NOT NULL
);
CREATE INDEX creation_modes_by_sha256 ON creation_modes (sha256, number);
