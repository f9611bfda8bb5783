"""Times PyTorch and ONNX Runtime on the networks that export_model wrote: same weights, same results, same machine.

A peer is timed only after it has reproduced the outputs in the file, and in the fastest of several equivalent forms: a
ratio to a clumsy peer would say nothing. What an inference engine would fold into constants (the network of the time
embedding) is computed once before timing, and at 1024 cells a peer may also work in blocks of 64, as ours does.

A peer whose name ends in _bf16 has its parameters and products in bfloat16, its inputs and outputs in float; its outputs
may be off by 3 2^-9 of a deviation for each layer of the encoder and for two behind it. ONNX Runtime 1.32 has no such peer:
its CPU provider has no bfloat16 kernel of MatMul or Gemm.
"""

import argparse
import io
import itertools
import json
import math
import os
import sys
import time
import warnings
from pathlib import Path

arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
arguments.add_argument("models", type=Path, help="folder that export_model wrote")
action = arguments.add_mutually_exclusive_group(required=True)
action.add_argument("--out", type=Path, help="JSON file of the results, written anew after each")
action.add_argument("--check", action="store_true", help="time nothing, only hold the peers to the files")
arguments.add_argument("--threads", type=int, default=1, help="threads of every peer (default: 1)")
arguments.add_argument("--peers", default="torch_eager,torch_script,torch_compile,onnxruntime,torch_eager_bf16,"
                       "torch_script_bf16,torch_compile_bf16", help="which of them (default: %(default)s)")
arguments.add_argument("--only", default="", help="only names that contain this text, such as model/default")
OPTIONS = arguments.parse_args()

# Before torch is loaded: OpenMP (torch, MKL, oneDNN) and the compilers of torch.compile read these once.
os.environ["OMP_NUM_THREADS"] = os.environ["MKL_NUM_THREADS"] = str(OPTIONS.threads)
os.environ["TORCHINDUCTOR_COMPILE_THREADS"] = "1"
os.environ["TORCHINDUCTOR_CACHE_DIR"] = str(OPTIONS.models.resolve().parent / "inductor")

import torch
import torch.nn.functional as F

from peer_network import Model, Network

CELLS = (1, 64, 1024)
BATCHES = (32, 128)
KINDS = ("trajectory", "end_of_step")
# Of the outputs' standard deviation. Single precision: other orders of summation; bfloat16: weights, inputs
# and results of each layer are rounded, by 2^-9 each.
TOLERANCE, BF16_TOLERANCE_OF_LAYER = 1e-4, 3 * 2**-9
RUN, SECONDS = 0.002, 1  # of a run and of all runs of a form


class Autocast(torch.nn.Module):
    """A network whose products are in bfloat16, all else in float."""

    def __init__(self, network):
        super().__init__()
        self.network = network

    def forward(self, x):
        with torch.autocast("cpu", torch.bfloat16):
            return self.network(x)


# Each peer yields (form, call) for every form that it may be fastest in; call() returns the outputs for x. A call is
# good until the next is asked for. A sum in the place of the product of the exponential modes was quicker only where a
# compiler fuses it.


def torch_eager(model, end_of_step, x):
    for fourier, attention in itertools.product(("matrix", "fft"), ("matmul", "fused")):
        network = Network(model, end_of_step, False, fourier, attention).eval()
        yield f"{fourier}, {attention}", lambda: network(x)


def torch_eager_bf16(model, end_of_step, x):
    """No fft: torch has none in bfloat16."""
    for attention, cast in itertools.product(("matmul", "fused"), (Network.bfloat16, Autocast)):
        network = cast(Network(model, end_of_step, False, "matrix", attention).eval())
        yield f"{attention}, {cast.__name__}", lambda: network(x)


def scripted(network, x):
    frozen = torch.jit.freeze(torch.jit.trace(network, x))
    yield "frozen", lambda: frozen(x)
    optimised = torch.jit.optimize_for_inference(frozen)
    yield "optimised", lambda: optimised(x)


def torch_script(model, end_of_step, x):
    for fourier, attention in itertools.product(("matrix", "fft"), ("matmul", "fused")):
        for form, call in scripted(Network(model, end_of_step, False, fourier, attention).eval(), x):
            yield f"{fourier}, {attention}, {form}", call


def torch_script_bf16(model, end_of_step, x):
    for attention in ("matmul", "fused"):
        for form, call in scripted(Network(model, end_of_step, False, "matrix", attention).eval().bfloat16(), x):
            yield f"{attention}, {form}", call


def compiled(network, x, autotune=False):
    """`freezing` folds and packs the weights."""
    torch._dynamo.reset()
    function = torch.compile(network, dynamic=False, options={"freezing": True, "max_autotune": autotune})
    return lambda: function(x)


def torch_compile(model, end_of_step, x):
    """No fft: the compiler leaves complex numbers to eager torch."""
    for attention, exponentials, autotune in (("matmul", "product", False), ("matmul", "sum", False),
                                              ("fused", "product", False), ("fused", "product", True)):
        network = Network(model, end_of_step, False, "matrix", attention, exponentials).eval()
        yield f"{attention}, {exponentials}, autotune {autotune}", compiled(network, x, autotune)


def torch_compile_bf16(model, end_of_step, x):
    bf16 = Network.bfloat16
    for attention, exponentials, cast, autotune in (
            ("matmul", "product", bf16, False), ("matmul", "sum", bf16, False), ("fused", "product", bf16, True),
            ("matmul", "product", Autocast, False)):
        network = cast(Network(model, end_of_step, False, "matrix", attention, exponentials).eval())
        yield f"{attention}, {exponentials}, {cast.__name__}, autotune {autotune}", compiled(network, x, autotune)


def onnx_runtime(model, end_of_step, x):
    """No fft: ONNX has none that is truncated and real. Input and output stay in memory that is bound once."""
    import onnxruntime

    for attention in ("matmul", "fused"):
        network, file = Network(model, end_of_step, False, "matrix", attention).eval(), io.BytesIO()
        torch.onnx.export(network, (x,), file, opset_version=20, dynamo=False, input_names=["x"], output_names=["y"])
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads, options.inter_op_num_threads = OPTIONS.threads, 1
        session = onnxruntime.InferenceSession(file.getvalue(), options, providers=["CPUExecutionProvider"])
        y = torch.empty_like(network(x), memory_format=torch.contiguous_format).numpy()
        bound, binding = onnxruntime.OrtValue.ortvalue_from_numpy(y), session.io_binding()
        binding.bind_ortvalue_input("x", onnxruntime.OrtValue.ortvalue_from_numpy(x.numpy()))
        binding.bind_ortvalue_output("y", bound)

        def call():
            session.run_with_iobinding(binding)
            return bound

        yield attention, call


def training(model, batch, compile):
    """Steps on the squared error of all frames, by the quicker of torch's two optimisers for many parameters."""
    x, known = model.rows("input", batch), model.rows("trajectory", batch)
    target = known + 0.1 * torch.randn_like(known)
    for fourier, attention in itertools.product(("matrix",) if compile else ("matrix", "fft"), ("matmul", "fused")):
        torch._dynamo.reset()
        network = Network(model, False, True, fourier, attention)
        forward = torch.compile(network, dynamic=False) if compile else network
        check(network(x), known, TOLERANCE)
        for way in ("fused", "foreach"):
            optimiser = torch.optim.AdamW(network.parameters(), lr=1e-4, **{way: True})

            def call():
                optimiser.zero_grad(set_to_none=True)
                F.mse_loss(forward(x), target).backward()
                optimiser.step()

            yield f"{fourier}, {attention}, {way}", call


INFERENCE = {"torch_eager": torch_eager, "torch_script": torch_script, "torch_compile": torch_compile,
             "onnxruntime": onnx_runtime, "torch_eager_bf16": torch_eager_bf16,
             "torch_script_bf16": torch_script_bf16, "torch_compile_bf16": torch_compile_bf16}
TRAINING = {"torch_eager": False, "torch_compile": True}


def check(found, known, tolerance):
    """Refuses a peer that computes something else; returns how far it is off."""
    found = found if isinstance(found, torch.Tensor) else torch.from_numpy(found.numpy())
    if found.shape != known.shape:
        raise ValueError(f"outputs of shape {list(known.shape)} expected, {list(found.shape)} found")
    difference = float((found - known).abs().max() / known.std())
    if not difference < tolerance:
        raise ValueError(f"outputs differ by {difference:.1e} of their deviation, more than {tolerance:.0e}")
    return difference


def inference(model, peer, kind, cells):
    """The forms of a peer, each after it has given the known outputs."""
    x, known = model.rows("input", cells), model.rows(kind, cells)
    layers = int(model.size["encoder_layers"]) + 2
    tolerance = layers * BF16_TOLERANCE_OF_LAYER if peer.endswith("_bf16") else TOLERANCE
    for form, call in INFERENCE[peer](model, kind == "end_of_step", x):
        yield f"{form}; off by {check(call(), known, tolerance):.0e}", call


# Of one thread its processor time, as ours: another program may have the core in between.
CLOCK = time.process_time if OPTIONS.threads == 1 else time.perf_counter


def mean_seconds(call, seconds):
    """Mean time of as many calls as fill `seconds`, and how many cores were at work in it."""
    start = CLOCK()
    call()
    calls = max(1, math.ceil(seconds / max(CLOCK() - start, 1e-6)))
    start, wall, processor = CLOCK(), time.perf_counter(), time.process_time()
    for _ in range(calls):
        call()
    return (CLOCK() - start) / calls, (time.process_time() - processor) / (time.perf_counter() - wall)


def seconds_of_fastest(forms):
    """(seconds, remarks) of the fastest form; one that is far behind is given up.

    The best of many short runs: one that no other program interrupts is among them.
    """
    best, cores, fastest = math.inf, 0, ""
    for form, call in forms:
        for _ in range(3):  # compilers and profiling executors settle in the first calls
            call()
        of_form, start = math.inf, CLOCK()
        for run in itertools.count():
            spent = CLOCK() - start
            if run >= 5 and (spent > SECONDS or (spent > SECONDS / 5 and of_form > 1.4 * best)):
                break
            seconds, at_work = mean_seconds(call, RUN)
            of_form = min(of_form, seconds)
            if seconds < best:
                best, cores, fastest = seconds, at_work, form
    return best, f"{fastest}; {cores:.2f} cores"  # more cores than threads: the number is wrong


@torch.inference_mode()
def measure_inference(model, peer, record):
    for kind in KINDS:
        name, least = f"model/{model.name}/{kind}", math.inf
        for cells in CELLS if OPTIONS.only in name else ():
            seconds, form = seconds_of_fastest(inference(model, peer, kind, cells))
            # Many cells may go through in blocks that fit the cache, as they do in ours.
            if seconds / cells > least:
                form += "; faster in blocks"
            least = min(least, seconds / cells)
            record(name, cells, peer, least, form)


def measure_training(model, peer, record):
    name = f"training/{model.name}"
    for batch in BATCHES if OPTIONS.only in name else ():
        seconds, form = seconds_of_fastest(training(model, batch, TRAINING[peer]))
        record(name, batch, peer, seconds / batch, form)


@torch.inference_mode()
def check_inference(model, peer, _):
    for kind in KINDS:
        for form, _ in inference(model, peer, kind, 64):
            print(f"model/{model.name}/{kind} {peer}: {form}", flush=True)


def check_training(model, peer, _):
    for form, step in training(model, BATCHES[0], TRAINING[peer]):
        step()
        print(f"training/{model.name} {peer}: {form}", flush=True)


def main():
    torch.set_num_threads(OPTIONS.threads)
    torch.set_num_interop_threads(1)
    torch.manual_seed(1)
    warnings.filterwarnings("ignore")
    models = [Model(path) for path in sorted(OPTIONS.models.glob("*.safetensors"))]
    if not models:
        sys.exit(f"{OPTIONS.models}: expected networks that export_model wrote, found none")
    print(f"torch {torch.__version__}, {OPTIONS.threads} thread(s), "
          f"torch uses {torch.backends.cpu.get_cpu_capability()}", flush=True)
    results, failures = [], 0

    def record(name, cells, peer, seconds, form):
        results.append({"name": name, "cells": cells, "threads": OPTIONS.threads, "peer": peer,
                        "seconds_per_cell": seconds})
        OPTIONS.out.write_text(json.dumps(results, indent=1))
        print(f"{name:28} {cells:5} {peer:18} {seconds * 1e6:10.2f} us/cell  ({form})", flush=True)

    works = ((check_inference, INFERENCE), (check_training, TRAINING)) if OPTIONS.check else (
        (measure_inference, INFERENCE), (measure_training, TRAINING))
    for work, known_peers in works:
        for peer, model in itertools.product(OPTIONS.peers.split(","), models):
            if peer not in known_peers:
                continue
            try:
                work(model, peer, record)
            except Exception as error:  # one peer's failure must not lose the others' numbers
                failures += 1
                print(f"{peer}, {model.name}: {type(error).__name__}: {str(error)[-500:]}", flush=True)
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
