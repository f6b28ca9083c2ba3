-- What the console needs: a way for an operator to sign in, and quick answers to what its pages ask.
-- The password is kept as an Argon2id text only; null where the operator may not sign in.
ALTER TABLE operators ADD COLUMN password TEXT;

CREATE INDEX match_findings_by_first ON match_findings (first_at);
CREATE INDEX bank_contents_held_back ON bank_contents (bank, number) WHERE quarantined_at IS NOT NULL;
