#!/usr/bin/env bash
# Runs the whole comparison on one core; the raw result goes to runs/DATE.jsonl. Needs c++ and libjpeg-dev.
set -euo pipefail
cd "$(dirname "$0")"
target=$(cd ../../.. && cargo metadata --format-version 1 --no-deps | sed 's/.*"target_directory":"\([^"]*\)".*/\1/')
venv=${PEER_VENV:-$target/peers/venv-jpeg12mp}
if [ ! -x "$venv/bin/python" ]; then
    python3 -m venv "$venv"
    "$venv/bin/pip" install --quiet cython numpy pillow==13.0.0 pooch scikit-image scikit-learn setuptools wheel
    # From source, so that the C++ reference comes along; its folder is kept beside the environment.
    mkdir -p "$venv/source"
    TMPDIR="$venv/source" "$venv/bin/pip" install --quiet --no-clean --no-build-isolation --no-binary pdqhash pdqhash==0.2.8
fi
source=$(find "$venv/source" -type d -name ThreatExchange | head -1)
folder=$(mktemp -d)
trap 'rm -r "$folder"' EXIT
c++ -O3 -std=c++17 -Dcimg_use_jpeg -I "$source" -I "$source/pdq/cpp" -o "$folder/reference" reference.cpp \
    "$source"/pdq/cpp/{io/pdqio,hashing/pdqhashing,hashing/torben,downscaling/downscaling,common/pdqhamming,common/pdqhashtypes}.cpp \
    -ljpeg -lpthread
cargo build --release --package tutela-benches --bin peer-jpeg12mp
"$venv/bin/python" pictures.py "$folder"
export OMP_NUM_THREADS=1
taskset -c "${PEER_CORE:-0}" "$venv/bin/python" compare.py "$target/release/peer-jpeg12mp" "$folder/reference" "$folder" \
    | tee "runs/$(date +%F).jsonl"
