"""Ours beside the peers over the same streams, in turns, each run a process of its own; one JSON line a run.

usage: compare.py PEER-FLOWS FOLDER ROUNDS [LARGE]      makes its streams in FOLDER; LARGE rows for the tables, 0 for none
"""

import json
import os
import statistics
import subprocess
import sys

import numpy

HERE = os.path.dirname(os.path.abspath(__file__))
LIMIT_S = 60


def main(ours, folder, rounds, large):
    say = lambda **line: print(json.dumps(line), flush=True)
    environment = {**os.environ, "POLARS_MAX_THREADS": "1", "OMP_NUM_THREADS": "1"}

    def run(who, *arguments):
        program = [ours] if who == "ours" else [sys.executable, os.path.join(HERE, "peers.py"), who]
        answer = subprocess.run([*program, *map(str, arguments)], capture_output=True, check=True, text=True, env=environment)
        return json.loads(answer.stdout.splitlines()[-1])

    def stream(kind, transfers, days):
        path = os.path.join(folder, f"{kind}-{transfers}-{days}")
        if not os.path.exists(f"{path}.parquet"):
            subprocess.run([sys.executable, os.path.join(HERE, "stream.py"), kind, str(transfers), str(days), path], check=True)
        return path

    def turns(title, path, sides, count=rounds):
        """Each side once a round; the answers of the last round, and the medians."""
        spent, last = {}, {}
        for number in range(count):
            for name, (who, what, *rest) in sides.items():
                order = (path, *rest) if who.startswith("gfp") else (what, path, *rest)
                last[name] = run(who, *order)
                spent.setdefault(name, []).append(last[name])
                say(title=title, round=number, run=name, load=os.getloadavg()[0], **last[name])
        middle = lambda name, of: statistics.median(one[of] for one in spent[name])
        return last, {name: {of: middle(name, of) for of in ("cpu_s", "peak_mib")} for name in sides}

    with_gfp(say, run, stream, turns, folder)
    with_tables(say, stream, turns, folder, 1_000_000, True)
    if large:
        with_tables(say, stream, turns, folder, large, False)
    for kind, days in (("bip", 30), ("bip", 360), ("random", 30), ("hub", 30)):
        turns(f"windows {kind} {days} d", stream(kind, large or 1_000_000, days), {"ours": ("ours", "windows")})


def with_gfp(say, run, stream, turns, folder):
    sides = {
        "ours": ("ours", "windows"),
        "ours, 20 days": ("ours", "twenty"),
        "ours, every account scored": ("ours", "score"),
        "GFP, figures of 20 days": ("gfp-figures", None, 128, 900),
        "GFP, all patterns": ("gfp-all", None, 128, 900),
    }
    million = stream("bip", 1_000_000, 30)
    _, medians = turns("bip", million, sides)
    rates = {name: round(1_000_000 / of["cpu_s"]) for name, of in medians.items()}
    say(title="bip", transfers_a_cpu_s=rates, ours_times={n: round(rates["ours"] / r, 1) for n, r in rates.items() if "GFP" in n})
    # Where it slows down, it is stopped.
    for kind in ("uni", "random"):
        limited = {**sides, "GFP, figures of 20 days": ("gfp-figures", None, 128, LIMIT_S), "GFP, all patterns": ("gfp-all", None, 128, LIMIT_S)}
        last, _ = turns(kind, stream(kind, 1_000_000, 30), limited, 1)
        rates = {name: one["transfers_a_cpu_s"] for name, one in last.items()}
        say(title=kind, transfers_a_cpu_s=rates, ours_times={n: round(rates["ours"] / r, 1) for n, r in rates.items() if "GFP" in n})
    say(title="same figures", **same(run, stream, folder))


def same(run, stream, folder):
    """What both compute: counterparties, transfers and sums of payer and payee over its twenty days."""
    path = stream("bip", 20_000, 60)
    ours, theirs = os.path.join(folder, "ours"), os.path.join(folder, "theirs.npy")
    run("ours", "twenty", path, ours)
    run("gfp-figures", path, 1, 900, theirs)
    ours = numpy.fromfile(ours, "<u8").reshape(-1, 2, 3)
    theirs = numpy.load(theirs)
    found = {}
    # Its columns are not named: look for those that hold ours. It lets go of old transfers a step late, so that now
    # and then it tells one more.
    for side, end in enumerate(("payer", "payee")):
        for place, figure in enumerate(("transfers", "counterparties", "sum")):
            equal = numpy.isclose(theirs, ours[:, side, place][:, None].astype(float), rtol=1e-9).mean(axis=0)
            found[f"{end} {figure}"] = {"column": int(equal.argmax()), "equal": float(equal.max())}
    assert all(one["equal"] > 0.995 for one in found.values()), found
    return {"transfers": len(ours), "figures": found}


def with_tables(say, stream, turns, folder, transfers, deep):
    """DuckDB and Polars: by months, and rolling."""
    path = stream("bip", transfers, 360)
    for what in ("months", "rolling"):
        sides = {"ours": ("ours", what), "DuckDB": ("duckdb", what), "Polars": ("polars", what)}
        last, medians = turns(f"{what} {transfers}", path, sides)
        say(title=f"{what} {transfers}", cpu_s={name: of["cpu_s"] for name, of in medians.items()},
            peak_mib={name: of["peak_mib"] for name, of in medians.items()})
        if what == "months":
            sums = [last["ours"]["groups"], *last["ours"]["sums"], last["ours"]["gaps_s"]]
            assert all(sums == last[peer]["sums"] for peer in ("DuckDB", "Polars")), "months differ"
        else:
            ours, theirs = rolled(folder, sides["DuckDB"], turns, path)
            assert (ours == theirs).all(), "rolling figures differ"
            say(title=f"rolling {transfers}", equal=len(theirs))
    if deep:
        sides = {"ours": ("ours", "windows"), "DuckDB": ("duckdb", "both")}
        _, medians = turns(f"both sides {transfers}", path, sides)
        say(title=f"both sides {transfers}", cpu_s={name: of["cpu_s"] for name, of in medians.items()})


def rolled(folder, _, turns, path):
    """Ours counts transfers of one second as they come, SQL all together: the last of a payer's second is compared."""
    ours, theirs = os.path.join(folder, "ours"), os.path.join(folder, "theirs.npy")
    turns("equal", path, {"ours": ("ours", "windows", ours), "DuckDB": ("duckdb", "rolling", theirs)}, 1)
    theirs = numpy.load(theirs)
    records = numpy.fromfile(path, [("payer", "<u8"), ("payee", "<u8"), ("time_s", "<u4"), ("amount_minor", "<u4")])
    figures = numpy.fromfile(ours, "<u8").reshape(-1, 2, 3)[:, 0, ::2].astype("i8")
    rows = numpy.column_stack([records["payer"].astype("i8"), records["time_s"].astype("i8"), figures])
    order = numpy.lexsort((rows[:, 2], rows[:, 1], rows[:, 0]))
    rows = rows[order]
    last = numpy.append((rows[1:, :2] != rows[:-1, :2]).any(axis=1), True)
    return rows[last], theirs


if __name__ == "__main__":
    main(os.path.abspath(sys.argv[1]), sys.argv[2], int(sys.argv[3]), int((sys.argv[4:] or ["0"])[0]))
