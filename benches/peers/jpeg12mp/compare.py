"""Times 12-megapixel JPEGs from file to PDQ in three implementations, in turn, in processor time.

usage: compare.py PEER-JPEG12MP PEER-REFERENCE FOLDER > runs/NAME.jsonl
"""

import glob
import json
import os
import statistics
import subprocess
import sys
import time

import numpy
import pdqhash
import PIL.Image

ROUNDS = 5
# As tutela-app starts its workers: memory stays where it is for the next picture.
WORKER_MEMORY = {
    "GLIBC_TUNABLES": "glibc.malloc.hugetlb=1:glibc.malloc.mmap_threshold=67108864:"
    "glibc.malloc.trim_threshold=134217728:glibc.malloc.top_pad=8388608"
}


class Child:
    def __init__(self, program, paths, **environment):
        self.files = len(paths)
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
        self.child = subprocess.Popen([program, *paths], env=os.environ | environment, **pipes)

    def ask(self, line, lines):
        self.child.stdin.write(line + "\n")
        self.child.stdin.flush()
        return [self.child.stdout.readline().split() for _ in range(lines)]

    def times(self, line):
        return [int(time) for time in self.ask(line, 1)[0]]

    def signals(self, line):
        return [signal for _, signal in self.ask(line, self.files)]

    def close(self):
        self.child.stdin.close()
        self.child.wait()


def binding(path):
    """As python-threatexchange hashes a file, and with it HMA."""
    return pdqhash.compute(numpy.asarray(PIL.Image.open(path)))


def binding_times(paths):
    times = []
    for path in paths:
        start = time.process_time_ns()
        binding(path)
        times.append(time.process_time_ns() - start)
    return times


def hexadecimal(bits):
    return f"{int(''.join(map(str, bits)), 2):064x}"


def apart(ones, others):
    return [(int(a, 16) ^ int(b, 16)).bit_count() for a, b in zip(ones, others)]


def compare(kind, paths, ours, reference):
    ours, reference = Child(ours, paths, **WORKER_MEMORY), Child(reference, paths)
    bits = {
        "reference, from the C++ reference": apart(ours.signals("signals reference"), reference.signals("signals")),
        "full, from the Python binding": apart(ours.signals("signals full"), [hexadecimal(binding(path)[0]) for path in paths]),
    }
    sides = {
        "ours, reference": lambda: ours.times("time reference"),
        "ours, full": lambda: ours.times("time full"),
        "ours, both": lambda: ours.times("time reference full"),
        "C++ reference": lambda: reference.times("time"),
        "Python binding (full)": lambda: binding_times(paths),
    }
    times = {name: [] for name in sides}
    for _ in range(ROUNDS):
        for name, side in sides.items():
            times[name].append(round(statistics.median(side()) / 1e6, 2))

    def ratio(peer, own):
        return round(statistics.median(a / b for a, b in zip(times[peer], times[own])), 2)

    print(json.dumps({
        "kind": kind, "files": len(paths), "bytes": [os.path.getsize(path) for path in paths], "rounds": ROUNDS,
        "median_cpu_ms": {name: statistics.median(rounds) for name, rounds in times.items()},
        "C++ reference / ours, reference": ratio("C++ reference", "ours, reference"),
        "Python binding / ours, full": ratio("Python binding (full)", "ours, full"),
        "Python binding / ours, both": ratio("Python binding (full)", "ours, both"),
        "bits_apart": bits, "rounds_ms": times,
    }), flush=True)
    ours.close()
    reference.close()


def main(ours, reference, folder):
    print(json.dumps({"numpy": numpy.__version__, "pillow": PIL.__version__, "python": sys.version.split()[0]}))
    for kind in ("baseline-q75", "baseline-q92", "progressive-q75", "progressive-q92"):
        compare(kind, sorted(glob.glob(os.path.join(folder, f"{kind}-*.jpg"))), ours, reference)


if __name__ == "__main__":
    main(*sys.argv[1:])
