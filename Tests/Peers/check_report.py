#!/usr/bin/env python3
"""Recomputes every statistic of a report from what its trials recorded.

    Tests/Peers/check_report.py FOLDER_OF_PROGRAMS

Runs a study on the embedded digits with a coordinator and a worker of its own, reads the report and
every trial as JSON, and computes anew, with nothing but Python's standard library: standard errors,
means over seeds and their errors, the order of the entries, tie groups, the leader and what to
expect of it on new data, shares of divergence, importance, and budget correlations. Exit code 1
names what differs.
"""
import json
import math
import pathlib
import socket
import subprocess
import sys
import tempfile
import time

SPEC = """
study: checked
seed: 12
objective: {metric: val_accuracy, goal: maximize}
data: {dataset: digits, split: {train: 300, validation: 203}, preprocess: [zero-mean]}
model: {hidden: [16]}
train: {optimizer: momentum, momentum: 0.9, batch_size: 32}
parameters:
  learning_rate: {log_uniform: [1.0e-3, 3.0]}
  reg: {log_uniform: [1.0e-5, 1.0e-1]}
  activation: {choice: [relu, tanh]}
stages:
  - {name: coarse, trials: 24, epochs: 3}
  - {name: fine, trials: 16, epochs: 8}
  - {name: final, trials: 4, epochs: 10, from: top, seeds: 3}
"""
QUANTILE = 1.959963984540054
# Student's, of nine degrees of freedom: the leader was chosen ten times.
STUDENT = 2.2621571628
problems = []


def expect(what, found, wanted, tolerance=1e-9):
    if found is None or wanted is None:
        if found is not wanted:
            problems.append(f"{what}: {found}, recomputed {wanted}")
    elif isinstance(wanted, float):
        if abs(found - wanted) > tolerance:
            problems.append(f"{what}: {found}, recomputed {wanted}")
    elif found != wanted:
        problems.append(f"{what}: {found}, recomputed {wanted}")


class Cluster:
    """A coordinator and a worker on a port of their own."""

    def __init__(self, programs, folder):
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        self.programs = programs
        self.endpoint = f"tcp://127.0.0.1:{port}"
        self.log = open(folder / "log", "w")
        self.processes = [
            self.start("hpcoord", "serve", "--bind", self.endpoint, "--data-dir", folder / "data"),
            self.start("hpworker", "--connect", self.endpoint, "--spool", folder / "spool"),
        ]

    def start(self, program, *arguments):
        return subprocess.Popen(
            [self.programs / program, *map(str, arguments)], stdout=self.log, stderr=self.log)

    def ask(self, *arguments):
        command = [self.programs / "hpcoord", *map(str, arguments), "--connect", self.endpoint]
        deadline = time.monotonic() + 60
        while True:
            answer = subprocess.run(command, capture_output=True, text=True, timeout=600)
            if answer.returncode == 0:
                return answer.stdout
            if answer.returncode != 5 or time.monotonic() > deadline:
                sys.exit(f"{command}: {answer.returncode}: {answer.stderr}")

    def stop(self):
        for process in reversed(self.processes):
            process.terminate()
            process.wait(60)


def bits(rows):
    data = bytes.fromhex(rows["hex"])
    return [data[row // 8] >> row % 8 & 1 for row in range(rows["count"])]


def variance_of_mean(total, squares, count):
    """With one more row that is already in both sums."""
    mean = total / (count + 1)
    return max(0.0, squares / (count + 1) - mean * mean) / (count + 1)


class Entry:
    """One configuration at one stage, from its rows in the report."""

    def __init__(self, rows, is_refit, trials):
        self.rows = rows
        self.stage = rows[0]["stage"]
        self.configuration = rows[0]["configuration"]
        self.complete = [row for row in rows if row["state"] == "COMPLETE"]
        self.values = [row["value"] for row in self.complete]
        states = {row["state"] for row in rows}
        if not self.complete:
            order = ["PRUNED", "RUNNING", "WAITING", "DIVERGED", "FAIL", "CANCELED"]
            self.kind = 4 + min(order.index(state) for state in states)
        elif not is_refit:
            self.kind = 3
        elif states & {"RUNNING", "WAITING", "CANCELED"}:
            self.kind = 2
        else:
            self.kind = 0 if states == {"COMPLETE"} else 1
        if self.complete:
            self.mean = sum(self.values) / len(self.values)
            right = [bits(trials[row["trial"]]["correct_rows"]) for row in self.complete]
            self.share = [sum(column) / len(right) for column in zip(*right)]
            crossed = [trials[row["trial"]]["crossed_rows"] for row in self.complete]
            self.crossed = [bits(each) for each in crossed]
            self.outside = [each["right_outside"] for each in crossed]

    @property
    def seed_variance(self):
        if len(self.values) < 2:
            return 0.0
        return sum((x - self.mean) ** 2 for x in self.values) / (len(self.values) - 1)

    @property
    def error(self):
        count = len(self.share)
        rows = variance_of_mean(
            sum(self.share) + 0.5, sum(x * x for x in self.share) + 0.5, count)
        return math.sqrt(rows + self.seed_variance / len(self.values))

    def error_of_difference(self, other):
        differences = [a - b for a, b in zip(self.share, other.share)]
        rows = variance_of_mean(
            sum(differences), sum(x * x for x in differences) + 0.5, len(differences))
        return math.sqrt(
            rows + self.seed_variance / len(self.values)
            + other.seed_variance / len(other.values))

    def right_outside(self, fold, without=None):
        counts = [each[fold] for at, each in enumerate(self.outside) if at != without]
        return sum(counts) / len(counts)


def entries_of(report, trials):
    stages = [stage["name"] for stage in report["stages"]]
    groups = {}
    for row in sorted(report["trials"], key=lambda row: row["trial"]):
        groups.setdefault((row["stage"], row["configuration"]), []).append(row)
    entries = [Entry(rows, stage == "final", trials) for (stage, _), rows in groups.items()]

    def key(entry):
        if entry.kind < 3:
            return (entry.kind, -stages.index(entry.stage), -entry.mean, entry.configuration, 0)
        number = entry.rows[0]["trial"]
        return (entry.kind, 0, -entry.mean if entry.kind == 3 else 0, number, 0)

    return sorted(entries, key=key)


def check_order(report, entries):
    rows = [row["trial"] for entry in entries for row in entry.rows]
    expect("order", [row["trial"] for row in report["trials"]], rows)
    expect("ranks", [row["rank"] for row in report["trials"]], list(range(1, len(rows) + 1)))


def check_errors(entries):
    for entry in entries:
        for row in entry.complete:
            count = len(entry.share)
            p = (count * row["value"] + 0.5) / (count + 1)
            expect(
                f"error of trial {row['trial']}", row["standard_error"],
                math.sqrt(p * (1 - p) / (count + 1)))
        for row in entry.rows:
            if not entry.complete:
                continue
            expect(f"mean of trial {row['trial']}", row["configuration_mean"], entry.mean)
            expect(
                f"error of the mean of trial {row['trial']}",
                row["configuration_standard_error"],
                entry.error if len(entry.values) > 1 else None)


def check_ties(entries):
    group, leader = 0, None
    for entry in entries:
        if entry.kind > 3:
            expect("no tie", {row["tie_group"] for row in entry.rows}, {0})
            continue
        same = leader is not None and leader.kind == entry.kind and (
            entry.kind == 3 or leader.stage == entry.stage)
        if not same or abs(leader.mean - entry.mean) > leader.error_of_difference(entry) + 1e-12:
            group, leader = group + 1, entry
        expect(
            f"tie of configuration {entry.configuration}",
            {row["tie_group"] for row in entry.complete}, {group})


def check_best(report, entries):
    leader = entries[0]
    best = report["best"]
    expect("leader", best["configuration"], leader.configuration)
    expect("leader's value", best["value"], leader.mean)
    expect("leader's error", best["standard_error"], leader.error)
    tied = [
        entry.configuration for entry in entries[1:]
        if entry.kind == leader.kind and entry.stage == leader.stage
        and abs(leader.mean - entry.mean) <= leader.error_of_difference(entry) + 1e-12]
    expect("tied with the leader", best["tied_with"], tied)
    finalists = [entry for entry in entries if entry.kind == leader.kind]
    drawn = [entry for entry in entries if entry.kind == 3]
    count = len(leader.share)
    folds = min(10, count)
    shares = []
    replicates = len(leader.crossed)
    for fold in range(folds):
        order = sorted(drawn, key=lambda entry: -entry.right_outside(fold))
        chosen = {entry.configuration for entry in order[:len(finalists)]}
        left = [entry for entry in finalists if entry.configuration in chosen] or finalists
        # One fold and one seed are left out of the choice, and measured.
        winners = [
            max(left, key=lambda entry: entry.right_outside(fold, without=replicate))
            for replicate in range(replicates)]
        for row in range(fold, count, folds):
            right = [winner.crossed[at][row] for at, winner in enumerate(winners)]
            shares.append(sum(right) / replicates)
    expected = sum(shares) / count
    squares = sum(x * x for x in shares)
    freedom = sum(len(entry.values) - 1 for entry in finalists)
    seeds = sum(entry.seed_variance * (len(entry.values) - 1) for entry in finalists) / freedom
    variance = variance_of_mean(sum(shares) + 0.5, squares + 0.5, count)
    variance += seeds / len(leader.values)
    smooth = (sum(shares) + 0.5) / (count + 1)
    n = smooth * (1 - smooth) / variance
    scale = 1 / (1 + STUDENT ** 2 / n)
    centre = scale * (expected + STUDENT ** 2 / (2 * n))
    margin = scale * STUDENT * math.sqrt(
        expected * (1 - expected) / n + STUDENT ** 2 / (4 * n * n))
    expect("expected", best["expected"]["value"], expected)
    expect("low", best["expected"]["low"], max(0.0, centre - margin))
    expect("high", best["expected"]["high"], min(1.0, centre + margin))


def ranks(values):
    order = sorted(range(len(values)), key=lambda index: values[index])
    result = [0.0] * len(values)
    start = 0
    while start < len(order):
        end = start
        while end < len(order) and values[order[end]] == values[order[start]]:
            end += 1
        for index in order[start:end]:
            result[index] = (start + end + 1) / 2
        start = end
    return result


def spearman(first, second):
    a, b = ranks(first), ranks(second)
    n = len(a)
    am, bm = sum(a) / n, sum(b) / n
    products = sum((x - am) * (y - bm) for x, y in zip(a, b))
    r = products / math.sqrt(sum((x - am) ** 2 for x in a) * sum((y - bm) ** 2 for y in b))
    limit = 1 - 6 / (n * (n * n - 1))
    centre = math.atanh(max(-limit, min(limit, r)))
    margin = QUANTILE * math.sqrt((1 + r * r / 2) / (n - 3))
    return r, math.tanh(centre - margin), math.tanh(centre + margin)


def correlation_ratio(values, scores):
    order = ranks(scores)
    n, mean = len(order), (len(order) + 1) / 2
    groups = {}
    for value, rank in zip(values, order):
        groups.setdefault(value, []).append(rank)
    total = sum((rank - mean) ** 2 for rank in order)
    between = sum(len(g) * (sum(g) / len(g) - mean) ** 2 for g in groups.values())
    statistic = (n - 1) * between / total
    share = (statistic - len(groups) + 1) / (n - len(groups))
    return math.sqrt(max(0.0, min(1.0, share)))


def check_findings(report, trials):
    def of(stage, *states):
        return sorted(
            (row for row in report["trials"] if row["stage"] == stage and row["state"] in states),
            key=lambda row: row["trial"])

    fine = of("fine", "COMPLETE")
    scores = [row["value"] for row in fine]
    for importance in report["importance"]:
        values = [row["parameters"][importance["parameter"]] for row in fine]
        name = f"importance of {importance['parameter']}"
        expect(name + ", trials", importance["trials"], len(fine))
        if importance["kind"] == "correlation-ratio":
            expect(name, importance["correlation"], correlation_ratio(values, scores))
        else:
            r, low, high = spearman(values, scores)
            expect(name, importance["correlation"], r)
            expect(name + ", low", importance["low"], low)
            expect(name + ", high", importance["high"], high)
    for share in report["infeasible"]:
        rows = of(share["stage"], "COMPLETE", "DIVERGED")
        n, k = len(rows), sum(row["state"] == "DIVERGED" for row in rows)
        expect("diverged", (share["diverged"], share["finished"]), (k, n))
        scale = 1 / (1 + QUANTILE ** 2 / n)
        centre = scale * (k / n + QUANTILE ** 2 / (2 * n))
        margin = scale * QUANTILE * math.sqrt(
            k / n * (1 - k / n) / n + QUANTILE ** 2 / (4 * n * n))
        expect("infeasible, low", share["low"], max(0.0, centre - margin) if k else 0.0)
        expect("infeasible, high", share["high"], min(1.0, centre + margin))
    for budget in report["budget_correlation"]:
        curves = [[p["val_accuracy"] for p in trials[row["trial"]]["curve"]] for row in fine]
        epoch = int(budget["from_epochs"])
        r, low, high = spearman([c[epoch - 1] for c in curves], [c[-1] for c in curves])
        expect("budget", budget["correlation"], r)
        expect("budget, low", budget["low"], low)
        expect("budget, high", budget["high"], high)


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        (folder / "spec.yaml").write_text(SPEC)
        cluster = Cluster(pathlib.Path(sys.argv[1]).resolve(), folder)
        try:
            cluster.ask("submit", folder / "spec.yaml", "--wait")
            report = json.loads(cluster.ask("report", "checked", "--format", "json"))
            trials = {
                row["trial"]: json.loads(
                    cluster.ask("trial", "checked", row["trial"], "--format", "json"))
                for row in report["trials"]}
        finally:
            cluster.stop()
    entries = entries_of(report, trials)
    check_order(report, entries)
    check_errors(entries)
    check_ties(entries)
    check_best(report, entries)
    check_findings(report, trials)
    for problem in problems:
        print(problem)
    print(f"{len(report['trials'])} trials, {len(entries)} entries, {len(problems)} differences")
    sys.exit(1 if problems else 0)


main()
