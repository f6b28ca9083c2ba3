#!/usr/bin/env bash
# Builds both verifiers (ten minutes of processor time) and asks them; the raw result goes to runs/DATE.jsonl.
set -euo pipefail
cd "$(dirname "$0")"
targets=${PEER_TARGET:-$(mktemp -d)}
cargo build --locked --target-dir "$targets/c2pa"
cargo build --locked --manifest-path ../../../verifier/Cargo.toml --target-dir "$targets/verifier" --config profile.dev.debug=false
crate=$(cargo metadata --locked --format-version 1 | python3 -c '
import json, os, sys
packages = json.load(sys.stdin)["packages"]
print(next(os.path.dirname(p["manifest_path"]) for p in packages if p["name"] == "c2pa"))')
python3 compare.py "$targets/c2pa/debug/peer-c2pa" "$targets/verifier/debug/tutela-c2pa" "$crate" | tee "runs/$(date +%F).jsonl"
