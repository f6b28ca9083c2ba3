"""Writes tests/data/pdq-full.csv: what the Python binding makes of the generated pictures.

usage: full_vectors.py PDQ-SYNTHETIC-VECTORS.CSV > pdq-full.csv

The pictures, their digests and the columns are those of the file given, for pictures with a side
above 512 pixels: where the binding, which filters at full size, and the C++ tool differ.
"""

import csv
import hashlib
import sys

import numpy
import pdqhash

from pictures import picture

DIHEDRAL = ["orig", "rot90", "rot180", "rot270", "flipx", "flipy", "flipplus1", "flipminus1"]
SAME = ["file", "family", "param", "width", "height", "channels", "sha256_raw_pixels"]


def hexadecimal(bits):
    return f"{int(''.join(map(str, bits)), 2):064x}"


def main(path):
    columns = [*SAME, "quality", "hash", *(f"dih_{name}" for name in DIHEDRAL)]
    writer = csv.DictWriter(sys.stdout, columns, lineterminator="\n")
    writer.writeheader()
    for row in csv.DictReader(open(path)):
        width, height = int(row["width"]), int(row["height"])
        if max(width, height) <= 512:
            continue
        pixels = picture(row["family"], int(row["param"]), width, height)
        assert hashlib.sha256(pixels.tobytes()).hexdigest() == row["sha256_raw_pixels"], row["file"]
        if pixels.ndim == 2:
            pixels = numpy.repeat(pixels[..., None], 3, axis=2)
        plain, quality = pdqhash.compute(pixels)
        dihedral, _ = pdqhash.compute_dihedral(pixels)
        out = {name: row[name] for name in SAME} | {"quality": quality, "hash": hexadecimal(plain)}
        writer.writerow(out | {f"dih_{n}": hexadecimal(bits) for n, bits in zip(DIHEDRAL, dihedral)})


if __name__ == "__main__":
    main(sys.argv[1])
