"""ChemNNE in PyTorch, as include/chemnne/model/chemnne.hpp has it, from a file that export_model wrote.

Each part has the forms that a peer may be fastest in; all give the same numbers. Sizes and switches are those of the
file, which must say what this network can be.
"""

import math

import torch
import torch.nn.functional as F
from safetensors import safe_open

# What Network takes for granted of a configuration.
ONLY = {"solver": ("fourier", "none"), "encoder_activation": ("gelu",), "activation": ("gelu",),
        "residual_integral": ("yes",), "identity": ("exact",)}


class Model:
    """What export_model wrote of one case."""

    def __init__(self, path):
        self.file = safe_open(path, "pt")
        self.name, self.size = path.stem, self.file.metadata()
        for key, values in ONLY.items():
            if self.size[key] not in values:
                raise ValueError(f"{path}: {key} {' or '.join(values)} expected, {self.size[key]} found")
        if int(self.size["outputs"]) > int(self.size["inputs"]):
            raise ValueError(f"{path}: outputs that are inputs expected, {self.size['outputs']} of "
                             f"{self.size['inputs']} found")

    def tensor(self, name):
        """A copy: training in place would change the file's tensors in memory."""
        return self.file.get_tensor(name).clone()

    def linear(self, name, columns=slice(None)):
        """An affine map of the file, or some columns of its outputs."""
        weight = self.tensor(name + ".weight")[:, columns].T.contiguous()
        layer = torch.nn.Linear(weight.shape[1], weight.shape[0])
        layer.weight.data, layer.bias.data = weight, self.tensor(name + ".bias")[columns].contiguous()
        return layer

    def rows(self, name, count):
        """`count` rows of a tensor, its cells over and over: random values at every size, with known results."""
        rows = self.tensor(name)
        return rows[torch.arange(count) % len(rows)].contiguous()


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


class ExponentialModes(torch.nn.Module):
    """sum_m c_m (1 - exp(-lambda_m t)) + c t / horizon at the nodes, lambda_m = lambda0_m exp(3 sin a_m), with c and a
    read off the code z by an affine map, of each output or of a few latent values between two more affine maps. The
    coefficients meet the functions of time in a batched product (`product`) or in a sum over elementwise products
    (`sum`)."""

    def __init__(self, model, last, form):
        super().__init__()
        narrow = int(model.size.get("exponential_width", 0))
        self.code = model.linear("exponentials.0") if narrow else torch.nn.Identity()
        self.to_outputs = model.linear("exponentials.2") if narrow else torch.nn.Identity()
        self.modes, self.values, self.form = int(model.size["exponentials"]), narrow or int(model.size["outputs"]), form
        name, coefficients = "exponentials.1" if narrow else "exponentials", (self.modes + 1) * self.values
        self.coefficients = model.linear(name, slice(None, coefficients))
        self.rates = model.linear(name, slice(coefficients, None))
        horizon, scale = float(model.size["horizon"]), float(model.size["time_scale"])
        time = scale * torch.expm1(model.tensor("stretched_time").double() * math.log1p(horizon / scale))[:, None]
        time = time[-1:] if last else time
        rate = 0.5 / horizon * 480 ** (torch.arange(self.modes).double() / max(self.modes - 1, 1))
        self.register_buffer("exponent", (-time * rate).float())  # [nodes, modes]
        self.register_buffer("linear", (time / horizon).float())  # [nodes, 1]

    def forward(self, z):
        z = self.code(z)
        c = self.coefficients(z).view(-1, self.modes + 1, self.values)
        basis = 1 - torch.exp(self.exponent * torch.exp(3 * torch.sin(self.rates(z)))[:, None])
        if self.form == "product":
            values = torch.matmul(torch.cat((basis, self.linear.expand(len(z), -1, -1)), 2), c)
        else:
            values = (basis[..., None] * c[:, None, :-1]).sum(2) + self.linear * c[:, -1:]
        return self.to_outputs(values)


class Network(torch.nn.Module):
    """Normalised [cells, inputs + conditions] to [cells, frames or 1, outputs], in the type of its parameters; what is
    known of the outputs, x0, is added in the type of the input."""

    def __init__(self, model, end_of_step=False, training=False, fourier="matrix", attention="matmul",
                 exponentials="product"):
        super().__init__()
        size, tensor, linear = model.size, model.tensor, model.linear
        self.end_of_step, self.fixed, self.attention = end_of_step, not training, attention
        self.nodes, self.heads, self.outputs = int(size["nodes"]), int(size["heads"]), int(size["outputs"])
        self.skips = size.get("encoder_skips", "no") == "yes"
        self.width, self.omega_0 = int(size["width"]), float(size["omega_0"])
        layers, blocks = int(size["encoder_layers"]), int(size["blocks"]) if size["solver"] == "fourier" else 0

        self.encoder = torch.nn.ModuleList(
            [linear("encoder.0")] + [linear(f"encoder.{layer + 1}.0") for layer in range(1, layers)])
        tau = tensor("stretched_time").double()[:, None]
        waves = [f(math.pi * 2**band * tau) for band in range(int(size["bands"])) for f in (torch.sin, torch.cos)]
        self.register_buffer("features", torch.cat([tau, *waves], 1).float())
        self.embedding = torch.nn.ModuleList([linear("embedding.0.0"), linear("embedding.0.2")])
        self.tokens = linear("embedding.1")
        if self.heads:
            self.query_key_value, self.mixing = linear("attention.query_key_value"), linear("attention.output")
        kernel = SpectralConvolution if training else FrozenSpectralConvolution
        self.kernels = torch.nn.ModuleList(
            [kernel(tensor(f"solver.{block}.0.first.spectral"), self.nodes, fourier, end_of_step and block + 1 == blocks)
             for block in range(blocks)])
        self.pointwise = torch.nn.ModuleList([linear(f"solver.{block}.0.second") for block in range(blocks)])
        self.integral = linear(f"solver.{blocks}") if blocks else None
        self.decoder = torch.nn.ModuleList([linear("decoder.0"), linear("decoder.2")])
        self.exponentials = ExponentialModes(model, end_of_step, exponentials) if int(size["exponentials"]) else None
        self.produces = size.get("production_loss", "no") == "yes"
        if self.produces:
            self.level = torch.nn.Parameter(tensor("production_loss.level"))
            self.natural = math.log(10) * tensor("production_loss.deviation")  # no buffer: never narrowed
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

    def left_and_made(self, x, terms):
        """(1 / k) log(exp(-loss) + exp(k (q + level - x))), in the type of x as ours is."""
        q, g = terms.to(x.dtype).chunk(2, 2)
        made = self.natural * (q + self.level - x[:, None, : self.outputs])
        return torch.logaddexp(-F.softplus(g - 4), made) / self.natural

    def forward(self, x):
        z = torch.sin(self.omega_0 * self.encoder[0](x.to(self.encoder[0].weight.dtype)))
        for layer in self.encoder[1:]:
            z = z + F.gelu(layer(z)) if self.skips else F.gelu(layer(z))
        scale, shift = (self.scale, self.shift) if self.fixed else self.modulation()
        if self.end_of_step and not self.heads and not self.kernels:  # no node needs another
            scale, shift = scale[-1:], shift[-1:]
        tokens = self.tokens(torch.addcmul(shift, z[:, None], scale))
        if self.heads:
            tokens = tokens + self.attend(tokens)
        v = tokens
        for kernel, pointwise in zip(self.kernels, self.pointwise):
            v = F.gelu(kernel(v) + pointwise(v[:, -1:] if kernel.last else v))
        tokens = tokens[:, -1:] if self.end_of_step else tokens
        v = tokens if self.integral is None else tokens + self.integral(v)
        change = self.decoder[1](torch.sin(self.decoder[0](v)))
        if self.exponentials is not None:
            change = change + self.exponentials(z)
        if self.produces:
            change = self.left_and_made(x, change)
        if not self.end_of_step:
            change = torch.matmul(self.readout.to(change.dtype), change)
        return change.to(x.dtype) + x[:, None, : self.outputs]
