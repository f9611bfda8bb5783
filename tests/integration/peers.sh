#!/usr/bin/env bash
# bench/peers.py against our networks: PyTorch's, built from the files of export_model, must give our numbers, and must
# refuse a file whose numbers are others. Skipped where no Python has PyTorch.
#   peers.sh SOURCE EXPORT_MODEL
set -euo pipefail
source=$1
export LC_ALL=C
for python in "$source/build/bench/venv/bin/python" python3 none; do # the first is that of bench/run.sh
  "$python" -c 'import numpy, safetensors, torch' 2>/dev/null && break
done
if [ $python = none ]; then
  echo "skipped: no PyTorch (bash bench/run.sh installs one)"
  exit 0
fi
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"$2" "$folder" >/dev/null

peers() { "$python" "$source/bench/peers.py" "$@" --check --peers torch_eager,torch_eager_bf16; }
peers "$folder"
peers "$folder/untimed"

mkdir "$folder/wrong"
"$python" - "$folder" <<'PYTHON'
import sys
from safetensors import safe_open
from safetensors.torch import save_file
with safe_open(sys.argv[1] + "/default.safetensors", "pt") as file:
    tensors, sizes = {name: file.get_tensor(name) for name in file.keys()}, file.metadata()
tensors["decoder.2.bias"] += 0.1
save_file(tensors, sys.argv[1] + "/wrong/default.safetensors", sizes)
PYTHON
if peers "$folder/wrong" >"$folder/log" || ! grep -q "outputs differ by" "$folder/log"; then
  cat "$folder/log"
  echo "expected a peer that refuses other numbers"
  exit 1
fi
