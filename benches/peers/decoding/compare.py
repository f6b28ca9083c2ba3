"""Compares our samples with Pillow's, and our PDQ with that of what pytx feeds to it.

usage: compare.py PEER-DECODING FOLDER > runs/NAME.jsonl
"""

import glob
import json
import os
import subprocess
import sys

import numpy
import pdqhash
from PIL import Image


def pillow(picture, channels):
    """The picture as it should be: palette looked up, transparency over white, depth rounded."""
    if picture.mode in ("RGBA", "LA") or "transparency" in picture.info:
        white = Image.new("RGBA", picture.size, (255, 255, 255, 255))
        picture = Image.alpha_composite(white, picture.convert("RGBA")).convert("RGB")
    elif picture.mode.startswith("I;16"):
        picture = Image.fromarray(numpy.round(numpy.asarray(picture) * (255 / 65535)).astype(numpy.uint8))
    elif picture.mode == "F":
        picture = Image.fromarray((numpy.asarray(picture).clip(0, 1) * 255 + 0.5).astype(numpy.uint8))
    picture = picture.convert("RGB" if channels == 3 else "L")
    return numpy.asarray(picture).reshape(picture.height, picture.width, channels)


def pytx(picture):
    """What python-threatexchange's pdq_hasher hands to pdqhash."""
    array = numpy.asarray(picture.convert("RGB") if picture.mode == "LA" else picture)
    return numpy.repeat(array[..., None], 3, 2) if array.ndim == 2 else array


def signal(samples):
    samples = numpy.repeat(samples, 3, 2) if samples.shape[2] == 1 else samples
    return pdqhash.compute(numpy.ascontiguousarray(samples))[0]


def compare(line):
    file, *fields = line.split("\t")
    picture = Image.open(file)
    picture.load()
    result = {"file": file, "mode": picture.mode}
    if len(fields) == 1:
        return result | {"failure": fields[0]}
    width, height, channels = map(int, fields)
    ours = numpy.fromfile(f"{file}.raw", numpy.uint8).reshape(height, width, channels)
    apart = numpy.abs(pillow(picture, channels).astype(int) - ours)
    result |= {"max": int(apart.max()), "mean": round(float(apart.mean()), 3)}
    result["pdq_bits"] = int((signal(pillow(picture, channels)) != signal(ours)).sum())
    try:
        theirs, quality = pdqhash.compute(pytx(picture))
        result |= {"pytx_bits": int((theirs != signal(ours)).sum()), "pytx_quality": int(quality)}
    except ValueError:
        result["pytx_bits"] = None
    return result


program = os.path.abspath(sys.argv[1])
os.chdir(sys.argv[2])
files = sorted(f for f in glob.glob("*.*") if not f.endswith(".raw"))
run = subprocess.run([program, *files], check=True, text=True, capture_output=True)
for line in run.stdout.splitlines():
    print(json.dumps(compare(line)))
