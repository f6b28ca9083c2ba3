"""Times PDQ of the same files in three implementations, interleaved, in processor time.

usage: compare.py PEER-PDQ PEER-RUST-PDQHASH > runs/NAME.jsonl

Pictures: the photographs that scikit-image and scikit-learn ship, fitted to 512×512, and generated
ones. All are given as PNG, so that every side hashes the same pixels; the photographs also as JPEG,
to time decoding. Two photographs enlarged to 12 megapixels show the cost of large ones.
"""

import io
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time

import numpy
import pdqhash
import PIL.Image
import skimage.data
import sklearn.datasets

from pictures import picture

ROUNDS = 15
LARGE_ROUNDS = 5
SKIMAGE = "astronaut brick camera cat coffee coins grass gravel hubble_deep_field immunohistochemistry moon page retina rocket text"
GENERATED = [
    ("rings", 200), ("discs", 1), ("discs", 2), ("stripes", 13), ("stripes", 31), ("blocks", 24),
    ("blocks", 50), ("smooth", 16), ("smooth", 40), ("smooth", 80), ("noise", 0), ("xor", 1),
]


def photographs():
    pictures = {name: getattr(skimage.data, name)() for name in SKIMAGE.split()}
    pictures |= {name: sklearn.datasets.load_sample_image(f"{name}.jpg") for name in ("china", "flower")}
    return {name: PIL.Image.fromarray(pixels).convert("RGB") for name, pixels in pictures.items()}


def write(folder):
    """Writes the files and gives their paths by set."""
    sets = {"photographs 512, PNG": [], "photographs 512, JPEG": [], "generated 512, PNG": [], "12 MP, JPEG": []}

    def save(kind, name, image, **options):
        path = os.path.join(folder, name)
        image.save(path, **options)
        sets[kind].append(path)

    for name, image in photographs().items():
        fitted = image.resize((512, 512), PIL.Image.Resampling.LANCZOS)
        save("photographs 512, PNG", f"{name}.png", fitted)
        save("photographs 512, JPEG", f"{name}.jpg", fitted, quality=90)
        if name in ("china", "flower"):
            large = image.resize((4032, 3024), PIL.Image.Resampling.BICUBIC)
            save("12 MP, JPEG", f"{name}-large.jpg", large, quality=90)
    for family, p in GENERATED:
        image = PIL.Image.fromarray(picture(family, p, 512, 512)).convert("RGB")
        save("generated 512, PNG", f"{family}-{p}.png", image)
    return sets


class Child:
    def __init__(self, program, paths):
        self.paths = paths
        self.child = subprocess.Popen([program, *paths], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def ask(self, line):
        self.child.stdin.write(line + "\n")
        self.child.stdin.flush()
        return self.child.stdout.readline().split()

    def times(self, line):
        return [int(time) for time in self.ask(line)]

    def signals(self, line):
        answers = [self.ask(line)]
        answers += [self.child.stdout.readline().split() for _ in self.paths[1:]]
        return answers


class Binding:
    def __init__(self, paths):
        self.files = [open(path, "rb").read() for path in paths]
        self.pixels = [self.decode(file) for file in self.files]

    @staticmethod
    def decode(file):
        return numpy.asarray(PIL.Image.open(io.BytesIO(file)).convert("RGB"))

    @staticmethod
    def times(inputs, work):
        times = []
        for item in inputs:
            start = time.process_time_ns()
            work(item)
            times.append(time.process_time_ns() - start)
        return times

    def signals(self):
        for pixels in self.pixels:
            (plain, quality), (dihedral, _) = pdqhash.compute(pixels), pdqhash.compute_dihedral(pixels)
            yield [str(quality)] + [hexadecimal(bits) for bits in [plain, *dihedral[1:]]]


def hexadecimal(bits):
    return f"{int(''.join(map(str, bits)), 2):064x}"


def bits_apart(a, b):
    return (int(a, 16) ^ int(b, 16)).bit_count()


def compare(kind, paths, ours, rust, rounds):
    binding = Binding(paths)
    ours, rust = Child(ours, paths), Child(rust, paths)
    signals, published = ours.signals("signals full"), list(binding.signals())
    if paths[0].endswith(".png"):
        assert signals == published, "our signals differ from the binding's"
    apart = [bits_apart(a[1], b[1]) for a, b in zip(rust.signals("signals"), published)]
    sides = {
        "ours, full: 8 orientations": lambda: ours.times("hash full"),
        "ours, reference: 8 orientations": lambda: ours.times("hash reference"),
        "pdqhash-python compute: 1": lambda: binding.times(binding.pixels, pdqhash.compute),
        "pdqhash-python compute_dihedral: 8": lambda: binding.times(binding.pixels, pdqhash.compute_dihedral),
        "rust pdqhash 0.1.1: 1": lambda: rust.times("hash"),
        "decode: ours": lambda: ours.times("decode"),
        "decode: Pillow": lambda: binding.times(binding.files, binding.decode),
        "decode: image 0.23": lambda: rust.times("decode"),
    }
    times = {name: [] for name in sides}
    for _ in range(rounds):
        for name, side in sides.items():
            times[name].append(statistics.median(side()) / 1000)
    medians = {name: round(statistics.median(rounds), 1) for name, rounds in times.items()}
    base = "ours, full: 8 orientations"
    ratios = {name: round(statistics.median(b / a for a, b in zip(times[base], times[name])), 2) for name in times}
    print(json.dumps({
        "set": kind, "pictures": len(paths), "rounds": rounds, "median_us": medians,
        "median_paired_ratio_to_ours_full": ratios, "rust_pdqhash_bits_from_binding": apart,
        "rounds_us": {name: [round(t, 1) for t in rounds] for name, rounds in times.items()},
    }), flush=True)
    for child in (ours, rust):
        child.child.stdin.close()
        child.child.wait()


def main(ours, rust):
    print(json.dumps({"numpy": numpy.__version__, "pillow": PIL.__version__, "python": sys.version.split()[0]}))
    with tempfile.TemporaryDirectory() as folder:
        for kind, paths in write(folder).items():
            compare(kind, paths, ours, rust, LARGE_ROUNDS if "12 MP" in kind else ROUNDS)


if __name__ == "__main__":
    main(*sys.argv[1:])
