"""Measures HMA and `tutela serve` in turns, on the same core, with the same signals and the same questions.

    compare.py FOLDER HMA_BASE HMA_PID HMA_DATABASE TUTELA_BASE TUTELA_PID

First it makes sure that both give the same answers. Then it prints one JSON line a measurement, and the table last, on stderr.
"""

import json
import os
import statistics
import subprocess
import sys
import urllib.request
from pathlib import Path

HERE = Path(__file__).parent
TICKS = os.sysconf("SC_CLK_TCK")
ROUNDS = int(os.environ.get("PEER_ROUNDS", "5"))
SECONDS = os.environ.get("PEER_SECONDS", "3")
CASES = ("live", "lookup", "match", "hash")
CONNECTIONS = (1, 64)


def ticks_of(pid):
    """Own time and that of children already gone, in clock ticks; 0 when the process has gone itself."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    except (FileNotFoundError, ProcessLookupError):
        return 0
    return sum(int(field) for field in fields[11:15])


def family(root):
    """The process and all that it started, by parents."""
    parents = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                fields = (entry / "stat").read_text().rsplit(")", 1)[1].split()
            except (FileNotFoundError, ProcessLookupError):
                continue
            parents.setdefault(int(fields[1]), []).append(int(entry.name))
    found, queue = [], [root]
    while queue:
        pid = queue.pop()
        found.append(pid)
        queue += parents.get(pid, [])
    return found


def server_seconds(root):
    return sum(ticks_of(pid) for pid in family(root)) / TICKS


def database_seconds(database):
    """Time of the PostgreSQL processes that serve this database now."""
    asked = subprocess.run(
        ["psql", "-Atqd", database, "-c", "select pid from pg_stat_activity where datname = current_database()"],
        capture_output=True, text=True, check=True,
    )
    return sum(ticks_of(int(pid)) for pid in asked.stdout.split()) / TICKS


def get(url):
    with urllib.request.urlopen(url) as answer:
        return json.load(answer)


def same_answers(folder, sides):
    """Every question to both sides; ids are not compared, distances are."""
    matched = 0
    for signal in (folder / "questions.txt").read_text().split():
        answers = []
        for base in sides:
            banks = get(f"{base}/m/lookup?signal_type=pdq&signal={signal}")
            answers.append({bank: sorted(int(match["distance"]) for match in found) for bank, found in banks.items()})
        if answers[0] != answers[1]:
            sys.exit(f"different answers to {signal}: {answers}")
        matched += bool(answers[0])
    return matched


def load(base, case, connections, folder):
    command = ["taskset", "-c", os.environ.get("PEER_LOAD_CORE", "1"), "wrk", "-t1", f"-c{connections}", f"-d{SECONDS}s"]
    command += ["--timeout", "30s", "-s", str(HERE / "requests.lua"), base]
    run = subprocess.run(
        command, capture_output=True, text=True, check=True, env={**os.environ, "CASE": case, "FOLDER": str(folder)}
    )
    return json.loads(run.stdout.strip().splitlines()[-1])


def measure(side, case, connections, folder):
    own, stored = server_seconds(side["pid"]), 0.0
    if side["database"]:
        stored = database_seconds(side["database"])
    row = load(side["base"], case, connections, folder)
    row["answered"] = row["requests"] - row["bad_status"]
    row["server_cpu_s"] = round(server_seconds(side["pid"]) - own, 3)
    if side["database"]:
        row["database_cpu_s"] = round(database_seconds(side["database"]) - stored, 3)
    row["load_average"] = os.getloadavg()[0]
    return row


def table(rows):
    def middle(side, case, connections, key):
        return statistics.median(key(row) for row in rows if (row["side"], row["case"], row["connections"]) == (side, case, connections))

    per_cpu = lambda row: row["answered"] / max(row["server_cpu_s"], 1 / TICKS)
    with_database = lambda row: row["answered"] / max(row["server_cpu_s"] + row.get("database_cpu_s", 0), 1 / TICKS)
    wall = lambda row: row["answered"] / row["duration_us"] * 1e6
    print("| request | connections | HMA a CPU second | with PostgreSQL | Tutela a CPU second | times | HMA wall, p50, p99 | Tutela wall, p50, p99 |", file=sys.stderr)
    print("|---|---:|---:|---:|---:|---:|---:|---:|", file=sys.stderr)
    for case in CASES:
        for connections in CONNECTIONS:
            at = lambda side, key: middle(side, case, connections, key)
            latencies = {
                side: f"{at(side, wall):.0f}/s, {at(side, lambda row: row['p50_us']) / 1000:.2f} ms, {at(side, lambda row: row['p99_us']) / 1000:.2f} ms"
                for side in ("hma", "tutela")
            }
            print(
                f"| {case} | {connections} | {at('hma', per_cpu):.0f} | {at('hma', with_database):.0f} | {at('tutela', per_cpu):.0f}"
                f" | {at('tutela', per_cpu) / at('hma', per_cpu):.1f} | {latencies['hma']} | {latencies['tutela']} |",
                file=sys.stderr,
            )


def main():
    folder = Path(sys.argv[1])
    sides = [
        {"side": "hma", "base": sys.argv[2], "pid": int(sys.argv[3]), "database": sys.argv[4]},
        {"side": "tutela", "base": sys.argv[5], "pid": int(sys.argv[6]), "database": None},
    ]
    matched = same_answers(folder, [side["base"] for side in sides])
    print(json.dumps({"same_answers": True, "questions_with_match": matched}), flush=True)
    rows = []
    for round_ in range(ROUNDS + 1):
        for case in CASES:
            for connections in CONNECTIONS:
                for side in sides if round_ % 2 else sides[::-1]:
                    row = measure(side, case, connections, folder)
                    row = {"round": round_, "side": side["side"], "case": case, "connections": connections, **row}
                    if round_ == 0:
                        continue  # warms both up
                    rows.append(row)
                    print(json.dumps(row), flush=True)
    table(rows)


if __name__ == "__main__":
    main()
