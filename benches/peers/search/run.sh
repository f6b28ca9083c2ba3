#!/usr/bin/env bash
# Runs the comparison on one core; raw results go to runs/NAME-ENTRIES.DATE.jsonl.
# usage: run.sh                       all that the README shows
#        run.sh KIND ENTRIES PEERS    one of its rows beside FAISS; PEER_ROUNDS=3 for fewer rounds
#        run.sh append|restart|hundred [ENTRIES]    ours alone; PEER_SEGMENT=FILE keeps the hundred million for the next time
set -euo pipefail
cd "$(dirname "$0")"
target=$(cd ../../.. && cargo metadata --format-version 1 --no-deps | sed 's/.*"target_directory":"\([^"]*\)".*/\1/')
venv=${PEER_VENV:-$target/peers/venv-search}
cargo build --release --package tutela-benches --bin peer-search
# Memory of both sides in pages of 2 MiB, where the system has them.
export OMP_NUM_THREADS=1 GLIBC_TUNABLES=glibc.malloc.hugetlb=1
beside() {
    if [ ! -x "$venv/bin/python" ]; then
        python3 -m venv "$venv"
        "$venv/bin/pip" install --quiet faiss-cpu==1.15.1 numpy==2.4.6 scikit-image pdqhash pillow
    fi
    taskset -c "${PEER_CORE:-0}" "$venv/bin/python" compare.py "$target/release/peer-search" "$@" \
        | tee "runs/$1-$2.$(date +%F).jsonl"
}
# Ours alone: what needs no peer.
alone() {
    taskset -c "${PEER_CORE:-0}" "$target/release/peer-search" "random:$2:1" random:2000:2 \
        | tee "runs/$1-$2.$(date +%F).jsonl"
}
rounds() { for _ in 1 2 3 4 5; do printf 'time 0 2000 1 31\ntime 0 2000 8 31\ntime 0 2000 64 31\n'; done; }
append() {
    { printf 'append\nmemory\n'; rounds; printf 'settle\n'; rounds; printf 'build\n'; rounds; } | alone append "${1:-1000000}"
}
restart() {
    file=$(mktemp)
    printf 'build\nsave %s\n' "$file" | alone saved "${1:-10000000}" > /dev/null
    rm -f "runs/saved-${1:-10000000}.$(date +%F).jsonl"
    # Once with nothing of the file in memory, as far as the system lets go of it, and twice with it there.
    {
        dd of="$file" oflag=nocache conv=notrunc,fdatasync count=0 status=none
        printf 'restart %s\nmemory\nrestart %s\nrestart %s\n' "$file" "$file" "$file"
        rounds
    } | alone restart "${1:-10000000}"
    rm -f "$file"
}
hundred() {
    file=${PEER_SEGMENT:-}
    {
        if [ -n "$file" ] && [ -s "$file" ]; then
            printf 'open %s\n' "$file"
        else
            printf 'build\n'
            if [ -n "$file" ]; then printf 'save %s\n' "$file"; fi
        fi
        printf 'memory\n'
        rounds
        printf 'each 0 2000 31\n'
    } | alone uniform "${1:-100000000}"
}
case "${1:-all}" in
append | restart | hundred) "$@" ;;
all)
    for kind in uniform clustered; do
        beside $kind 100000 flat,mih11,mih16
        beside $kind 1000000 flat,mih11,mih16
    done
    beside uniform 10000000 flat,mih11 # six gigabytes and many minutes, nearly all of it FAISS
    beside clustered 10000000 flat
    append
    restart
    hundred
    ;;
*) beside "$@" ;;
esac
