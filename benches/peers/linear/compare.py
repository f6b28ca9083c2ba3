"""Times our plain scan beside FAISS IndexBinaryFlat, interleaved, in processor time.

usage: compare.py PEER-LINEAR ENTRIES... > runs/NAME.jsonl     (makes its data from a fixed seed)
"""

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time

import faiss
import numpy

RADIUS = 31
QUERIES = 2000
# Queries in one call, and queries in one timed round for 1e5, 1e6 and 1e7 entries.
BATCHES = {1: (400, 100, 20), 8: (800, 160, 40), 32: (1600, 320, 64), 2000: (2000, 2000, 2000)}
ROUNDS = {100_000: 9, 1_000_000: 7, 10_000_000: 5}
# A whole batch of 2,000 over ten million entries takes FAISS half a minute.
FEW_ROUNDS = 3


def world(entries):
    """Uniform signals; every second query has one neighbour within the radius, one beyond it."""
    random = numpy.random.default_rng(20_250_117 + entries)
    signals = random.integers(0, 256, (entries, 32), dtype=numpy.uint8)
    queries = random.integers(0, 256, (QUERIES, 32), dtype=numpy.uint8)
    places = random.choice(entries, (QUERIES // 2, 2), replace=False)
    for i in range(QUERIES // 2):
        for place, distance in zip(places[i], (i % 32, 32 + i % 9)):
            bits = numpy.unpackbits(queries[2 * i])
            bits[random.choice(256, distance, replace=False)] ^= 1
            signals[place] = numpy.packbits(bits)
    return signals, queries


class Ours:
    def __init__(self, program, folder):
        files = [os.path.join(folder, name) for name in ("entries", "queries")]
        self.child = subprocess.Popen(
            [program, *files, str(RADIUS)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def ask(self, line):
        self.child.stdin.write(line + "\n")
        self.child.stdin.flush()
        return self.child.stdout.readline().split()

    def time(self, count, batch):
        nanoseconds, hits = self.ask(f"time 0 {count} {batch}")
        return int(nanoseconds), int(hits)

    def hits(self, count):
        return sorted(tuple(map(int, hit.split(":"))) for hit in self.ask(f"hits 0 {count}"))


class Faiss:
    def __init__(self, signals, queries):
        self.index = faiss.IndexBinaryFlat(256)
        self.index.add(signals)
        self.queries = queries

    def time(self, count, batch):
        found = 0
        start = time.process_time_ns()
        for first in range(0, count, batch):
            limits, _, _ = self.index.range_search(self.queries[first : first + batch], RADIUS + 1)
            found += int(limits[-1])
        return time.process_time_ns() - start, found

    def hits(self, count):
        limits, distances, entries = self.index.range_search(self.queries[:count], RADIUS + 1)
        query = numpy.repeat(numpy.arange(count), numpy.diff(limits.astype(numpy.int64)))
        return sorted(zip(query.tolist(), entries.tolist(), distances.astype(int).tolist()))


def main(program, sizes):
    faiss.omp_set_num_threads(1)
    print(json.dumps({"faiss": faiss.__version__, "numpy": numpy.__version__, "radius": RADIUS}))
    for column, entries in enumerate(sizes):
        signals, queries = world(entries)
        with tempfile.TemporaryDirectory() as folder:
            signals.tofile(os.path.join(folder, "entries"))
            queries.tofile(os.path.join(folder, "queries"))
            ours, peer = Ours(program, folder), Faiss(signals, queries)
            same = QUERIES if entries <= 1_000_000 else 200
            assert ours.hits(same) == peer.hits(same), "the matches differ"
            for batch, counts in BATCHES.items():
                count = counts[min(column, len(counts) - 1)]
                rounds = FEW_ROUNDS if entries * count >= 10**10 else ROUNDS[entries]
                compare(ours, peer, entries, batch, count, rounds)
            ours.child.stdin.close()
            ours.child.wait()


def compare(ours, peer, entries, batch, count, rounds):
    times = {"ours": [], "faiss": []}
    for _ in range(rounds):
        for name, side in (("ours", ours), ("faiss", peer)):
            nanoseconds, hits = side.time(count, batch)
            times[name].append(nanoseconds / count / 1000)
            times.setdefault("hits", hits)
            assert hits == times["hits"], "the numbers of matches differ"
    medians = {name: statistics.median(times[name]) for name in ("ours", "faiss")}
    line = {"entries": entries, "batch": batch, "queries": count, "hits": times["hits"]}
    line |= {f"{name}_us_a_query": round(median, 2) for name, median in medians.items()}
    line["ratio"] = round(medians["faiss"] / medians["ours"], 2)
    line["paired_ratios"] = [round(f / o, 2) for f, o in zip(times["faiss"], times["ours"])]
    print(json.dumps(line), flush=True)


if __name__ == "__main__":
    main(sys.argv[1], [int(size) for size in sys.argv[2:]])
