"""Times PyTorch and ONNX Runtime on the networks that export_model wrote: same weights, same results, same machine.

A peer is timed only after it has reproduced the outputs in the file, and in the fastest of several equivalent forms: a
ratio to a clumsy peer would say nothing. What an inference engine would fold into constants (the network of the time
embedding) is computed once before timing, and at 1024 cells a peer may also work in blocks of 64, as ours does.
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
arguments.add_argument("--out", type=Path, required=True, help="JSON file of the results, written anew after each")
arguments.add_argument("--threads", type=int, default=1, help="threads of every peer (default: 1)")
arguments.add_argument("--peers", default="torch_eager,torch_script,torch_compile,onnxruntime",
                       help="which of them (default: %(default)s)")
arguments.add_argument("--only", default="", help="only names that contain this text, such as model/default")
OPTIONS = arguments.parse_args()

# Before torch is loaded: OpenMP (torch, MKL, oneDNN) and the compilers of torch.compile read these once.
os.environ["OMP_NUM_THREADS"] = os.environ["MKL_NUM_THREADS"] = str(OPTIONS.threads)
os.environ["TORCHINDUCTOR_COMPILE_THREADS"] = "1"
os.environ["TORCHINDUCTOR_CACHE_DIR"] = str(OPTIONS.out.parent.resolve() / "inductor")

import onnxruntime
import torch
import torch.nn.functional as F
from safetensors import safe_open

CELLS = (1, 64, 1024)
BATCHES = (32, 128)
TOLERANCE = 1e-4  # of the outputs' standard deviation: single precision, other orders of summation
REPETITIONS, SECONDS = 5, 0.3


class SpectralConvolution(torch.nn.Module):
    """The kernel of a Fourier layer along the nodes: `matrix` (constant cosine and sine matrices) or `fft`."""

    def __init__(self, weight, nodes, form, last):
        super().__init__()
        self.nodes, self.modes, self.form, self.last = nodes, weight.shape[0], form, last
        real, imaginary = weight[:, 0], weight[:, 1]
        if form == "fft":
            self.weight = torch.nn.Parameter(torch.stack((real, imaginary), -1).contiguous())
            return
        # [Re X, Im X] times this is [Re X R, Im X R], one product for four: in training too, as its gradient is exact.
        self.weight = torch.nn.Parameter(weight)
        mode, node = torch.arange(self.modes).double(), torch.arange(nodes).double()
        angle = 2 * math.pi * (mode[:, None] * node % nodes) / nodes
        wave = torch.stack((angle.cos(), -angle.sin()), 1)  # [modes, 2, nodes]
        weight_of_mode = torch.where((mode == 0) | (2 * mode == nodes), 1.0, 2.0) / nodes
        synthesis = (wave * weight_of_mode[:, None, None]).reshape(2 * self.modes, nodes).T
        self.register_buffer("analysis", wave.reshape(2 * self.modes, nodes).float())
        self.register_buffer("synthesis", synthesis[-1:].float() if last else synthesis.float().contiguous())

    def forward(self, x):
        cells, _, width = x.shape
        if self.form == "fft":
            spectrum = torch.fft.rfft(x, dim=1)[:, : self.modes]
            mixed = torch.einsum("cmi,mio->cmo", spectrum, torch.view_as_complex(self.weight))
            y = torch.fft.irfft(mixed, n=self.nodes, dim=1)
            return y[:, -1:] if self.last else y
        spectrum = torch.matmul(self.analysis, x).reshape(cells, self.modes, 2 * width).transpose(0, 1)
        mixed = torch.bmm(spectrum, self.blocks()).transpose(0, 1).reshape(cells, 2 * self.modes, width)
        return torch.matmul(self.synthesis, mixed)

    def blocks(self):
        real, imaginary = self.weight[:, 0], self.weight[:, 1]
        return torch.cat((torch.cat((real, imaginary), 2), torch.cat((-imaginary, real), 2)), 1)


class FrozenSpectralConvolution(SpectralConvolution):
    """The same with the block matrices computed once."""

    def __init__(self, *arguments):
        super().__init__(*arguments)
        if self.form == "matrix":
            self.register_buffer("block_matrices", super().blocks().detach().contiguous())

    def blocks(self):
        return self.block_matrices


class Network(torch.nn.Module):
    """ChemNNE as include/chemnne/model/chemnne.hpp has it: normalised [cells, 54] to [cells, frames, 49]."""

    def __init__(self, model, end_of_step=False, training=False, fourier="matrix", attention="matmul"):
        super().__init__()
        size, tensor = model.size, model.tensor
        self.end_of_step, self.fixed, self.attention = end_of_step, not training, attention
        self.nodes, self.heads, self.outputs = int(size["nodes"]), int(size["heads"]), int(size["outputs"])
        self.width, self.omega_0 = int(size["width"]), float(size["omega_0"])
        layers, blocks = int(size["encoder_layers"]), int(size["blocks"])

        def linear(name):
            weight = tensor(name + ".weight")
            layer = torch.nn.Linear(*weight.shape)
            layer.weight.data, layer.bias.data = weight.T.contiguous(), tensor(name + ".bias")
            return layer

        self.encoder = torch.nn.ModuleList(
            [linear("encoder.0")] + [linear(f"encoder.{layer + 1}.0") for layer in range(1, layers)])
        tau = tensor("stretched_time").double()[:, None]
        waves = [f(math.pi * 2**band * tau) for band in range(int(size["bands"])) for f in (torch.sin, torch.cos)]
        self.register_buffer("features", torch.cat([tau, *waves], 1).float())
        self.embedding = torch.nn.ModuleList([linear("embedding.0.0"), linear("embedding.0.2")])
        self.tokens = linear("embedding.1")
        self.query_key_value, self.mixing = linear("attention.query_key_value"), linear("attention.output")
        kernel = SpectralConvolution if training else FrozenSpectralConvolution
        self.kernels = torch.nn.ModuleList(
            [kernel(tensor(f"solver.{block}.0.first.spectral"), self.nodes, fourier, end_of_step and block + 1 == blocks)
             for block in range(blocks)])
        self.pointwise = torch.nn.ModuleList([linear(f"solver.{block}.0.second") for block in range(blocks)])
        self.integral = linear(f"solver.{blocks}")
        self.decoder = torch.nn.ModuleList([linear("decoder.0"), linear("decoder.2")])
        self.register_buffer("readout", tensor("readout"))
        if self.fixed:
            scale, shift = self.modulation()
            self.register_buffer("scale", scale.detach().clone())
            self.register_buffer("shift", shift.detach().clone())

    def modulation(self):
        value = self.embedding[1](torch.sin(self.embedding[0](self.features)))
        scale, shift = value.chunk(2, dim=1)
        return 1 + scale, shift

    def attend(self, x):
        cells = x.shape[0]
        heads = self.query_key_value(x).view(cells, self.nodes, 3, self.heads, self.width // self.heads)
        query, key, value = heads.permute(2, 0, 3, 1, 4).unbind(0)  # each [cells, heads, nodes, depth]
        if self.attention == "fused":
            mixed = F.scaled_dot_product_attention(query, key, value)
        else:
            scores = torch.matmul(query, key.transpose(-1, -2)) * (self.width // self.heads) ** -0.5
            mixed = torch.matmul(torch.softmax(scores, -1), value)
        return self.mixing(mixed.transpose(1, 2).reshape(cells, self.nodes, self.width))

    def forward(self, x):
        z = torch.sin(self.omega_0 * self.encoder[0](x))
        for layer in self.encoder[1:]:
            z = F.gelu(layer(z))
        scale, shift = (self.scale, self.shift) if self.fixed else self.modulation()
        tokens = self.tokens(torch.addcmul(shift, z[:, None], scale))
        tokens = tokens + self.attend(tokens)
        v = tokens
        for kernel, pointwise in zip(self.kernels, self.pointwise):
            v = F.gelu(kernel(v) + pointwise(v[:, -1:] if kernel.last else v))
        v = (tokens[:, -1:] if self.end_of_step else tokens) + self.integral(v)
        change = self.decoder[1](torch.sin(self.decoder[0](v)))
        if not self.end_of_step:
            change = torch.matmul(self.readout, change)
        return change + x[:, None, : self.outputs]


class Model:
    """What export_model wrote of one case."""

    def __init__(self, path):
        self.file = safe_open(path, "pt")
        self.name, self.size = path.stem, self.file.metadata()

    def tensor(self, name):
        """A copy: training in place would change the file's tensors in memory."""
        return self.file.get_tensor(name).clone()

    def rows(self, name, count):
        """`count` rows of a tensor, its cells over and over: random values at every size, with known results."""
        rows = self.tensor(name)
        return rows[torch.arange(count) % len(rows)].contiguous()


# Each peer yields (form, call) for every form that it may be fastest in; call() returns the outputs for x. A call is
# good until the next is asked for.


def torch_eager(model, end_of_step, x):
    for fourier, attention in itertools.product(("matrix", "fft"), ("matmul", "fused")):
        network = Network(model, end_of_step, False, fourier, attention).eval()
        yield f"{fourier}, {attention}", lambda: network(x)


def torch_script(model, end_of_step, x):
    for fourier, attention in itertools.product(("matrix", "fft"), ("matmul", "fused")):
        frozen = torch.jit.freeze(torch.jit.trace(Network(model, end_of_step, False, fourier, attention).eval(), x))
        yield f"{fourier}, {attention}, frozen", lambda: frozen(x)
        optimised = torch.jit.optimize_for_inference(frozen)
        yield f"{fourier}, {attention}, optimised", lambda: optimised(x)


def torch_compile(model, end_of_step, x):
    """No fft: the compiler leaves complex numbers to eager torch. `freezing` folds and packs the weights."""
    for attention, autotune in (("matmul", False), ("fused", False), ("fused", True)):
        torch._dynamo.reset()
        network = Network(model, end_of_step, False, "matrix", attention).eval()
        options = {"freezing": True, "max_autotune": autotune}
        compiled = torch.compile(network, dynamic=False, options=options)
        yield f"{attention}, autotune {autotune}", lambda: compiled(x)


def onnx_runtime(model, end_of_step, x):
    """No fft: ONNX has none that is truncated and real. Input and output stay in memory that is bound once."""
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


def training(model, batch, compiled):
    """Steps on the squared error of all frames, by the quicker of torch's two optimisers for many parameters."""
    x, known = model.rows("input", batch), model.rows("trajectory", batch)
    target = known + 0.1 * torch.randn_like(known)
    for fourier, attention in itertools.product(("matrix",) if compiled else ("matrix", "fft"), ("matmul", "fused")):
        torch._dynamo.reset()
        network = Network(model, False, True, fourier, attention)
        forward = torch.compile(network, dynamic=False) if compiled else network
        check(network(x), known)
        for way in ("fused", "foreach"):
            optimiser = torch.optim.AdamW(network.parameters(), lr=1e-4, **{way: True})

            def call():
                optimiser.zero_grad(set_to_none=True)
                F.mse_loss(forward(x), target).backward()
                optimiser.step()

            yield f"{fourier}, {attention}, {way}", call


INFERENCE = {"torch_eager": torch_eager, "torch_script": torch_script, "torch_compile": torch_compile,
             "onnxruntime": onnx_runtime}
TRAINING = {"torch_eager": False, "torch_compile": True}


def check(found, known):
    """Refuses a peer that computes something else; returns how far it is off."""
    found = found if isinstance(found, torch.Tensor) else torch.from_numpy(found.numpy())
    if found.shape != known.shape:
        raise ValueError(f"outputs of shape {list(known.shape)} expected, {list(found.shape)} found")
    gap = float((found - known).abs().max() / known.std())
    if not gap < TOLERANCE:
        raise ValueError(f"outputs differ by {gap:.1e} of their deviation, more than {TOLERANCE:.0e}")
    return gap


def mean_seconds(call, seconds):
    """Mean time of as many calls as fill `seconds`, and how many cores were at work in it."""
    start = time.perf_counter()
    call()
    calls = max(1, math.ceil(seconds / (time.perf_counter() - start)))
    start, processor = time.perf_counter(), time.process_time()
    for _ in range(calls):
        call()
    wall = time.perf_counter() - start
    return wall / calls, (time.process_time() - processor) / wall


def seconds_of_fastest(forms, known=None):
    """(seconds, remarks) of the fastest form.

    A form that starts far behind is given up; one that another program kept waiting gets more tries.
    """
    best, cores, fastest = math.inf, 0, ""
    for form, call in forms:
        for _ in range(3):  # compilers and profiling executors settle in the first calls
            found = call()
        if known is not None:
            form += f"; off by {check(found, known):.0e}"
        most = 0
        for repetition in range(4 * REPETITIONS):
            seconds, at_work = mean_seconds(call, SECONDS)
            most = max(most, at_work)
            if seconds < best:
                best, cores, fastest = seconds, at_work, form
            if seconds * min(1, at_work) > 1.4 * best or (repetition + 1 >= REPETITIONS and most > 0.97):
                break
    # More cores than threads: the number is wrong. Far less than one: another program had the core.
    return best, f"{fastest}; {cores:.2f} cores"


def measure_inference(model, peer, record):
    for kind in ("trajectory", "end_of_step"):
        name, least = f"model/{model.name}/{kind}", math.inf
        for cells in CELLS if OPTIONS.only in name else ():
            x, known = model.rows("input", cells), model.rows(kind, cells)
            with torch.inference_mode():
                seconds, form = seconds_of_fastest(INFERENCE[peer](model, kind == "end_of_step", x), known)
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


def main():
    torch.set_num_threads(OPTIONS.threads)
    torch.set_num_interop_threads(1)
    torch.manual_seed(1)
    warnings.filterwarnings("ignore")
    models = [Model(path) for path in sorted(OPTIONS.models.glob("*.safetensors"))]
    if not models:
        sys.exit(f"{OPTIONS.models}: expected networks that export_model wrote, found none")
    print(f"torch {torch.__version__}, onnxruntime {onnxruntime.__version__}, {OPTIONS.threads} thread(s), "
          f"torch uses {torch.backends.cpu.get_cpu_capability()}", flush=True)
    results, failures = [], 0

    def record(name, cells, peer, seconds, form):
        results.append({"name": name, "cells": cells, "threads": OPTIONS.threads, "peer": peer,
                        "seconds_per_cell": seconds})
        OPTIONS.out.write_text(json.dumps(results, indent=1))
        print(f"{name:28} {cells:5} {peer:14} {seconds * 1e6:10.2f} us/cell  ({form})", flush=True)

    for measure, known_peers in ((measure_inference, INFERENCE), (measure_training, TRAINING)):
        for peer, model in itertools.product(OPTIONS.peers.split(","), models):
            if peer not in known_peers:
                continue
            try:
                measure(model, peer, record)
            except Exception as error:  # one peer's failure must not lose the others' numbers
                failures += 1
                print(f"{peer}, {model.name}: {type(error).__name__}: {str(error)[-500:]}", flush=True)
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
