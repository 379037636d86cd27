#!/usr/bin/env python3
"""Export trials of every architecture and preprocessing, and load them in PyTorch.

    check_safetensors.py FOLDER_OF_THE_PROGRAMS [FOLDER_WITH_CIFAR10]

Each trial of small studies is written by `hpcoord trial --weights` and evaluated by
examples/pytorch/load_trial.py: the same validation accuracy, scores within 1e-4. Exits with 1
when one is not, and with 69 where PyTorch is not installed.
"""
import concurrent.futures
import json
import pathlib
import random
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).parents[2]
EXAMPLE = ROOT / "examples/pytorch/load_trial.py"

SPEC = """
study: STUDY
seed: 3
objective: {metric: METRIC, goal: GOAL}
data: DATA
model: {hidden: [24, 12], slope: 0.1, pieces: 3, dropout: 0.1}
train: {optimizer: adam, learning_rate: 0.01, batch_size: 50}
parameters:
  activation: {choice: [sigmoid, tanh, relu, leaky_relu, prelu, elu, maxout]}
  batch_norm: {choice: [true, false]}
sampler: grid
stages: [{name: all, trials: 14, epochs: 4}]
"""


def specs(folder, cifar10):
    digits = "{dataset: digits, split: {train: 900, validation: 400}, preprocess: [%s]}"
    data = {
        "raw": digits % "",
        "centred": digits % "zero-mean",
        "normalized": digits % "normalize",
        "projected": digits % "{pca: 20}",
        "whitened": digits % "normalize, {whiten: 30, epsilon: 1.0e-3}",
        "table": "{dataset: csv, path: table.csv, label: kind, preprocess: [normalize]}",
    }
    if cifar10:
        data["cifar10"] = (
            "{dataset: cifar10, split: {train: 4000, validation: 1000}, preprocess: [zero-mean]}"
        )
    for name, text in data.items():
        metric = ("val_loss", "minimize") if name == "centred" else ("val_accuracy", "maximize")
        spec = SPEC.replace("STUDY", name).replace("DATA", text)
        path = folder / f"{name}.yaml"
        path.write_text(spec.replace("METRIC", metric[0]).replace("GOAL", metric[1]))
        yield name, path


def write_table(path):
    """Two clouds of points with a column that says nothing, and labels that are words."""
    numbers = random.Random(1)
    lines = ["x,kind,y,constant"]
    for row in range(400):
        kind = row % 3
        x, y = numbers.gauss(kind, 0.7), numbers.gauss(kind * kind, 0.7)
        lines.append(f"{x:.4f},{['fir', 'oak', 'ash'][kind]},{1000 * y:.4f},7")
    path.write_text("\n".join(lines) + "\n")


def start(command):
    return subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)


def read_by_package(file):
    """The `safetensors` package, where it is installed, must take the file too."""
    try:
        from safetensors import safe_open
    except ImportError:
        return
    with safe_open(file, "numpy") as content:
        for name in content.keys():
            content.get_tensor(name)
        assert content.metadata()["format"] == "hpcoord.weights/1"


def check(file, root):
    read_by_package(file)
    command = [sys.executable, str(EXAMPLE), str(file), "--data-root", str(root)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300)
    return done.returncode == 0, (done.stdout + done.stderr).strip()


def main():
    try:
        import torch  # noqa: F401
    except ImportError:
        print("PyTorch is not installed", file=sys.stderr)
        sys.exit(69)
    programs = pathlib.Path(sys.argv[1]).resolve()
    cifar10 = pathlib.Path(sys.argv[2]).resolve() if len(sys.argv) > 2 else None
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        write_table(folder / "table.csv")
        if cifar10:
            (folder / "cifar-10-batches-bin").symlink_to(cifar10 / "cifar-10-batches-bin")
        hpcoord = programs / "hpcoord"
        coordinator = start(
            [hpcoord, "serve", "--bind", "tcp://127.0.0.1:*", "--data-dir", folder / "data"]
        )
        while "listening on " not in (line := coordinator.stderr.readline()):
            if not line:
                sys.exit("the coordinator doesn't start")
        endpoint = line.split("listening on ")[1].split()[0].rstrip(",;")
        worker = subprocess.Popen(
            [programs / "hpworker", "--connect", endpoint, "--data-root", folder]
            + ["--spool", folder / "spool"],
            stderr=subprocess.DEVNULL,
        )
        try:
            sys.exit(0 if run(hpcoord, endpoint, folder, cifar10) else 1)
        finally:
            for process in (worker, coordinator):
                process.terminate()
                process.wait()


def run(hpcoord, endpoint, folder, cifar10):
    def ask(*words):
        command = [hpcoord, *map(str, words), "--connect", endpoint]
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout

    files = []
    for study, path in specs(folder, cifar10):
        ask("submit", path, "--wait")
        (folder / study).mkdir()
        trials = json.loads(ask("report", study, "--format", "json"))["trials"]
        for trial in trials:
            if trial["value"] is not None:
                destination = ["--weights", folder / study, "--data-root", folder]
                files.append(ask("trial", study, trial["trial"], *destination).strip())
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        outcomes = list(pool.map(lambda file: check(file, folder), files))
    for file, (is_right, text) in zip(files, outcomes):
        print(pathlib.Path(file).parent.name, text)
        if not is_right:
            print(f"{file} differs", file=sys.stderr)
    print(f"{sum(is_right for is_right, _ in outcomes)} of {len(outcomes)} trials agree")
    return bool(outcomes) and all(is_right for is_right, _ in outcomes)


if __name__ == "__main__":
    main()
