#!/usr/bin/env bash
# Makes the tree and a list, and runs the whole comparison on one core; the raw result goes to runs/DATE.jsonl.
# Needs hashdeep and Python 3. PEER_CORE picks a core, PEER_TREE a folder for the tree (2.3 GB), PEER_ENTRIES
# the length of the list.
set -euo pipefail
cd "$(dirname "$0")"
target=$(cd ../../.. && cargo metadata --format-version 1 --no-deps | sed 's/.*"target_directory":"\([^"]*\)".*/\1/')
tree=${PEER_TREE:-$target/peers/hashdeep-tree}
entries=${PEER_ENTRIES:-10000000}
list=$target/peers/hashdeep-list-$entries.txt
cargo build --release --package tutela
[ -d "$tree" ] || python3 tree.py "$tree" 20000 7
[ -f "$list" ] || python3 list.py "$entries" 11 >"$list"
compiled=$list.compiled
[ -f "$compiled" ] || "$target/release/tutela" list compile "$list" --out "$compiled"
{
    printf '{"machine": "%s", "hashdeep": "%s", "tutela": "%s", "rustc": "%s", "commit": "%s"}\n' \
        "$(lscpu | sed -n 's/^Model name: *//p'), $(nproc) cores" "$(hashdeep -V)" \
        "$("$target/release/tutela" --version)" "$(rustc --version)" "$(git rev-parse --short HEAD)"
    taskset -c "${PEER_CORE:-0}" python3 compare.py "$target/release/tutela" "$tree" "${PEER_ROUNDS:-5}" "$compiled"
} | tee "runs/$(date +%F).jsonl"
