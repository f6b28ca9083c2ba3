"""Times our index beside FAISS, interleaved, in processor time.

usage: compare.py PEER-SEARCH KIND ENTRIES PEERS > runs/NAME.jsonl     (makes its data from a fixed seed)

KIND is `uniform`, or `clustered`: variants of few hundred centres, and of pictures where scikit-image and
pdqhash are there. PEERS names what stands beside ours, with commas: flat, mih11, mih16, or none.
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
ROUNDS = int(os.environ.get("PEER_ROUNDS", 7))


def flipped(random, signals, bits):
    """Signals with so many bits flipped, each in its own places."""
    width = signals.shape[1] * 8
    places = numpy.argsort(random.random((len(signals), width), dtype=numpy.float32), axis=1)
    mask = numpy.zeros((len(signals), width), dtype=numpy.uint8)
    chosen = numpy.arange(width)[None, :] < bits[:, None]
    numpy.put_along_axis(mask, places, chosen.astype(numpy.uint8), axis=1)
    return signals ^ numpy.packbits(mask, axis=1)


def uniform(random, entries):
    """Every second query has one neighbour within the radius, one beyond it."""
    signals = random.integers(0, 256, (entries, 32), dtype=numpy.uint8)
    queries = random.integers(0, 256, (QUERIES, 32), dtype=numpy.uint8)
    near, far = random.choice(entries, (2, QUERIES // 2), replace=False)
    count = numpy.arange(QUERIES // 2)
    signals[near] = flipped(random, queries[::2], count % 32)
    signals[far] = flipped(random, queries[::2], 32 + count % 9)
    return signals, queries


def pictures():
    """PDQ of photographs and of their variants: scaled, compressed, cropped, turned brighter, noisy."""
    import io

    import pdqhash
    import skimage.data
    from PIL import Image, ImageEnhance

    names = ("astronaut", "camera", "cat", "coffee", "chelsea", "rocket", "coins", "brick", "grass",
             "gravel", "moon", "page", "text", "clock", "hubble_deep_field", "immunohistochemistry",
             "retina", "colorwheel", "cell")
    random = numpy.random.default_rng(5)
    signals = []
    for name in names:
        try:
            whole = Image.fromarray(getattr(skimage.data, name)()).convert("RGB")
        except Exception:  # a picture that would have to be fetched
            continue
        for _ in range(12):
            # A part of the picture is a picture of its own.
            side = [int(length * random.uniform(0.4, 1)) for length in whole.size]
            left, top = (int(random.uniform(0, w - s + 1)) for w, s in zip(whole.size, side))
            part = whole.crop((left, top, left + side[0], top + side[1]))
            part.thumbnail((400, 400))
            for _ in range(40):
                edge = random.uniform(0, 0.04, 4) * numpy.tile(part.size, 2)
                box = (edge[0], edge[1], part.size[0] - edge[2], part.size[1] - edge[3])
                scale = random.uniform(0.5, 1.2)
                size = [max(64, int(length * scale)) for length in part.size]
                variant = part.resize(size, Image.BILINEAR, box=box)
                variant = ImageEnhance.Brightness(variant).enhance(random.uniform(0.8, 1.2))
                stored = io.BytesIO()
                variant.save(stored, "JPEG", quality=int(random.integers(15, 95)))
                bits, quality = pdqhash.compute(numpy.array(Image.open(stored)))
                if quality >= 50:
                    signals.append(numpy.packbits(bits))
    return numpy.array(signals, dtype=numpy.uint8)


def clustered(random, entries):
    """A third variants of pictures, a third variants of 300 centres, a third strangers."""
    of_pictures = pictures()
    third = entries // 3
    near = lambda base, count: flipped(
        random, base[random.integers(0, len(base), count)], (random.exponential(9, count)).astype(int)
    )
    centres = random.integers(0, 256, (300, 32), dtype=numpy.uint8)
    strangers = random.integers(0, 256, (entries - 2 * third, 32), dtype=numpy.uint8)
    parts = []
    for base in (of_pictures, centres):
        # In pieces, as each needs some kilobytes a signal while it is made.
        for first in range(0, third, 200_000):
            parts.append(near(base, min(200_000, third - first)))
    signals = numpy.concatenate(parts + [strangers])
    random.shuffle(signals)
    queries = numpy.concatenate([
        of_pictures[random.integers(0, len(of_pictures), QUERIES // 4)],
        near(of_pictures, QUERIES // 4),
        near(centres, QUERIES // 4),
        random.integers(0, 256, (QUERIES - 3 * (QUERIES // 4), 32), dtype=numpy.uint8),
    ])
    random.shuffle(queries)
    return signals, queries


class Ours:
    def __init__(self, program, folder):
        self.folder = folder
        files = [os.path.join(folder, name) for name in ("entries", "queries")]
        self.child = subprocess.Popen(
            [program, *files], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def ask(self, *words):
        self.child.stdin.write(" ".join(map(str, words)) + "\n")
        self.child.stdin.flush()
        return json.loads(self.child.stdout.readline())

    def time(self, first, count, batch):
        answer = self.ask("time", first, count, batch, RADIUS)
        return answer["us_a_query"], answer["found"]

    def hits(self, count, radius):
        return sorted(map(tuple, self.ask("hits", 0, count, radius)))


class Faiss:
    MAKERS = {
        "flat": lambda: faiss.IndexBinaryFlat(256),
        "mih11": lambda: faiss.IndexBinaryMultiHash(256, 11, 23),
        "mih16": lambda: faiss.IndexBinaryMultiHash(256, 16, 16),
    }
    FLIPS = {"mih11": 2, "mih16": 1}

    def __init__(self, name, signals, queries):
        start = time.process_time()
        self.index = self.MAKERS[name]()
        if name in self.FLIPS:
            self.index.nflip = self.FLIPS[name]
        self.index.add(signals)
        self.build_s = time.process_time() - start
        self.queries = queries

    def time(self, first, count, batch):
        found = 0
        start = time.process_time_ns()
        for at in range(first, first + count, batch):
            limits, _, _ = self.index.range_search(self.queries[at : at + batch], RADIUS + 1)
            found += int(limits[-1])
        return (time.process_time_ns() - start) / 1000 / count, found

    def hits(self, count, radius):
        limits, distances, entries = self.index.range_search(self.queries[:count], radius + 1)
        query = numpy.repeat(numpy.arange(count), numpy.diff(limits.astype(numpy.int64)))
        return sorted(zip(query.tolist(), entries.tolist(), distances.astype(int).tolist()))


def recall(ours, flat, count):
    """Whether every match of the plain scan is found, at every radius; how many there are in all."""
    matches = 0
    for radius in range(RADIUS + 1):
        expected = flat.hits(count, radius)
        assert ours.hits(count, radius) == expected, f"the matches differ at radius {radius}"
        matches += len(expected)
    return {"recall": 1.0, "radii": f"0..{RADIUS}", "queries": count, "matches": matches}


def main(program, kind, entries, peers):
    faiss.omp_set_num_threads(1)
    say = lambda **line: print(json.dumps({"kind": kind, "entries": entries, **line}), flush=True)
    say(faiss=faiss.__version__, radius=RADIUS, load=os.getloadavg())
    random = numpy.random.default_rng(20_250_117 + entries)
    signals, queries = {"uniform": uniform, "clustered": clustered}[kind](random, entries)
    with tempfile.TemporaryDirectory() as folder:
        signals.tofile(os.path.join(folder, "entries"))
        queries.tofile(os.path.join(folder, "queries"))
        ours = Ours(program, folder)
        say(ours="build", **ours.ask("build"))
        say(ours="memory", **ours.ask("memory"))
        flat = Faiss("flat", signals, queries)
        sides = {name: flat if name == "flat" else Faiss(name, signals, queries) for name in peers}
        say(build_cpu_s={name: side.build_s for name, side in sides.items()})
        say(**recall(ours, flat, max(10, min(QUERIES, 2_000_000_000 // entries // 32))))
        for batch in (1, 8):
            compare(say, ours, sides, entries, batch)
        for _ in range(ROUNDS):
            say(ours="each", load=os.getloadavg(), **ours.ask("each", 0, QUERIES, RADIUS))
        ours.child.stdin.close()
        ours.child.wait()


def compare(say, ours, sides, entries, batch):
    """Rounds ours, peer, ours, peer. Slow peers get some of the queries, about a third of a second."""
    for name, side in sides.items():
        slow = {"flat": 3e-3, "mih16": 6e-3, "mih11": 6e-4}[name]
        count = int(max(16, min(QUERIES, 300_000 / (entries * slow)))) // 8 * 8
        times = {"ours": [], name: []}
        for turn in range(ROUNDS):
            times["ours"].append(ours.time(0, QUERIES, batch)[0])
            first = turn * count % (QUERIES - count + 1)
            times[name].append(side.time(first, count, min(batch, count))[0])
        ratios = [peer / own for own, peer in zip(times["ours"], times[name])]
        medians = {who: round(statistics.median(us), 2) for who, us in times.items()}
        say(batch=batch, peer=name, queries=count, us_a_query=medians, load=os.getloadavg(),
            ratio=round(statistics.median(ratios), 1), ratios=[round(r, 1) for r in ratios])


if __name__ == "__main__":
    _, program, kind, entries, peers = sys.argv
    main(program, kind, int(entries), [] if peers == "none" else peers.split(","))
