"""Prints a list of random MD5, one a line, from a seed: python3 list.py ENTRIES SEED."""

import random
import sys

chance = random.Random(int(sys.argv[2]))
left = int(sys.argv[1])
while left > 0:
    count = min(left, 100_000)
    digits = chance.randbytes(16 * count).hex()
    sys.stdout.write("".join(digits[i : i + 32] + "\n" for i in range(0, 32 * count, 32)))
    left -= count
