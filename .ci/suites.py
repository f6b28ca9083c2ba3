"""Runs Tutela over folders of hostile files and compares what came of them with docs/robustness.md.

usage: suites.py TUTELA FOLDER DOCUMENT [--bless]

FOLDER holds one folder a suite. Of every file, `media hash` must print one line, and `media scan` one item, with
digests and with a result or a code. The counts stand in DOCUMENT between two marks; --bless writes them there.
"""

import collections
import json
import os
import re
import subprocess
import sys
import tempfile
import threading
import time

BEGIN, END = "<!-- counted by .ci/suites: begin -->", "<!-- counted by .ci/suites: end -->"
CODE = re.compile(r"[a-z0-9_]+(\.[a-z0-9_]+)+")
# Three times the usual, so that what comes of a file does not depend on how busy the machine is.
DEADLINE_S = 60
# Without ffmpeg: what it makes of a file depends on its version, and the counts are to be the same everywhere.
ENVIRONMENT = os.environ | {"TUTELA__MEDIA__DEADLINE_S": str(DEADLINE_S), "TUTELA__MEDIA__FFMPEG": "none"}
# A busy machine may be slow to end a worker and to start the next.
GRACE_S = 15
RUN_S = 600
WORKER_BYTES = 2 << 30
# Pictures that are drawn, not taken: nobody misses a signal of them.
DRAWN = ("image/svg+xml", "image/x-icon", "image/vnd.microsoft.icon", "image/vnd.djvu")
# The files whose decoder had to be held: it gave up, died, hung, lied or asked for too much.
CONTAINED = ("panicked", "crashed", "deadline", "bad_reply", "out_of_memory")

problems = []


def demand(holds, problem):
    if not holds:
        problems.append(problem)


class Run:
    """One run of the program: its lines, how long it was silent, and the memory of its processes."""

    def __init__(self, name, arguments):
        self.lines, self.silent_s, self.parent_peak, self.worker_peak = [], 0.0, 0, 0
        with tempfile.TemporaryFile("w+") as errors:
            self.child = subprocess.Popen(arguments, stdout=subprocess.PIPE, stderr=errors, text=True, env=ENVIRONMENT)
            # A program that hangs is ended, so that this one is not.
            clock = threading.Timer(RUN_S, self.child.kill)
            clock.start()
            watcher = threading.Thread(target=self.watch)
            watcher.start()
            self.read()
            status = self.child.wait()
            clock.cancel()
            watcher.join()
            errors.seek(0)
            said = errors.read()
        demand(status == 0, f"{name}: ended with {status}: {said[-2000:]}")
        demand("panicked at" not in said, f"{name}: the main process panicked: {said[-2000:]}")
        demand(self.worker_peak <= WORKER_BYTES, f"{name}: a worker took {self.worker_peak} bytes")

    def read(self):
        last = time.monotonic()
        for line in self.child.stdout:
            now = time.monotonic()
            self.silent_s, last = max(self.silent_s, now - last), now
            self.lines.append(line)

    def watch(self):
        """Peaks are kept by the kernel, so looking often enough to see each process once would do."""
        while self.child.poll() is None:
            self.parent_peak = max(self.parent_peak, peak(self.child.pid))
            for worker in children(self.child.pid):
                self.worker_peak = max(self.worker_peak, peak(worker))
            time.sleep(0.02)


def children(pid):
    try:
        threads = os.listdir(f"/proc/{pid}/task")
        return [int(child) for thread in threads for child in read(f"/proc/{pid}/task/{thread}/children").split()]
    except OSError:
        return []


def peak(pid):
    found = re.search(r"VmHWM:\s*(\d+) kB", read(f"/proc/{pid}/status"))
    return int(found[1]) * 1024 if found else 0


def read(path):
    try:
        with open(path, encoding="utf-8") as file:
            return file.read()
    except OSError:
        return ""


def files_below(folder):
    return sorted(os.path.join(at, name) for at, _, names in os.walk(folder) for name in names)


def outcome(item):
    """What came of a file: `signal`, a code, or `digests` where there is nothing to decode."""
    error, mime = item["error"], item["mime"] or ""
    visual = mime.startswith(("image/", "video/")) and mime not in DRAWN
    demand(all(len(item[kind] or "") == length for kind, length in (("md5", 32), ("sha256", 64))), f"{item['path']}: no digests")
    if error:
        demand(CODE.fullmatch(error["code"]) and error["message"], f"{item['path']}: no clear error: {error}")
        return error["code"]
    demand(item["signals"] or not visual, f"{item['path']}: {mime} has neither signal nor error")
    return "signal" if item["signals"] else "digests"


def once_each(name, found, files):
    """No file is skipped, and none comes twice."""
    counted = collections.Counter(found)
    for path in files:
        demand(counted[path] == 1, f"{name}: {path} came {counted[path]} times")


def hash_suite(tutela, folder):
    files = files_below(folder)
    run = Run("media hash", [tutela, "media", "hash", "--json", "--dihedral", "--variant", "both", folder])
    demand(run.silent_s < DEADLINE_S + GRACE_S, f"{folder}: silent for {run.silent_s:.0f} s")
    items = [json.loads(line) for line in run.lines]
    once_each("media hash", [item["path"] for item in items], files)
    demand(len(items) == len(files), f"{folder}: {len(items)} lines for {len(files)} files")
    return run, [(os.path.relpath(item["path"], folder), outcome(item)) for item in items]


def scan_suite(tutela, folder):
    with tempfile.TemporaryDirectory() as scratch:
        workspace, report = os.path.join(scratch, "workspace"), os.path.join(scratch, "report")
        subprocess.run([tutela, "init", "--dir", workspace], check=True, capture_output=True)
        run = Run("media scan", [tutela, "media", "scan", folder, "--dir", workspace, "--out", report, "--json"])
        with open(os.path.join(report, "items.jsonl"), encoding="utf-8") as lines:
            items = [json.loads(line) for line in lines]
    files = files_below(folder)
    once_each("media scan", [item["path"] for item in items], files)
    outer, codes = set(files), []
    for item in items:
        if item["outcome"] == "failed":
            demand(item["error"], f"{item['path']}: failed without a code")
        codes.append((item["path"] in outer, item["error"]["code"] if item["error"] else item["outcome"]))
    return run, codes


def table(head, suites, rows):
    lines = [f"| {head} | {' | '.join(suites)} |", "|---|" + "---:|" * len(suites)]
    for name in sorted({name for counts in rows.values() for name in counts}):
        lines.append(f"| `{name}` | {' | '.join(str(rows[suite][name]) for suite in suites)} |")
    return lines


def render(hashed, scanned):
    suites = list(hashed)
    outcomes = {suite: collections.Counter(outcome for _, outcome in hashed[suite]) for suite in suites}
    lines = ["Files, `media hash`:", "", *table("outcome", suites, outcomes)]
    lines.append(f"| files | {' | '.join(str(len(hashed[suite])) for suite in suites)} |")
    members = {suite: collections.Counter(code for file, code in scanned[suite] if not file) for suite in suites}
    lines += ["", "What `media scan` found inside archives:", "", *table("outcome or code", suites, members)]
    archives = {
        suite: collections.Counter(code for file, code in scanned[suite] if file and code.startswith("archive."))
        for suite in suites
    }
    lines += ["", "Archives that could not be read to their end:", "", *table("code", suites, archives)]
    held = [
        f"| {suite} | `{path}` | `{code}` |"
        for suite in suites for path, code in sorted(hashed[suite]) if code.split(".")[-1] in CONTAINED
    ]
    lines += ["", "Files whose decoder had to be held:", "", "| suite | file | code |", "|---|---|---|", *held]
    return "\n".join(lines)


def main(tutela, folder, document, *flags):
    hashed, scanned = {}, {}
    for suite in sorted(os.listdir(folder)):
        path = os.path.join(folder, suite)
        started = time.monotonic()
        hash_run, hashed[suite] = hash_suite(tutela, path)
        scan_run, scanned[suite] = scan_suite(tutela, path)
        peaks = [max(getattr(run, side) for run in (hash_run, scan_run)) >> 20 for side in ("parent_peak", "worker_peak")]
        print(
            f"{suite}: {len(hashed[suite])} files, {len(scanned[suite])} items in {time.monotonic() - started:.0f} s, "
            f"longest silence {hash_run.silent_s:.1f} s, peak {peaks[0]} MiB, of a worker {peaks[1]} MiB",
            flush=True,
        )
    text = read(document)
    before, rest = text.split(BEGIN)
    stated, after = rest.split(END)
    counted = render(hashed, scanned)
    if "--bless" in flags:
        with open(document, "w", encoding="utf-8") as file:
            file.write(f"{before}{BEGIN}\n{counted}\n{END}{after}")
    elif stated.strip() != counted:
        import difflib
        change = "\n".join(difflib.unified_diff(stated.strip().splitlines(), counted.splitlines(), document, "now", lineterm="", n=0))
        problems.append(f"the outcomes are others; if that is meant, run .ci/suites --bless\n{change}")
    for problem in problems:
        print(f"refused: {problem}", file=sys.stderr)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
