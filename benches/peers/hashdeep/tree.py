"""Makes a tree of files with the sizes of a phone and a desktop, from a seed: python3 tree.py DIR [FILES] [SEED]."""

import os
import random
import sys

# How many of a thousand files lie in which range of sizes: notes and caches, thumbnails, pictures, short films.
BANDS = [
    (10, 0, 0),
    (330, 1, 4 << 10),
    (350, 4 << 10, 32 << 10),
    (230, 32 << 10, 200 << 10),
    (70, 200 << 10, 1 << 20),
    (10, 1 << 20, 6 << 20),
]


def main():
    folder, files, seed = sys.argv[1], int((sys.argv[2:] or ["20000"])[0]), int((sys.argv[3:] or ["7"])[0])
    chance = random.Random(seed)
    weights = [weight for weight, _, _ in BANDS]
    total = 0
    for number in range(files):
        _, low, high = chance.choices(BANDS, weights)[0]
        # Text at the beginning: no file is taken for a picture or an archive, which would be decoded.
        text = f"file {number} of seed {seed}\n".encode()
        size = chance.randint(low, high)
        # One file in ten repeats another, as on devices.
        body = random.Random(seed + (number if number % 10 else number // 10)).randbytes(max(0, size - len(text)))
        path = os.path.join(folder, f"{number % 40:02}", f"{number // 40 % 12:02}", f"{number:05}.dat")
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "wb") as file:
            file.write((text + body)[:size])
        total += size
    print(f"{files} files, {total} bytes, seed {seed}", file=sys.stderr)


main()
