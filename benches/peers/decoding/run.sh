#!/usr/bin/env bash
# Runs the whole comparison; the raw result goes to runs/DATE.jsonl.
set -euo pipefail
cd "$(dirname "$0")"
target=$(cd ../../.. && cargo metadata --format-version 1 --no-deps | sed 's/.*"target_directory":"\([^"]*\)".*/\1/')
venv=${PEER_VENV:-$target/peers/venv-decoding}
if [ ! -x "$venv/bin/python" ]; then
    python3 -m venv "$venv"
    "$venv/bin/pip" install --quiet pdqhash==0.2.8 numpy pillow==13.0.0 tifffile==2026.3.3
fi
cargo build --package tutela-benches --bin peer-decoding
folder=$(mktemp -d)
trap 'rm -r "$folder"' EXIT
"$venv/bin/python" pictures.py "$folder"
"$venv/bin/python" compare.py "$target/debug/peer-decoding" "$folder" > "runs/$(date +%F).jsonl"
