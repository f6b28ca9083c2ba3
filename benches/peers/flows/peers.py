"""One run of one peer, in a process of its own; prints one line of JSON.

usage: peers.py gfp-figures|gfp-all FILE BATCH SECONDS [OUT]     stops after so many seconds of processor time
       peers.py duckdb|polars months|rolling FILE [OUT]          reads FILE.parquet, one thread
"""

import json
import resource
import sys
import time

import numpy

RECORD = numpy.dtype([("payer", "<u8"), ("payee", "<u8"), ("time_s", "<u4"), ("amount_minor", "<u4")])
WINDOW_S = 30 * 86_400
# Without a window of its own, the graph holds twelve hours where only what is on by default is on.
FIGURES = {"time_window": 20 * 86_400}
ALL = {"degree": True, "scatter-gather": True, "temp-cycle": True, "lc-cycle": True}


def gfp(which, path, batch, seconds, out=None):
    from snapml import GraphFeaturePreprocessor

    records = numpy.fromfile(path, RECORD)
    edges = numpy.empty((len(records), 5))
    edges[:, 0] = numpy.arange(len(records))
    # It takes small ids only: places of the sorted ones.
    ids = numpy.unique(numpy.concatenate([records["payer"], records["payee"]]))
    edges[:, 1], edges[:, 2] = (numpy.searchsorted(ids, records[end]) for end in ("payer", "payee"))
    edges[:, 3], edges[:, 4] = records["time_s"], records["amount_minor"]
    preprocessor = GraphFeaturePreprocessor()
    wanted = {"num_threads": 1, "vertex_stats_cols": [4], **(ALL if which == "all" else FIGURES)}
    preprocessor.set_params({**preprocessor.get_params(), **wanted})
    start, wall, done, slowest, kept = time.process_time(), time.monotonic(), 0, 0.0, []
    while done < len(edges) and time.process_time() - start < seconds:
        began = time.process_time()
        features = preprocessor.transform(numpy.ascontiguousarray(edges[done : done + batch]))
        slowest = max(slowest, time.process_time() - began)
        done += len(features)
        if out:
            kept.append(features[:, 5:])
    cpu_s = time.process_time() - start
    if out:
        numpy.save(out, numpy.concatenate(kept))
    return {"transfers": done, "of": len(edges), "features": features.shape[1] - 5, "cpu_s": cpu_s,
            "wall_s": time.monotonic() - wall, "transfers_a_cpu_s": round(done / cpu_s), "slowest_batch_s": slowest}


DUCKDB = {
    # Per payer and window of 30 days.
    "months": """
        with l as (select payer, payee, amount_minor, time_s // 2592000 w,
                          time_s - lag(time_s) over (partition by payer order by time_s) gap from tx)
        select payer, w, count(*) n, sum(amount_minor) s, count(distinct payee) d, median(gap) g,
               sum(case when amount_minor <= 10000 then 1 else 0 end) small from l group by payer, w""",
    # Count and sum of each payer's last 30 days at each transfer.
    "rolling": """
        select payer, time_s, count(*) over w n, sum(amount_minor) over w s from tx
        window w as (partition by payer order by time_s range between 2592000 preceding and current row)""",
    # What ours computes, of both sides, but for the gaps, for which SQL has no exact and short form.
    "both": """
        select payer, payee, time_s,
          count(*) over a n, sum(amount_minor) over a s, count(distinct payee) over a d,
          sum(case when amount_minor <= 10000 then 1 else 0 end) over a small,
          count(*) over b n2, sum(amount_minor) over b s2, count(distinct payer) over b d2,
          sum(case when amount_minor <= 10000 then 1 else 0 end) over b small2 from tx
        window a as (partition by payer order by time_s range between 2592000 preceding and current row),
               b as (partition by payee order by time_s range between 2592000 preceding and current row)""",
}


def duckdb(what, path, out=None):
    import duckdb as engine

    start, wall = time.process_time(), time.monotonic()
    base = engine.connect(config={"threads": 1})
    base.execute(f"create view tx as select * from read_parquet('{path}.parquet')")
    # The answer is made in full, and kept as a table in memory.
    base.execute(f"create table answer as {DUCKDB[what]}")
    spent = time.process_time() - start, time.monotonic() - wall
    totals = {
        "months": "count(*), sum(n), sum(d), sum(small), sum(s), sum(g)",
        "rolling": "count(*), sum(n), sum(s)",
        "both": "count(*), sum(n), sum(d), sum(small), sum(s), sum(n2), sum(d2), sum(small2), sum(s2)",
    }[what]
    sums = [float(value) for value in base.execute(f"select {totals} from answer").fetchone()]
    if out:
        answer = base.execute("select payer, time_s, max(n) n, max(s) s from answer group by all order by all").fetchnumpy()
        numpy.save(out, numpy.stack([answer[name].astype("i8") for name in ("payer", "time_s", "n", "s")], axis=1))
    return spent, sums


def polars(what, path, out=None):
    import polars as engine

    start, wall = time.process_time(), time.monotonic()
    column, rows = engine.col, engine.scan_parquet(f"{path}.parquet")
    if what == "months":
        answer = (
            rows.with_columns(
                w=column("time_s") // WINDOW_S, gap=column("time_s") - column("time_s").shift(1).over("payer", order_by="time_s")
            )
            .group_by("payer", "w")
            .agg(
                n=engine.len(), s=column("amount_minor").sum(), d=column("payee").n_unique(),
                g=column("gap").median(), small=(column("amount_minor") <= 10_000).sum(),
            )
            .collect()
        )
        spent = time.process_time() - start, time.monotonic() - wall
        sums = [len(answer)] + [float(answer[name].sum()) for name in ("n", "d", "small", "s", "g")]
        return spent, sums
    answer = (
        rows.sort("payer", "time_s")
        .rolling(index_column="time_s", period=f"{WINDOW_S + 1}i", group_by="payer")
        .agg(n=engine.len(), s=column("amount_minor").sum())
        .collect()
    )
    spent = time.process_time() - start, time.monotonic() - wall
    return spent, [len(answer)] + [float(answer[name].sum()) for name in ("n", "s")]


def main():
    name, *rest = sys.argv[1:]
    if name.startswith("gfp"):
        path, batch, seconds, *out = rest
        answer = gfp(name.removeprefix("gfp-"), path, int(batch), float(seconds), *out)
    else:
        what, path, *out = rest
        (cpu_s, wall_s), sums = {"duckdb": duckdb, "polars": polars}[name](what, path, *out)
        answer = {"cpu_s": cpu_s, "wall_s": wall_s, "sums": sums}
    answer["peak_mib"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(json.dumps(answer))


main()
