#!/usr/bin/env bash
# Measures HMA and `tutela serve` side by side: the same signals, questions, picture, core and load. See README.md for what has to be there.
# HMA_HOME names the folder with HMA; TUTELA_BIN may name a program built already. The raw result goes to runs/DATE.jsonl.
set -euo pipefail
cd "$(dirname "$0")"
: "${HMA_HOME:?names the folder with HMA and its Python environment, see README.md}"
signals=${PEER_SIGNALS:-100000}
database=${PEER_DATABASE:-postgresql://postgres@127.0.0.1/tutela_peer_hma}
core=${PEER_CORE:-0}
hma=http://127.0.0.1:5191 ours=http://127.0.0.1:5192
scratch=$(mktemp -d)
started=()
stop() {
    for pid in "${started[@]}"; do kill "$pid" 2>/dev/null || true; done
    wait 2>/dev/null || true
    rm -rf "$scratch"
}
trap stop EXIT

# Waits until the last signal of the bank is found.
until_found() {
    for _ in $(seq 300); do
        if curl -sf "$1/m/lookup?signal_type=pdq&signal=$(cat "$scratch/photo.hex")" | grep -q PEER; then return; fi
        sleep 1
    done
    echo "$1 did not get ready" >&2
    exit 1
}

"$HMA_HOME/venv/bin/python" signals.py "$scratch" "$signals" 2000

start_hma() {
    (
        cd "$HMA_HOME/src"
        export OMM_CONFIG=$HMA_HOME/omm_config.py OMM_DATABASE_URI=${database/postgresql:/postgresql+psycopg2:} SERVER_SOFTWARE=gunicorn
        exec taskset -c "$core" "$HMA_HOME/venv/bin/gunicorn" --log-level warning -b "${hma#http://}" 'OpenMediaMatch.app:create_app()'
    ) &
    started+=($!)
    hma_pid=$!
}

psql -qd "${database%/*}/postgres" -c "drop database if exists ${database##*/}" -c "create database ${database##*/}"
start_hma # makes the tables
until curl -sf "$hma/status/live" >/dev/null; do sleep 1; done
psql -qd "$database" <<SQL
create temporary table listed (place serial, signal text);
\copy listed (signal) from '$scratch/bank.txt'
insert into bank (name, enabled_ratio) values ('PEER', 1.0);
insert into bank_content (id, bank_id, disable_until_ts)
    select listed.place, bank.id, 1 from listed, bank order by listed.place;
insert into content_signal (content_id, signal_type, signal_val) select place, 'pdq', signal from listed;
analyze;
SQL
until_found "$hma"

if [ -z "${TUTELA_BIN:-}" ]; then
    target=$(cd ../../.. && cargo metadata --format-version 1 --no-deps | sed 's/.*"target_directory":"\([^"]*\)".*/\1/')
    cargo build --release --package tutela
    TUTELA_BIN=$target/release/tutela
fi
"$TUTELA_BIN" init --operator "Peer Comparison" --dir "$scratch/workspace" >/dev/null
taskset -c "$core" "$TUTELA_BIN" serve --quiet --dir "$scratch/workspace" --listen "${ours#http://}" >/dev/null &
started+=($!)
ours_pid=$!
until curl -sf "$ours/status" >/dev/null; do sleep 1; done
TOKEN=$("$TUTELA_BIN" token create filler --scopes curate,admin --quiet --dir "$scratch/workspace") \
    "$HMA_HOME/venv/bin/python" fill.py "$ours" "$scratch/bank.txt"
until_found "$ours"

"$HMA_HOME/venv/bin/python" compare.py "$scratch" "$hma" "$hma_pid" "$database" "$ours" "$ours_pid" | tee "runs/$(date +%F).jsonl"
