#!/usr/bin/env bash
# Runs the comparison on one core; raw results go to runs/KIND-ENTRIES.DATE.jsonl.
# usage: run.sh [KIND ENTRIES PEERS]        all that the README shows, or one of its rows
set -euo pipefail
cd "$(dirname "$0")"
target=$(cd ../../.. && cargo metadata --format-version 1 --no-deps | sed 's/.*"target_directory":"\([^"]*\)".*/\1/')
venv=${PEER_VENV:-$target/peers/venv-search}
if [ ! -x "$venv/bin/python" ]; then
    python3 -m venv "$venv"
    "$venv/bin/pip" install --quiet faiss-cpu==1.15.1 numpy==2.4.6 scikit-image pdqhash pillow
fi
cargo build --release --package tutela-benches --bin peer-search
# Memory of both sides in pages of 2 MiB, where the system has them.
export OMP_NUM_THREADS=1 GLIBC_TUNABLES=glibc.malloc.hugetlb=1
run() {
    taskset -c "${PEER_CORE:-0}" "$venv/bin/python" compare.py "$target/release/peer-search" "$@" \
        | tee "runs/$1-$2.$(date +%F).jsonl"
}
if [ $# -gt 0 ]; then run "$@"; exit; fi
for kind in uniform clustered; do
    run $kind 100000 flat,mih11,mih16
    run $kind 1000000 flat,mih11,mih16
done
run uniform 10000000 flat,mih11      # six gigabytes and many minutes, nearly all of it FAISS
run clustered 10000000 flat
# Ours alone: what needs no peer.
alone() { taskset -c "${PEER_CORE:-0}" "$target/release/peer-search" "$@"; }
{
    printf 'append\nmemory\n'; for _ in 1 2 3 4 5; do printf 'time 0 2000 1 31\ntime 0 2000 8 31\n'; done
    printf 'build\n'; for _ in 1 2 3 4 5; do printf 'time 0 2000 1 31\ntime 0 2000 8 31\n'; done
} | alone random:1000000:1 random:2000:2 | tee "runs/append-1000000.$(date +%F).jsonl"
{
    printf 'build\nmemory\n'; for _ in 1 2 3 4 5; do printf 'time 0 2000 1 31\ntime 0 2000 8 31\n'; done
    printf 'each 0 2000 31\n'
} | alone random:100000000:1 random:2000:2 | tee "runs/uniform-100000000.$(date +%F).jsonl"
