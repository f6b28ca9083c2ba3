-- How far exchanges are. A pass is one reading of everything that a sender has, from the beginning:
-- each content remembers the pass that it was last seen in, and at the end of a pass those that were
-- not seen go. `failures` counts runs that failed in a row; `next_fetch_at` is when the next may begin.

ALTER TABLE exchanges ADD COLUMN pass BIGINT NOT NULL DEFAULT 0;
ALTER TABLE exchanges ADD COLUMN failures BIGINT NOT NULL DEFAULT 0;
ALTER TABLE exchanges ADD COLUMN next_fetch_at TEXT;
ALTER TABLE bank_contents ADD COLUMN seen_in_pass BIGINT;
