"""Makes streams of transfers from a fixed seed, as records and as Parquet.

usage: stream.py KIND TRANSFERS DAYS FILE      writes FILE (24-byte records in time order) and FILE.parquet

A record is payer and payee (64-bit ids), time in seconds (32 bit), amount in minor units (32 bit). KIND:
  bip      remittances: payers with one to three payees of their own, 12 % of transfers to power-law hubs
  uni      account to account: power-law ends, 60 % inside communities of 50, ten transfers an account
  random   account to account, all ends alike
  hub      everybody pays one account
"""

import sys

import numpy
import pyarrow
import pyarrow.parquet

RECORD = numpy.dtype([("payer", "<u8"), ("payee", "<u8"), ("time_s", "<u4"), ("amount_minor", "<u4")])
START_S = 1_735_689_600


def power(random, size, among, exponent):
    """Places from 0, the first ones far more often."""
    return (among * random.random(size) ** exponent).astype(numpy.uint64)


def bip(random, n, days):
    # As many payers as make 2.2 transfers each in 30 days.
    payers = max(10, int(n / 2.24 / max(1, days / 30)))
    weight = random.gamma(1.4, 1, payers)
    payer = random.choice(payers, n, p=weight / weight.sum()).astype(numpy.uint64)
    own = random.integers(1, 4, payers)[payer]
    payee = payers + payer * 3 + (own * random.random(n) ** 1.7).astype(numpy.uint64)
    to_hub = random.random(n) < 0.12
    payee[to_hub] = payers * 4 + power(random, to_hub.sum(), max(10, n // 500), 3)
    return payer, payee


def uni(random, n, days):
    accounts = n // 10
    payer, payee = power(random, n, accounts, 2), power(random, n, accounts, 2)
    near = random.random(n) < 0.6
    payee[near] = payer[near] // 50 * 50 + random.integers(0, 50, near.sum()).astype(numpy.uint64)
    return payer, payee


def uniform(random, n, days):
    return random.integers(0, n // 10, (2, n)).astype(numpy.uint64)


def hub(random, n, days):
    return random.integers(1, n // 2, n).astype(numpy.uint64), numpy.zeros(n, numpy.uint64)


def main(kind, n, days, path):
    random = numpy.random.default_rng(20_261_201 + n)
    payer, payee = {"bip": bip, "uni": uni, "random": uniform, "hub": hub}[kind](random, n, days)
    payee[payer == payee] += 1
    out = numpy.empty(n, RECORD)
    # Ids far apart, as account numbers are.
    out["payer"], out["payee"] = payer * 7919 + 1_000_003, payee * 7919 + 1_000_003
    out["time_s"] = START_S + numpy.sort(random.integers(0, days * 86_400, n))
    out["amount_minor"] = numpy.clip(random.lognormal(8.5, 0.9, n), 100, 10_000_000)
    out.tofile(path)
    columns = {name: out[name].astype("<i8") for name in RECORD.names}
    pyarrow.parquet.write_table(pyarrow.table(columns), f"{path}.parquet", compression="snappy")


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), sys.argv[4])
