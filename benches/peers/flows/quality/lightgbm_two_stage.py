"""LightGBM in two stages on the feature tables and worlds of Tutela.

Reads worlds that the example `tables` of tutela-flow wrote (see README.md). Learns from `in` worlds, seeds 1 to 3; scores of
one stage are made by models that did not see the world before they feed the next stage. Prints one JSON line a test world.

    python lightgbm_two_stage.py --train DIR/in-1 DIR/in-2 DIR/in-3 --test DIR/hard-61 … [--partial payees|both]
"""
import argparse
import json
import sys

import lightgbm
import numpy as np
import scipy.sparse as sp
from sklearn.metrics import average_precision_score


def world(path):
    """Sections of one file, by name."""
    found = {}
    with open(path, "rb") as file:
        while line := file.readline():
            name, kind, count = line.split()
            kind = np.dtype("<" + kind.decode())
            found[name.decode()] = np.frombuffer(file.read(kind.itemsize * int(count)), kind)
    return found


def plain(world, side):
    return {name.split(":")[1]: column for name, column in world.items() if name.startswith(side + ":")}


def chance(score):
    return 1 / (1 + np.exp(-score))


def best_three(groups, scores, many):
    """Best three scores of each group; -12 stands for one that is not there."""
    order = np.lexsort((-scores, groups))
    sorted_groups, sorted_scores = groups[order], np.maximum(scores[order], -12)
    first = np.searchsorted(sorted_groups, np.arange(many))
    size = np.bincount(groups, minlength=many)
    best = np.full((3, many), -12.0)
    for n in range(3):
        has = size > n
        best[n, has] = sorted_scores[first[has] + n]
    return best


def most(groups, values, many, empty):
    best = np.full(many, empty)
    np.maximum.at(best, groups, values)
    return best


def beside(world):
    """Pairs of payees that share a payer, and a region or a phone: the same pairs as tutela-flow's."""
    many = len(world["region"])
    ends = sp.csr_matrix((np.ones(len(world["edge_payer"]), np.int32), (world["edge_payer"], world["edge_payee"])), (many, many))
    pairs = (ends.T @ ends).tocoo()
    a, b = pairs.row, pairs.col
    region, phone = world["region"], world["phone"]
    alike = ((region[a] == region[b]) & (region[a] > 0)) | ((phone[a] == phone[b]) & (phone[a] > 0))
    keep = (a != b) & alike
    return a[keep], b[keep]


def payer_features(world, payees, payers):
    """What the payees of each payer look like; `payees` and `payers` are scores by account."""
    many = len(world["region"])
    who, whom, times = world["edge_payer"], world["edge_payee"], world["edge_transfers"].astype(float)
    score = payees[whom]
    look = chance(score)
    sum_of = lambda values: np.bincount(who, values, many)
    transfers = np.maximum(sum_of(times), 1)
    best = best_three(who, score, many)
    features = {
        "best_payee": best[0],
        "second_payee": best[1],
        "mean_payee": sum_of(np.maximum(score, -12) * times) / transfers,
        "sum_of_payees": sum_of(look),
        "share_to_suspected": sum_of(look * times) / transfers,
        "suspected_in_turn": sum_of((look > 0.3).astype(float)),
    }
    if payers is not None:
        own = chance(payers[who])
        company = np.bincount(whom, own, many)[whom] - own
        features["company_of_best"] = most(who, company, many, 0.0)
        features["company_mean"] = sum_of(company) / np.maximum(np.bincount(who, minlength=many), 1)
    return {name: column[world["payer_accounts"]] for name, column in features.items()}


def payee_features(world, payees, payers):
    many = len(world["region"])
    who, whom = world["edge_payer"], world["edge_payee"]
    score = payers[who]
    best = best_three(whom, score, many)
    sum_of = np.bincount(whom, chance(score), many)
    a, b = world["beside"]
    near = payees[b]
    out, to = world["domestic_payer"], world["domestic_payee"]
    onward = np.maximum(most(out, payees[to], many, -12.0), most(to, payees[out], many, -12.0))
    features = {
        "best_payer": best[0],
        "second_payer": best[1],
        "third_payer": best[2],
        "mean_payer": sum_of / np.maximum(np.bincount(whom, minlength=many), 1),
        "sum_of_payers": sum_of,
        "best_neighbour": np.maximum(most(a, near, many, -12.0), -12.0),
        "sum_of_neighbours": np.bincount(a, chance(near), many),
        "best_onward": onward,
    }
    return {name: column[world["payee_accounts"]] for name, column in features.items()}


def fitted(tables, labels, seed):
    model = lightgbm.LGBMClassifier(
        n_estimators=400, learning_rate=0.03, num_leaves=31, min_child_samples=20, subsample=0.8, subsample_freq=1,
        colsample_bytree=0.6, reg_lambda=1.0, n_jobs=1, random_state=seed, verbose=-1,
    )
    return model.fit(np.concatenate(tables), np.concatenate(labels))


def by_account(world, side, scores):
    found = np.full(len(world["region"]), -np.inf)
    found[world[side + "_accounts"]] = scores
    return found


def step(training, testing, side, tables, tests, labels, seed):
    """Scores by account of training worlds, each without itself, and of test worlds."""
    score = lambda model, table: model.predict(table, raw_score=True)
    whole = fitted(tables, labels, seed)
    held = []
    for n in range(len(tables)):
        others = [m for m in range(len(tables)) if m != n]
        model = fitted([tables[m] for m in others], [labels[m] for m in others], seed)
        held.append(by_account(training[n], side, score(model, tables[n])))
    return held, [by_account(testing[n], side, score(whole, tests[n])) for n in range(len(tests))], whole


def stacked(features):
    return np.column_stack(list(features.values())).astype(np.float32)


def figures(scores, world, side, truth):
    rows = world[side + "_accounts"]
    marked, ranked = world[truth][rows], scores[rows]
    ranked = np.where(np.isfinite(ranked), ranked, -1e9)
    order = np.argsort(-ranked, kind="stable")
    found = np.cumsum(marked[order])
    whole = {"ap": average_precision_score(marked, ranked)}
    for many in (100, 500):
        whole[f"p{many}"], whole[f"r{many}"] = found[many - 1] / many, found[many - 1] / marked.sum()
    return {name: round(float(value), 4) for name, value in whole.items()}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--train", nargs="+", required=True)
    parser.add_argument("--test", nargs="+", required=True)
    parser.add_argument("--partial", choices=["none", "payees", "both"], default="none")
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    training, testing = [[world(path) for path in paths] for paths in (args.train, args.test)]
    for one in training + testing:
        one["beside"] = beside(one)
    known = {"payee": "known_facilitators" if args.partial != "none" else "facilitators",
             "payer": "known_buyers" if args.partial == "both" else "buyers"}
    label = lambda one, side: one[known[side]][one[side + "_accounts"]]
    payees = payers = test_payees = test_payers = None
    for round in range(args.rounds):
        extra = lambda one, n, near, far: payee_features(one, near[n], far[n]) if far else {}
        tables = [stacked(plain(one, "payee") | extra(one, n, payees, payers)) for n, one in enumerate(training)]
        tests = [stacked(plain(one, "payee") | extra(one, n, test_payees, test_payers)) for n, one in enumerate(testing)]
        labels = [label(one, "payee") for one in training]
        payees, test_payees, _ = step(training, testing, "payee", tables, tests, labels, args.seed)
        extra = lambda one, n, near, far: payer_features(one, near[n], far[n] if far else None)
        tables = [stacked(plain(one, "payer") | extra(one, n, payees, payers)) for n, one in enumerate(training)]
        tests = [stacked(plain(one, "payer") | extra(one, n, test_payees, test_payers)) for n, one in enumerate(testing)]
        labels = [label(one, "payer") for one in training]
        payers, test_payers, _ = step(training, testing, "payer", tables, tests, labels, args.seed)
        for path, one, a, b in zip(args.test, testing, test_payers, test_payees):
            said = {"world": path.split("/")[-1], "labels": args.partial, "round": round,
                    "payers": figures(a, one, "payer", "buyers"), "payees": figures(b, one, "payee", "facilitators")}
            print(json.dumps(said), flush=True)


sys.exit(main())
