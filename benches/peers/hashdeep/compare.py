"""hashdeep and tutela over one tree, in turns: CPU time of each process, and whether the digests are equal.

    compare.py TUTELA TREE ROUNDS [LIST]

Prints one JSON line a run, and one with the medians and ratios at the end. With LIST, whole scans that look
everything up in it come into the turns.
"""

import csv
import json
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

HASHDEEP = ["hashdeep", "-c", "md5,sha1,sha256", "-r", "-j0"]


def run(name, command, out):
    """Runs it alone and gives its times; children that it waited for are counted with it."""
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    with open(out, "wb") as file:
        subprocess.run(command, stdout=file, stderr=subprocess.DEVNULL, check=True)
    wall, after = time.monotonic() - began, resource.getrusage(resource.RUSAGE_CHILDREN)
    user, system = after.ru_utime - before.ru_utime, after.ru_stime - before.ru_stime
    return {"run": name, "user_s": round(user, 3), "system_s": round(system, 3),
            "cpu_s": round(user + system, 3), "wall_s": round(wall, 3)}


def by_hashdeep(path):
    with open(path, encoding="utf-8") as file:
        rows = csv.reader(line for line in file if not line.startswith(("%", "#")))
        return {row[4]: tuple(row[:4]) for row in rows}


def by_tutela(path):
    with open(path, encoding="utf-8") as file:
        views = map(json.loads, file)
        return {view["path"]: (str(view["size_bytes"]), view["md5"], view["sha1"], view["sha256"]) for view in views}


def main():
    tutela, tree, rounds = sys.argv[1], os.path.abspath(sys.argv[2]), int(sys.argv[3])
    lists = [argument for path in sys.argv[4:] for argument in ("--list", path)]
    scratch = tempfile.mkdtemp()
    times = {}
    try:
        for number in range(rounds):
            runs = [
                ("hashdeep", [*HASHDEEP, tree]),
                ("tutela media hash", [tutela, "media", "hash", tree, "--json", "-q", "--threads", "1"]),
            ]
            if lists:
                workspace = os.path.join(scratch, f"ws{number}")
                subprocess.run([tutela, "init", "--operator", "Bench", "--dir", workspace], check=True, capture_output=True)
                runs.append(("tutela media scan", [tutela, "media", "scan", tree, *lists, "--dir", workspace, "--json", "-q", "--threads", "1"]))
            for name, command in runs:
                result = run(name, command, os.path.join(scratch, name.replace(" ", "-")))
                times.setdefault(name, []).append(result)
                print(json.dumps({"round": number, **result}), flush=True)
        theirs = by_hashdeep(os.path.join(scratch, "hashdeep"))
        ours = by_tutela(os.path.join(scratch, "tutela-media-hash"))
        medians = {name: statistics.median(r["cpu_s"] for r in results) for name, results in times.items()}
        size_bytes = sum(int(row[0]) for row in theirs.values())
        summary = {
            "files": len(theirs), "size_bytes": size_bytes, "digests_equal": ours == theirs, "cpu_s": medians,
            "mb_per_cpu_s": {name: round(size_bytes / 1e6 / cpu) for name, cpu in medians.items()},
            "hashing_times_hashdeep": round(medians["hashdeep"] / medians["tutela media hash"], 2),
            "paired": [round(a["cpu_s"] / b["cpu_s"], 2) for a, b in zip(times["hashdeep"], times["tutela media hash"])],
        }
        if lists:
            hashing, scans = times["tutela media hash"], times["tutela media scan"]
            summary["scan_times_hashing_cpu"] = round(medians["tutela media scan"] / medians["tutela media hash"], 2)
            wall = [statistics.median(r["wall_s"] for r in results) for results in (scans, hashing)]
            summary["scan_times_hashing_wall"] = round(wall[0] / wall[1], 2)
        print(json.dumps(summary), flush=True)
        assert ours == theirs, "digests differ"
    finally:
        shutil.rmtree(scratch)


main()
