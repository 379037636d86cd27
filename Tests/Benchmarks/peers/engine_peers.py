#!/usr/bin/env python3
"""Trains the nets of `hpbench engine` in PyTorch and JAX, in rounds that alternate with it.

All sides: one core, single precision, softmax loss, L2 on the weights, momentum, shuffled
minibatches. Figures are examples per second of CPU time, a bundle's counted once for each
of its members; the ratio is that of the medians.

    pip install torch jax
    swift build -c release --product hpbench
    Tests/Benchmarks/peers/engine_peers.py [--rounds 5] [--core 1] [--net 3072-50-10]
"""
import argparse
import json
import os
import statistics
import subprocess
import sys
import time

NETS = {"3072-50-10": 200, "3072-100-10": 200, "784-256-128-10": 128, "64-32-10": 32}
VARIANTS = [
    "torch-eager", "torch-dataloader", "torch-by-hand", "torch-folded-8", "torch-vmap-8",
    "jax-jit", "jax-vmap-8",
]
RATE, STRENGTH, MOMENTUM = 1e-3, 1e-3, 0.9


def made_up_data(widths, batch, minibatches):
    import numpy
    generator = numpy.random.default_rng(1)
    count = batch * minibatches
    x = generator.standard_normal((count, widths[0]), dtype=numpy.float32)
    y = numpy.arange(count) % widths[-1]
    return x, y


def first_weights(widths, members=None):
    import numpy
    generator = numpy.random.default_rng(2)
    weights = []
    for inputs, outputs in zip(widths, widths[1:]):
        shape = (inputs, outputs) if members is None else (members, inputs, outputs)
        scale = (2 / inputs) ** 0.5
        weights.append((generator.standard_normal(shape) * scale).astype("float32"))
    return weights


def torch_model(widths):
    import torch
    layers = []
    for inputs, outputs in zip(widths, widths[1:]):
        layers += [torch.nn.Linear(inputs, outputs), torch.nn.ReLU()]
    return torch.nn.Sequential(*layers[:-1])


def torch_eager(widths, x, y, batch, uses_loader=False):
    import torch
    x, y = torch.from_numpy(x), torch.from_numpy(y)
    model = torch_model(widths)
    optimizer = torch.optim.SGD(model.parameters(), lr=RATE, momentum=MOMENTUM, weight_decay=STRENGTH)
    loader = torch.utils.data.DataLoader(
        torch.utils.data.TensorDataset(x, y), batch_size=batch, shuffle=True)

    def minibatches():
        if uses_loader:
            yield from loader
            return
        order = torch.randperm(len(x))
        for start in range(0, len(x), batch):
            rows = order[start:start + batch]
            yield x[rows], y[rows]

    def epoch():
        for inputs, labels in minibatches():
            optimizer.zero_grad()
            torch.nn.functional.cross_entropy(model(inputs), labels).backward()
            optimizer.step()
    return epoch


def torch_by_hand(widths, x, y, batch, members=None):
    """Without autograd; with members, all first layers are one product."""
    import torch
    x, y = torch.from_numpy(x), torch.from_numpy(y)
    folded = members is not None
    weights = [torch.from_numpy(w) for w in first_weights(widths, members)]
    biases = [torch.zeros(w.shape[:-2] + (1, w.shape[-1])) for w in weights]
    if folded:
        weights[0] = weights[0].permute(1, 0, 2).reshape(widths[0], -1).contiguous()
    velocities = [torch.zeros_like(w) for w in weights]
    bias_velocities = [torch.zeros_like(b) for b in biases]
    rows_of = torch.arange(batch)

    def epoch():
        order = torch.randperm(len(x))
        for start in range(0, len(x), batch):
            rows = order[start:start + batch]
            inputs, labels = x[rows], y[rows]
            outputs = [inputs]
            for layer, (w, b) in enumerate(zip(weights, biases)):
                if folded and layer == 0:
                    z = (inputs @ w).view(batch, members, -1).transpose(0, 1) + b
                else:
                    z = torch.matmul(outputs[-1], w).add_(b)
                outputs.append(z if layer == len(weights) - 1 else z.relu_())
            gradient = torch.softmax(outputs[-1], -1)
            gradient[..., rows_of, labels] -= 1
            gradient /= batch
            for layer in reversed(range(len(weights))):
                below = None
                if layer > 0:
                    below = torch.matmul(gradient, weights[layer].transpose(-1, -2))
                    below *= outputs[layer] > 0
                w, v = weights[layer], velocities[layer]
                v.mul_(MOMENTUM)
                if folded and layer == 0:
                    flat = gradient.transpose(0, 1).reshape(batch, -1)
                    v.addmm_(inputs.t(), flat, alpha=-RATE)
                elif folded:
                    v.baddbmm_(outputs[layer].transpose(-1, -2), gradient, alpha=-RATE)
                else:
                    v.addmm_(outputs[layer].t(), gradient, alpha=-RATE)
                v.sub_(w, alpha=RATE * STRENGTH)
                w.add_(v)
                b, v = biases[layer], bias_velocities[layer]
                b.add_(v.mul_(MOMENTUM).sub_(gradient.sum(-2, keepdim=True), alpha=RATE))
                gradient = below

    def without_gradients():
        with torch.no_grad():
            epoch()
    return without_gradients


def torch_vmap(widths, x, y, batch, members):
    import torch
    x, y = torch.from_numpy(x), torch.from_numpy(y)
    models = [torch_model(widths) for _ in range(members)]
    parameters, _ = torch.func.stack_module_state(models)
    parameters = {name: value.detach() for name, value in parameters.items()}
    base = models[0]

    def loss(own, inputs, labels):
        scores = torch.func.functional_call(base, own, (inputs,))
        return torch.nn.functional.cross_entropy(scores, labels)
    velocities = {name: torch.zeros_like(value) for name, value in parameters.items()}
    gradients = torch.func.vmap(torch.func.grad(loss), in_dims=(0, None, None))

    def epoch():
        order = torch.randperm(len(x))
        for start in range(0, len(x), batch):
            rows = order[start:start + batch]
            found = gradients(parameters, x[rows], y[rows])
            with torch.no_grad():
                for name, value in parameters.items():
                    v = velocities[name].mul_(MOMENTUM).sub_(found[name], alpha=RATE)
                    if value.dim() > 2:
                        v.sub_(value, alpha=RATE * STRENGTH)
                    value.add_(v)
    return epoch


def jax_epoch(widths, x, y, batch, members=None):
    import jax
    import jax.numpy as jnp
    x, y = jnp.asarray(x), jnp.asarray(y)
    weights = [jnp.asarray(w) for w in first_weights(widths, members)]
    parameters = [(w, jnp.zeros(w.shape[:-2] + w.shape[-1:])) for w in weights]

    def loss(own, inputs, labels):
        h = inputs
        for w, b in own[:-1]:
            h = jax.nn.relu(h @ w + b)
        w, b = own[-1]
        logs = jax.nn.log_softmax(h @ w + b)
        data = -jnp.take_along_axis(logs, labels[:, None], 1).mean()
        return data + 0.5 * STRENGTH * sum((w * w).sum() for w, _ in own)

    gradient = jax.grad(loss)
    if members is not None:
        gradient = jax.vmap(gradient, in_axes=(0, None, None))

    @jax.jit
    def run(state, key):
        order = jax.random.permutation(key, len(x)).reshape(-1, batch)

        def step(state, rows):
            parameters, velocities = state
            found = gradient(parameters, x[rows], y[rows])
            velocities = jax.tree.map(lambda v, g: MOMENTUM * v - RATE * g, velocities, found)
            return (jax.tree.map(lambda p, v: p + v, parameters, velocities), velocities), None
        return jax.lax.scan(step, state, order)[0]

    now = {"state": (parameters, jax.tree.map(jnp.zeros_like, parameters)),
           "key": jax.random.key(3)}

    def epoch():
        now["key"], key = jax.random.split(now["key"])
        now["state"] = jax.block_until_ready(run(now["state"], key))
    return epoch


def serve(variant, net, batch):
    """Answers each line of standard input with examples per CPU second."""
    widths = [int(width) for width in net.split("-")]
    minibatches = {3072: 60, 784: 200, 64: 1000}.get(widths[0], 100)
    x, y = made_up_data(widths, batch, minibatches)
    members = 8 if variant.endswith("-8") else 1
    if variant.startswith("torch"):
        import torch
        torch.set_num_threads(1)
    epoch = {
        "torch-eager": lambda: torch_eager(widths, x, y, batch),
        "torch-dataloader": lambda: torch_eager(widths, x, y, batch, uses_loader=True),
        "torch-by-hand": lambda: torch_by_hand(widths, x, y, batch),
        "torch-folded-8": lambda: torch_by_hand(widths, x, y, batch, members),
        "torch-vmap-8": lambda: torch_vmap(widths, x, y, batch, members),
        "jax-jit": lambda: jax_epoch(widths, x, y, batch),
        "jax-vmap-8": lambda: jax_epoch(widths, x, y, batch, members),
    }[variant]()
    epoch()
    print("ready", flush=True)
    for _ in sys.stdin:
        begin, epochs = time.process_time(), 0
        while time.process_time() - begin < 1:
            epoch()
            epochs += 1
        print(epochs * len(x) * members / (time.process_time() - begin), flush=True)


def start(variant, net, batch, core):
    environment = dict(
        os.environ, OMP_NUM_THREADS="1", MKL_NUM_THREADS="1", JAX_PLATFORMS="cpu",
        XLA_FLAGS="--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1")
    process = subprocess.Popen(
        ["taskset", "-c", core, sys.executable, __file__, "--serve", variant, "--net", net,
         "--batch", str(batch)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment)
    if process.stdout.readline().strip() != "ready":
        sys.exit(f"{variant} didn't start: see above")
    return process


def ask(process):
    process.stdin.write("go\n")
    process.stdin.flush()
    return float(process.stdout.readline())


def ours(program, net, batch, bundle, core):
    answer = subprocess.run(
        ["taskset", "-c", core, program, "engine", "--net", net, "--batch", str(batch),
         "--bundle", str(bundle), "--rounds", "1", "--format", "json"],
        check=True, capture_output=True, text=True)
    figure = json.loads(answer.stdout)
    return figure["examples_per_second"], figure["share_of_peak"]


def compare(net, batch, rounds, core, program):
    peers = {variant: start(variant, net, batch, core) for variant in VARIANTS}
    speeds = {variant: [] for variant in VARIANTS}
    own, shares = {1: [], 8: []}, {1: [], 8: []}
    for _ in range(rounds):
        for bundle in own:
            speed, share = ours(program, net, batch, bundle, core)
            own[bundle].append(speed)
            shares[bundle].append(share)
        for variant, process in peers.items():
            speeds[variant].append(ask(process))
    for process in peers.values():
        process.stdin.close()
        process.wait()
    alone, together = (statistics.median(own[bundle]) for bundle in own)
    print(f"{net}, minibatches of {batch}, median of {rounds} rounds")
    print(f"  {'examples per CPU second':38} {'ratio alone':>12} {'ratio of 8':>12}")
    for bundle, speed in ((1, alone), (8, together)):
        name = "hpcoord alone" if bundle == 1 else "hpcoord, bundle of 8"
        share = statistics.median(shares[bundle])
        print(f"  {name:22} {speed:12,.0f}   ({share:.1%} of the core's peak)")
    for variant in VARIANTS:
        speed = statistics.median(speeds[variant])
        print(f"  {variant:22} {speed:12,.0f}   {alone / speed:12.2f} {together / speed:12.2f}")
    print(flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--net", choices=NETS)
    parser.add_argument("--batch", type=int)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--core", default="1", help="the core that all sides run on")
    parser.add_argument("--hpbench", default=".build/release/hpbench")
    parser.add_argument("--serve", choices=VARIANTS, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.serve:
        return serve(options.serve, options.net, options.batch)
    for net in [options.net] if options.net else NETS:
        compare(net, options.batch or NETS[net], options.rounds, options.core, options.hpbench)


if __name__ == "__main__":
    main()
