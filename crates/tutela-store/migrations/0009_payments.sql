-- Transfers and alerts. A file of transfers shows once it is `ready`; `stream` is for transfers that come one by
-- one. What records say of people stands in `transfer_parties` alone, once for each account and wording, so that
-- it can be erased while transfers, alerts and the ledger stay.

INSERT INTO counters (name, value) VALUES
    ('transfer_files', 0), ('payment_screenings', 0), ('payment_alerts', 0);

CREATE TABLE transfer_files (
    number BIGINT PRIMARY KEY,
    name TEXT NOT NULL,
    sha256 TEXT NOT NULL UNIQUE,
    format TEXT NOT NULL,
    imported_at TEXT NOT NULL,
    operator TEXT NOT NULL REFERENCES operators (id),
    case_id TEXT REFERENCES cases (id),
    state TEXT NOT NULL,
    touched_at TEXT NOT NULL,
    transfers BIGINT NOT NULL,
    parties BIGINT NOT NULL,
    rejected BIGINT NOT NULL
);

-- `words_json` is null where nothing is said, or it was erased.
CREATE TABLE transfer_parties (
    file BIGINT NOT NULL REFERENCES transfer_files (number),
    place BIGINT NOT NULL,
    account TEXT NOT NULL,
    account_index TEXT NOT NULL,
    words_json TEXT,
    PRIMARY KEY (file, place)
);
CREATE INDEX transfer_parties_by_account ON transfer_parties (account_index);

-- `id` may be shortened to what an index takes; `full_id` is there then. `payer`, `payee` and `context` are
-- places in `transfer_parties` of the same file; the context is what the payer stated of this transfer.
CREATE TABLE transfers (
    file BIGINT NOT NULL REFERENCES transfer_files (number),
    position BIGINT NOT NULL,
    id TEXT NOT NULL UNIQUE,
    full_id TEXT,
    source_row BIGINT NOT NULL,
    time TEXT NOT NULL,
    amount_minor BIGINT NOT NULL,
    currency TEXT NOT NULL,
    payer BIGINT NOT NULL,
    payee BIGINT NOT NULL,
    context BIGINT,
    PRIMARY KEY (file, position)
);

-- What a screening was made from, so that it can be made again.
CREATE TABLE payment_screenings (
    number BIGINT PRIMARY KEY,
    at TEXT NOT NULL,
    operator TEXT NOT NULL REFERENCES operators (id),
    case_id TEXT REFERENCES cases (id),
    rule TEXT NOT NULL,
    rule_version BIGINT NOT NULL,
    parameters_json TEXT NOT NULL,
    inputs_json TEXT NOT NULL,
    transfers BIGINT NOT NULL
);

-- One alert for an account and side, however often it is screened. Scores in millionths; `review` is what
-- decisions about accounts around it add. The proposal stays once it is approved.
CREATE TABLE payment_alerts (
    number BIGINT PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    screening BIGINT NOT NULL REFERENCES payment_screenings (number),
    raised_at TEXT NOT NULL,
    side TEXT NOT NULL,
    account TEXT NOT NULL,
    account_index TEXT NOT NULL,
    case_id TEXT REFERENCES cases (id),
    score BIGINT NOT NULL,
    review BIGINT NOT NULL,
    network BIGINT NOT NULL,
    parts_json TEXT NOT NULL,
    chart_json TEXT,
    state TEXT NOT NULL,
    assigned_to TEXT REFERENCES operators (id),
    outcome TEXT,
    reason TEXT,
    proposed_by TEXT REFERENCES operators (id),
    proposed_at TEXT,
    approved_by TEXT REFERENCES operators (id),
    approved_at TEXT,
    UNIQUE (side, account_index)
);
CREATE INDEX payment_alerts_by_state ON payment_alerts (state);
CREATE INDEX payment_alerts_by_network ON payment_alerts (network);

-- Entries of the ledger that are about an alert; the words of notes and reasons stand beside those entries.
CREATE TABLE payment_alert_acts (
    alert BIGINT NOT NULL REFERENCES payment_alerts (number),
    seq BIGINT NOT NULL REFERENCES ledger_entries (seq),
    PRIMARY KEY (alert, seq)
);

-- One row: when the queue was last put in order, and after how many decisions.
CREATE TABLE payment_ranking (
    id BIGINT PRIMARY KEY,
    at TEXT NOT NULL,
    decisions BIGINT NOT NULL
);
