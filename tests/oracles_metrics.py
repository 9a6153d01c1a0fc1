"""The measures in their plainest form, pair by pair and article by article."""

from itertools import combinations


def pairs_in(clusters):
    return {(a, b) for a, b in combinations(range(len(clusters)), 2) if clusters[a] == clusters[b]}


def counts(predicted, truth):
    claimed, right = pairs_in(predicted), pairs_in(truth)
    return len(claimed & right), len(claimed - right), len(right - claimed)


def adjusted_rand_index(predicted, truth):
    claimed, right = pairs_in(predicted), pairs_in(truth)
    if claimed == right:
        return 1.0
    n_pairs = len(truth) * (len(truth) - 1) / 2
    expected = len(claimed) * len(right) / n_pairs
    return (len(claimed & right) - expected) / ((len(claimed) + len(right)) / 2 - expected)


def b_cubed(predicted, truth):
    everyone = range(len(truth))
    precision = recall = 0.0
    for article in everyone:
        mine = {other for other in everyone if predicted[other] == predicted[article]}
        theirs = {other for other in everyone if truth[other] == truth[article]}
        precision += len(mine & theirs) / len(mine)
        recall += len(mine & theirs) / len(theirs)
    return precision / len(truth), recall / len(truth)


def average_precision(scores, truth):
    positives = [score for score, right in zip(scores, truth, strict=True) if right]
    total = 0.0
    for at in positives:
        taken = [right for score, right in zip(scores, truth, strict=True) if score >= at]
        total += sum(taken) / len(taken)
    return total / len(positives)


def area_under_roc(scores, truth):
    rows = list(zip(scores, truth, strict=True))
    duels = [
        (mine > theirs) + (mine == theirs) / 2 for mine, right in rows if right for theirs, same in rows if not same
    ]
    return sum(duels) / len(duels)


def at_threshold(scores, truth, threshold):
    taken = [right for score, right in zip(scores, truth, strict=True) if score >= threshold]
    precision = sum(taken) / len(taken) if taken else 1.0
    recall = sum(taken) / sum(truth) if any(truth) else 1.0
    return precision, recall
