"""Makes the signals, the questions and the picture of the comparison, all from one seed.

    signals.py FOLDER [COUNT] [QUESTIONS]

bank.txt      COUNT signals with 128 of 256 bits set, as proper PDQ signals have; the last one is the picture's
questions.txt QUESTIONS signals, half of them at an even distance of 0 to 30 from one in the bank, half drawn anew
photo.jpg     a picture of 512 x 512 pixels with coarse and fine detail
photo.body    the same as the body of an upload, field `photo`
photo.hex     its signal, as python-threatexchange computes it
"""

import random
import sys
from pathlib import Path

import numpy
from PIL import Image
from threatexchange.signal_type.pdq.signal import PdqSignal

SEED = 20261125
BOUNDARY = "tutela-peer-boundary"
PHOTO_ID = "photo"


def proper(rng):
    """A signal with half of its bits set."""
    bits = 0
    for place in rng.sample(range(256), 128):
        bits |= 1 << place
    return bits


def moved(rng, signal, pairs):
    """The signal with `pairs` bits cleared and as many set: at distance twice `pairs`."""
    ones = [place for place in range(256) if signal >> place & 1]
    zeros = [place for place in range(256) if not signal >> place & 1]
    for place in rng.sample(ones, pairs) + rng.sample(zeros, pairs):
        signal ^= 1 << place
    return signal


def picture(path):
    """Octaves of noise, each enlarged smoothly: coarse shapes with fine grain, as a photograph has."""
    rng = numpy.random.default_rng(SEED)
    total = numpy.zeros((512, 512, 3))
    for side, weight in ((4, 1.0), (8, 0.6), (16, 0.35), (64, 0.2), (256, 0.3)):
        small = Image.fromarray(rng.integers(0, 256, (side, side, 3), dtype=numpy.uint8))
        total += weight * numpy.asarray(small.resize((512, 512), Image.Resampling.BICUBIC), dtype=float)
    total = (total - total.min()) / (total.max() - total.min()) * 255
    Image.fromarray(total.astype(numpy.uint8)).save(path, quality=90, subsampling=2)


def upload(jpeg):
    head = (
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{PHOTO_ID}"; filename="photo.jpg"\r\n'
        "Content-Type: image/jpeg\r\n\r\n"
    )
    return head.encode() + jpeg + f"\r\n--{BOUNDARY}--\r\n".encode()


def main():
    folder = Path(sys.argv[1])
    count = int(sys.argv[2]) if len(sys.argv) > 2 else 100_000
    asked = int(sys.argv[3]) if len(sys.argv) > 3 else 2_000
    rng = random.Random(SEED)
    picture(folder / "photo.jpg")
    jpeg = (folder / "photo.jpg").read_bytes()
    (folder / "photo.body").write_bytes(upload(jpeg))
    signal = PdqSignal.hash_from_bytes(jpeg)
    (folder / "photo.hex").write_text(signal)
    bank = [proper(rng) for _ in range(count - 1)] + [int(signal, 16)]
    questions = [moved(rng, rng.choice(bank), rng.randrange(16)) for _ in range(asked // 2)]
    questions += [proper(rng) for _ in range(asked - len(questions))]
    rng.shuffle(questions)
    (folder / "bank.txt").write_text("".join(f"{value:064x}\n" for value in bank))
    (folder / "questions.txt").write_text("".join(f"{value:064x}\n" for value in questions))


if __name__ == "__main__":
    main()
