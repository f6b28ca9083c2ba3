"""Asks `c2pa` and our verifier about the same files, each in a process of its own with limits.

usage: compare.py PEER-C2PA TUTELA-C2PA FOLDER > runs/NAME.jsonl

FOLDER holds published signed files. Of the first three, changed copies are asked about, too: a byte of
the content flipped, a byte of the claim's signature flipped, cut in the middle, the manifest taken out.
Then each file is asked about again with lists of trust: each certificate of its own chain, alone; and an
authority of the same name as its issuer that never signed it (made by openssl).
"""

import collections
import json
import os
import re
import resource
import subprocess
import sys
import tempfile

DEADLINE_S = 30
MEMORY = 1 << 30
TYPES = {".jpg": "image/jpeg", ".jpeg": "image/jpeg", ".png": "image/png", ".tif": "image/tiff", ".tiff": "image/tiff",
         ".webp": "image/webp", ".mp4": "video/mp4", ".heic": "image/heic", ".avif": "image/avif"}


def limited():
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (DEADLINE_S, DEADLINE_S))


def run(arguments, file=None):
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    try:
        with open(file or os.devnull, "rb") as given:
            done = subprocess.run(arguments, stdin=given, capture_output=True, timeout=DEADLINE_S, preexec_fn=limited)
    except subprocess.TimeoutExpired:
        return {"error": "deadline"}, DEADLINE_S * 1000
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu_ms = round(1000 * (after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime), 1)
    if done.returncode:
        return {"error": done.stderr.decode(errors="replace").strip().split("\n")[-1] or f"signal {-done.returncode}"}, cpu_ms
    return json.loads(done.stdout), cpu_ms


def theirs(peer, file, trust):
    line, cpu_ms = run([peer, file] + ([trust] if trust else []))
    if "error" in line:
        none = "no JUMBF data" in line["error"]
        return "absent" if none else "error", line["with_identity"], [line["error"]], None, cpu_ms
    return line["state"].lower(), line["with_identity"], line["codes"], line["chain"], cpu_ms


def ours(verifier, file, trust):
    mime = TYPES[os.path.splitext(file)[1]]
    line, cpu_ms = run([verifier, "--mime", mime] + (["--trust", trust] if trust else []), file)
    if "error" in line:
        return "error", [line["error"]], cpu_ms
    holds = line["integrity"] and line["signature"] and line["binding"]
    state = "absent" if not line["present"] else "invalid" if not holds else "trusted" if line["trusted"] else "valid"
    return state, line["codes"], cpu_ms


def flipped(whole, at):
    return whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1:]


def without_manifest(whole):
    """A JPEG without its APP11 segments."""
    out, at = whole[:2], 2
    while whole[at + 1] != 0xDA:
        end = at + 2 + int.from_bytes(whole[at + 2:at + 4], "big")
        if whole[at + 1] != 0xEB:
            out += whole[at:end]
        at = end
    return out + whole[at:]


def changed(file):
    with open(file, "rb") as opened:
        whole = opened.read()
    yield "content flipped", flipped(whole, len(whole) - len(whole) // 4)
    signature = whole.find(b"c2pa.signature", whole.find(b"c2pa.signature\0") - 1)
    yield "signature flipped", flipped(whole, whole.find(b"\xd2\x84", signature) + 3000)
    yield "cut", whole[:len(whole) // 2]
    yield "manifest taken out", without_manifest(whole)


def certificates(chain):
    return re.findall(r"-----BEGIN CERTIFICATE-----.*?-----END CERTIFICATE-----\n?", chain or "", re.S)


def namesake(certificate, path):
    """Another authority by the name of the issuer of a certificate."""
    said = subprocess.run(["openssl", "x509", "-noout", "-issuer", "-nameopt", "compat"], input=certificate.encode(),
                          capture_output=True, check=True)
    name = said.stdout.decode().strip().removeprefix("issuer=")
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-keyout",
                    os.devnull, "-out", path, "-days", "30", "-subj", name], capture_output=True, check=True)


def main(peer, verifier, folder):
    files = sorted(os.path.join(at, name) for at, _, names in os.walk(folder) for name in names
                   if os.path.splitext(name)[1].lower() in TYPES)
    table = collections.Counter()
    with tempfile.TemporaryDirectory() as scratch:
        def ask(name, what, file, trust=None):
            their_state, with_identity, their_codes, chain, their_ms = theirs(peer, file, trust)
            our_state, our_codes, our_ms = ours(verifier, file, trust)
            table[what, their_state, our_state] += 1
            print(json.dumps({"file": name, "what": what, "c2pa": their_state, "ours": our_state,
                              "c2pa_with_identity": with_identity, "c2pa_codes": their_codes,
                              "our_codes": our_codes, "c2pa_cpu_ms": their_ms, "our_cpu_ms": our_ms}), flush=True)
            return chain

        asked = [(os.path.relpath(file, folder), "as published", file) for file in files]
        for number, file in enumerate(files[:3]):
            for what, content in changed(file):
                path = os.path.join(scratch, f"{number}-{what.replace(' ', '-')}.jpg")
                with open(path, "wb") as written:
                    written.write(content)
                asked.append((os.path.relpath(file, folder), what, path))
        lists = os.path.join(scratch, "list.pem")
        for name, what, file in asked:
            chain = ask(name, what, file)
            if what == "as published":
                for number, certificate in enumerate(certificates(chain)):
                    with open(lists, "w") as written:
                        written.write(certificate)
                    ask(name, f"trust: certificate {number} of the chain", file, lists)
                if chain:
                    namesake(certificates(chain)[0], lists)
                    ask(name, "trust: a namesake of the issuer", file, lists)
    for (what, their_state, our_state), count in sorted(table.items()):
        print(json.dumps({"what": what, "c2pa": their_state, "ours": our_state, "files": count}))


if __name__ == "__main__":
    main(*sys.argv[1:])
