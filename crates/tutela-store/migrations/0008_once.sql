-- Requests that came with a key of their sender's, so that one that is sent again is not done again.
-- `status` is null until there is an answer; kept for a day. And when a process that fetches from an
-- exchange last said that it lives: `renewed_at` of a claim, which a dead process does not renew.

CREATE TABLE keyed_requests (
    token TEXT NOT NULL,
    request_key TEXT NOT NULL,
    request_sha256 TEXT NOT NULL,
    at TEXT NOT NULL,
    status BIGINT,
    location TEXT,
    answer TEXT,
    PRIMARY KEY (token, request_key)
);
CREATE INDEX keyed_requests_by_time ON keyed_requests (at);

ALTER TABLE exchanges ADD COLUMN renewed_at TEXT;
