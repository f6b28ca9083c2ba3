#!/bin/sh
# Checks this export offline. Needs a POSIX shell, coreutils and openssl 3.0 or later.
#
#   sh verify.sh        checks everything
#   sh verify.sh 100    checks the proof of every 100th entry only (a sample; everything else is checked)
#
# Exit code: 0 all checks passed; 1 a check failed, named on the last line; 2 the check could not run.
set -u
LC_ALL=C
export LC_ALL

fail() { printf 'FAILED  %s\n' "$*"; exit 1; }
cannot() { printf 'CANNOT RUN  %s\n' "$*"; exit 2; }
ok() { printf 'ok      %s\n' "$*"; }

# Bytes travel as octal escapes, which printf turns back into bytes.
octal() { printf '\\%s' $(od -An -v -to1); }
hex() { printf '%s' $(od -An -v -tx1); }
unbase64() { base64 -d 2>/dev/null; }
if command -v sha256sum >/dev/null 2>&1; then
  sha256() { sha256sum; }
else
  sha256() { openssl dgst -sha256 -r; }
fi
# Each sets $hash: from a line that begins with 64 hexadecimal digits, of a leaf, of a node.
to_octal() {
  digits=${1%% *} hash=
  while [ -n "$digits" ]; do
    rest=${digits#??} byte=$((0x${digits%"${digits#??}"}))
    hash=$hash\\$((byte / 64))$((byte / 8 % 8))$((byte % 8)) digits=$rest
  done
}
leaf_hash() { to_octal "$(printf '\000%s' "$1" | sha256)"; }
node_hash() { to_octal "$(printf "\\001$1$2" | sha256)"; }

every=${1:-1}
case $every in '' | *[!0-9]* | 0*) cannot "usage: sh verify.sh [N], N from 1" ;; esac
cd "$(dirname "$0")" || cannot "the directory of this script cannot be entered"
for tool in openssl base64 od head tail cut wc mktemp; do
  command -v "$tool" >/dev/null 2>&1 || cannot "$tool is not installed"
done
for file in entries.jsonl checkpoint log.pub.pem log.vkey; do
  [ -f "$file" ] || fail "$file is missing"
done
tmp=$(mktemp -d) || cannot "no temporary directory"
trap 'rm -rf "$tmp"' EXIT

# 1. The key: both files hold the same one, and its id is what it must be.
IFS= read -r vkey <log.vkey
origin=${vkey%%+*}
rest=${vkey#*+}
key_id=${rest%%+*}
key_text=${rest#*+}
public=$(openssl pkey -pubin -in log.pub.pem -outform DER 2>/dev/null | tail -c 32 | octal)
[ "$(printf '%s' "$key_text" | unbase64 | octal)" = "\\001$public" ] ||
  fail "key: log.vkey and log.pub.pem hold different keys"
[ "$(printf "%s\\n\\001$public" "$origin" | sha256 | cut -c 1-8)" = "$key_id" ] ||
  fail "key: the key id in log.vkey does not belong to the key"
ok "key: log.vkey and log.pub.pem hold the same key, id $key_id, of $origin"

# 2. The checkpoint: three lines of text, a blank line, and a signature of the key over the text.
{ IFS= read -r name && IFS= read -r size && IFS= read -r root64 && IFS= read -r blank; } <checkpoint ||
  fail "checkpoint: it is too short"
[ "$name" = "$origin" ] || fail "checkpoint: it is of another ledger"
[ -z "$blank" ] || fail "checkpoint: the fourth line is not blank"
case $size in '' | *[!0-9]*) fail "checkpoint: the size is not a number" ;; esac
root=$(printf '%s' "$root64" | unbase64 | octal)
head -n 3 checkpoint >"$tmp/text"
signed=no
tail -n +5 checkpoint >"$tmp/signatures"
while IFS= read -r line; do
  signature=${line#"— $origin "}
  [ "$signature" != "$line" ] || continue
  [ "$(printf '%s' "$signature" | unbase64 | head -c 4 | hex)" = "$key_id" ] || continue
  printf '%s' "$signature" | unbase64 | tail -c +5 >"$tmp/signature"
  openssl pkeyutl -verify -rawin -pubin -inkey log.pub.pem -in "$tmp/text" \
    -sigfile "$tmp/signature" >/dev/null 2>&1 || fail "checkpoint: the signature is false"
  signed=yes
done <"$tmp/signatures"
[ $signed = yes ] || fail "checkpoint: it carries no signature of the key"
ok "checkpoint: signature holds, $size entries were signed"

# Walks from a leaf to the root: proof_holds INDEX LEAF, path on standard input (RFC 9162, 2.1.3.2).
proof_holds() {
  at=$1 last=$((size - 1)) node=$2
  [ "$at" -le $last ] || return 1
  while IFS= read -r hash64; do
    [ $last -gt 0 ] || return 1
    sibling=$(printf '%s' "$hash64" | unbase64 | octal)
    if [ $((at % 2)) -eq 1 ] || [ "$at" -eq $last ]; then
      node_hash "$sibling" "$node"
      while [ $((at % 2)) -eq 0 ] && [ "$at" -ne 0 ]; do
        at=$((at / 2)) last=$((last / 2))
      done
    else
      node_hash "$node" "$sibling"
    fi
    node=$hash at=$((at / 2)) last=$((last / 2))
  done
  [ $last -eq 0 ] && [ "$node" = "$root" ]
}

# The proof file of entry $seq whose line is $line.
check_proof() {
  file=proofs/$seq.tlog-proof
  [ -f "$file" ] || fail "entry $seq: $file is missing"
  head=0
  : >"$tmp/path"
  while IFS= read -r text; do
    head=$((head + 1))
    case $head in
      1) [ "$text" = 'c2sp.org/tlog-proof@v1' ] || fail "entry $seq: $file is not a proof" ;;
      2) [ "$text" = "index $seq" ] || fail "entry $seq: $file is of another entry" ;;
      *) [ -n "$text" ] || break; printf '%s\n' "$text" >>"$tmp/path" ;;
    esac
  done <"$file"
  [ "$(tail -n +$((head + 1)) "$file")" = "$(cat checkpoint)" ] ||
    fail "entry $seq: $file ends with another checkpoint"
  leaf_hash "$line"
  proof_holds "$seq" "$hash" <"$tmp/path" ||
    fail "entry $seq: the line is not what was signed"
}

# The words shown with entry $seq: SHA-256 of salt and text is the commit of the line.
check_disclosed() {
  [ -f "disclosed/$seq.salt" ] || fail "entry $seq: disclosed/$seq.salt is missing"
  commit=${line#*'"commit":"'}
  [ "$commit" != "$line" ] || fail "entry $seq: words are shown, but the line commits to none"
  commit=$(printf '%s' "$commit" | cut -c 1-64)
  # Else the salt could swallow the first of the words.
  [ "$(unbase64 <"disclosed/$seq.salt" | od -An -v -tx1 | wc -w)" -eq 32 ] ||
    fail "entry $seq: disclosed/$seq.salt is not 32 bytes"
  found=$({ unbase64 <"disclosed/$seq.salt"; cat "disclosed/$seq.txt"; } 2>/dev/null | sha256 | cut -c 1-64)
  [ "$found" = "$commit" ] || fail "entry $seq: disclosed/$seq.txt is not what was committed to"
  shown=$((shown + 1))
  ok "entry $seq: disclosed/$seq.txt is what was committed to"
}

# 3. The entries: each is proved by its path, or all of them together make the root.
whole=yes
[ -d proofs ] && whole=no
stack= count=0 shown=0 proved=0 before=-1
while IFS= read -r line || [ -n "$line" ]; do
  seq=${line##*'"seq":'}
  seq=${seq%%,*}
  case $seq in '' | *[!0-9]*) fail "line $((count + 1)) of entries.jsonl is not an entry" ;; esac
  act=${line#*'"act":"'}
  act=${act%%'"'*}
  [ "$seq" -gt "$before" ] || fail "entry $seq: the entries are not in order"
  before=$seq
  if [ $whole = yes ]; then
    [ "$seq" -eq $count ] || fail "entry $count: missing"
    leaf_hash "$line"
    left=$count
    while [ $((left % 2)) -eq 1 ]; do
      node_hash "${stack%% *}" "$hash"
      stack=${stack#* } left=$((left / 2))
    done
    stack="$hash $stack"
  elif [ $((count % every)) -eq 0 ]; then
    check_proof
    proved=$((proved + 1))
    ok "entry $seq: $act, in the signed ledger"
  fi
  [ -e "disclosed/$seq.txt" ] && check_disclosed
  count=$((count + 1))
done <entries.jsonl
[ $count -gt 0 ] || fail "entries.jsonl: it holds no entry"

if [ $whole = yes ]; then
  [ "$count" -eq "$size" ] || fail "entries.jsonl: $count entries, but $size were signed"
  hash=${stack%% *} stack=${stack#* }
  while [ -n "$stack" ]; do
    node_hash "${stack%% *}" "$hash"
    stack=${stack#* }
  done
  [ "$hash" = "$root" ] || fail "entries.jsonl: the lines are not what was signed"
  ok "entries: all $count together make the signed root; none is missing"
else
  set -- proofs/*
  [ $# -eq $count ] || fail "entries.jsonl: $count entries, but $# proofs"
fi
if [ -d disclosed ]; then
  set -- disclosed/*.txt
  [ $# -eq $shown ] || fail "disclosed: $# texts, but $shown belong to entries here"
fi

if [ $whole = yes ]; then
  printf 'PASSED  whole ledger: %s entries, %s texts\n' "$count" "$shown"
elif [ "$every" -eq 1 ]; then
  printf 'PASSED  %s entries of %s in the ledger, %s texts\n' "$count" "$size" "$shown"
else
  printf 'PASSED  sample: %s of %s entries were proved, %s texts\n' "$proved" "$count" "$shown"
fi
printf 'The result stands and falls with the key. Compare with what the agency publishes:\n%s\n' "$vkey"
