"""Two-stage LightGBM on the features that the glass box starts from, for comparison.

Payees are scored on their own features; best, mean and sum of their scores feed payers; payers'
scores feed payees back. Scores that feed a later stage come from models that did not see their world.
Usage: peer.py FOLDER SHARE, with the tables that `flows-quality labelled` writes to FOLDER.
"""
import glob
import sys

import lightgbm as lgb
import numpy as np
from sklearn.metrics import average_precision_score

WIDTH = {"payees": 26, "payers": 22}


def load(stem):
    world = {}
    for side, width in WIDTH.items():
        rows = np.fromfile(f"{stem}.{side}", "<f4").reshape(-1, width + 2)
        world[side] = dict(account=rows[:, 0].astype(int), label=rows[:, 1], x=rows[:, 2:])
    world["edges"] = np.fromfile(f"{stem}.edges", "<u4").reshape(-1, 3).astype(int)
    world["many"] = 1 + max(world["edges"][:, :2].max(), *(world[s]["account"].max() for s in WIDTH))
    return world


def gathered(world, side, scores):
    """Best, second, mean and sum of the scores of the accounts at the other end."""
    own, other = (0, 1) if side == "payers" else (1, 0)
    edges, many = world["edges"], world["many"]
    log_odds = scores[edges[:, other]]
    order = np.lexsort((log_odds, edges[:, own]))
    owners, values = edges[order, own], log_odds[order]
    best, second = np.full(many, -12.0), np.full(many, -12.0)
    last = np.r_[owners[1:] != owners[:-1], True]
    best[owners[last]] = values[last]
    place = np.flatnonzero(last)
    before = place[(place > 0)]
    same = owners[before - 1] == owners[before]
    second[owners[before[same]]] = values[before[same] - 1]
    chance = 1 / (1 + np.exp(-log_odds))
    total = np.bincount(edges[:, own], chance, many)
    count = np.maximum(np.bincount(edges[:, own], minlength=many), 1)
    columns = np.c_[best, second, total, total / count]
    return columns[world[side]["account"]]


def fitted(worlds, side, tables):
    x = np.vstack(tables)
    y = np.concatenate([world[side]["label"] for world in worlds])
    settings = dict(objective="binary", learning_rate=0.05, num_leaves=31, min_child_samples=20,
                    bagging_fraction=0.8, bagging_freq=1, feature_fraction=0.8, verbose=-1, seed=1,
                    num_threads=2)
    return lgb.train(settings, lgb.Dataset(x, y), 200)


def spread(world, side, log_odds):
    scores = np.full(world["many"], -12.0)
    scores[world[side]["account"]] = log_odds
    return scores


def stage(worlds, tests, side, before):
    """A model of one side; scores of each training world by the others, of each test by all."""
    def table(n, world, which):
        given = before[which][n] if before else None
        x = world[side]["x"]
        return x if given is None else np.c_[x, gathered(world, side, given)]
    tables = [table(n, world, 0) for n, world in enumerate(worlds)]
    known = []
    for n, world in enumerate(worlds):
        others = [m for m in range(len(worlds)) if m != n]
        model = fitted([worlds[m] for m in others], side, [tables[m] for m in others])
        known.append(spread(world, side, model.predict(tables[n], raw_score=True)))
    model = fitted(worlds, side, tables)
    found = [spread(world, side, model.predict(table(n, world, 1), raw_score=True))
             for n, world in enumerate(tests)]
    return known, found


def main():
    folder, share = sys.argv[1:]
    worlds = [load(stem[:-6]) for stem in sorted(glob.glob(f"{folder}/train{share}-*.edges"))]
    names = sorted(glob.glob(f"{folder}/test-*.edges"))
    tests = [load(stem[:-6]) for stem in names]
    before = None
    for side in ("payees", "payers", "payees", "payers"):
        before = stage(worlds, tests, side, before)
        figures = {}
        for stem, world, scores in zip(names, tests, before[1]):
            variant = stem.split("/")[-1].split("-")[1]
            rows = world[side]
            figure = average_precision_score(rows["label"], scores[rows["account"]])
            figures.setdefault(variant, []).append(figure)
        means = {variant: round(float(np.mean(of)), 3) for variant, of in figures.items()}
        print(f"labels {share}, {side}: {means}", flush=True)


main()
