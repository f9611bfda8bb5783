"""Puts our own times beside those of the peers: build/bench/results.json, table.md and results.svg.

Ours come from Google Benchmark's JSON, where a benchmark is called <name>@<who>/<arguments> and has the counters cells,
threads, seconds_per_cell and, of ours alone, fraction_of_peak; <who> is chemnne or a peer in C++. Those of Python come
from peers.py. Only equal names, cells and threads of one run on one machine are compared. Whose name ends in _bf16
computes in bfloat16: ours stands in a row of its own, and the best peer of either kind is told apart.
"""

import argparse
import json
import subprocess
import sys
from pathlib import Path

OURS, BF16 = "chemnne", "_bf16"


def of_google_benchmark(path):
    """(name, cells, threads), who and the counters of each run; means and medians of repetitions are left out."""
    for run in json.loads(path.read_text()).get("benchmarks", []):
        if "seconds_per_cell" not in run or "@" not in run["name"] or run.get("run_type") == "aggregate":
            continue
        if run.get("error_occurred"):
            print(f"{path.name}: {run['name']}: {run.get('error_message', 'failed')}")
            continue
        name, _, rest = run["name"].partition("@")
        key = name, int(run.get("cells", 1)), int(run.get("threads", 1))  # a counter hides Google's own threads
        yield key, rest.split("/")[0], run


def of_peers(path):
    for run in json.loads(path.read_text()):
        yield (run["name"], run["cells"], run["threads"]), run["peer"], run


def merge(files):
    """One entry for everything that we timed, with the fastest repetition of us and of each peer."""
    fastest = {}
    for path in files:
        text = path.read_text().lstrip()
        try:
            for key, who, run in (of_peers if text.startswith("[") else of_google_benchmark)(path):
                runs = fastest.setdefault(key, {})
                if who not in runs or run["seconds_per_cell"] < runs[who]["seconds_per_cell"]:
                    runs[who] = run
        except (ValueError, KeyError) as error:
            print(f"{path}: not a file of results ({type(error).__name__}: {error})")
    entries = []
    for (name, cells, threads), runs in fastest.items():
        ours = {who: runs.pop(who) for who in (OURS, OURS + BF16) if who in runs}
        if not ours:
            print(f"{name}, {cells} cells, {threads} threads: only of {', '.join(sorted(runs))}, left out")
        peers = {who: run["seconds_per_cell"] for who, run in sorted(runs.items())}
        for who, run in ours.items():
            entries.append({"name": name + who.removeprefix(OURS).replace("_", " "), "cells": cells, "threads": threads,
                            "seconds_per_cell": run["seconds_per_cell"],
                            "fraction_of_peak": run.get("fraction_of_peak"), "peers": peers})
    return sorted(entries, key=lambda entry: (entry["name"], entry["threads"], entry["cells"]))


def micro(seconds):
    return f"{seconds * 1e6:.4g}"


def ratios(entry):
    """How many times longer each peer takes than we, the best peer first."""
    of = {who: seconds / entry["seconds_per_cell"] for who, seconds in entry["peers"].items()}
    return dict(sorted(of.items(), key=lambda item: item[1]))


def best(entry, bf16):
    """The best peer in float or in bfloat16 and its ratio to ours, as text."""
    of = [(who, ratio) for who, ratio in ratios(entry).items() if who.endswith(BF16) == bf16]
    return f"{of[0][0]} {of[0][1]:.2f}" if of else ""


def table(entries):
    lines = ["| name | cells | threads | µs a cell | of peak | best peer in float, its time / ours | in bf16 | "
             "peers, µs a cell |", "|---|---:|---:|---:|---:|---|---|---|"]
    for entry in entries:
        peak = entry["fraction_of_peak"]
        peers = ", ".join(f"{name} {micro(seconds)}" for name, seconds in entry["peers"].items())
        lines.append(f"| {entry['name']} | {entry['cells']} | {entry['threads']} | {micro(entry['seconds_per_cell'])} | "
                     f"{'' if peak is None else f'{100 * peak:.0f} %'} | {best(entry, False)} | {best(entry, True)} | "
                     f"{peers} |")
    return "\n".join(lines) + "\n"


def plot(entries, path, goals):
    """A bar to the best peer's ratio, a point for every peer; right of 1 we are faster. False: nothing to draw."""
    compared = [(entry, ratios(entry)) for entry in reversed(entries) if entry["peers"]]
    if not compared:
        return False
    names = sorted({who for _, ratio in compared for who in ratio})
    rows = range(len(compared))
    labels = ", ".join(f'"{entry["name"]}, {entry["cells"]}" {row}' for row, (entry, _) in zip(rows, compared))
    values = [value for _, ratio in compared for value in (1, *ratio.values(), *goals)]
    commands = [f'set terminal svg size 900,{120 + 22 * len(compared)} enhanced background "white"',
                f'set output "{path}"', "set termoption noenhanced", "set logscale x", "set grid x",
                f"set xrange [{min(values) / 1.3}:{max(values) * 1.3}]", f"set yrange [-1:{len(compared)}]",
                f"set ytics ({labels})", 'set xlabel "time of the peer / time of chemnne (bar: the best peer)"',
                "set key outside top center horizontal", "set style fill solid 0.35 noborder"]
    commands += [f"set arrow from {x},graph 0 to {x},graph 1 nohead front linewidth {width} linecolor '{colour}'"
                 for x, width, colour in [(1, 2, "black"), *((goal, 1, "red") for goal in goals)]]
    data = ["$bars << end"]
    data += [f"{next(iter(ratio.values()))} {row}" for row, (_, ratio) in zip(rows, compared)] + ["end"]
    curves = ["$bars using 1:2:(1):1:($2-0.35):($2+0.35) with boxxyerror linecolor 'gray' notitle"]
    for number, who in enumerate(names):
        data += [f"$peer{number} << end"]
        data += [f"{ratio[who]} {row}" for row, (_, ratio) in zip(rows, compared) if who in ratio] + ["end"]
        curves.append(f'$peer{number} using 1:2 with points pointtype {number % 7 + 4} linecolor {number + 1} title "{who}"')
    script = "\n".join([*commands, *data, "plot " + ", ".join(curves)]) + "\n"
    subprocess.run(["gnuplot"], input=script, text=True, check=True)
    return True


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("files", type=Path, nargs="+", help="JSON of Google Benchmark and of peers.py")
    arguments.add_argument("--folder", type=Path, default=Path("build/bench"), help="where to write (%(default)s)")
    arguments.add_argument("--goal", type=float, action="append", default=[], help="a ratio to mark in the figure")
    options = arguments.parse_args()

    entries = merge([path for path in options.files if path.is_file()])
    options.folder.mkdir(parents=True, exist_ok=True)
    (options.folder / "results.json").write_text(json.dumps(entries, indent=1) + "\n")
    (options.folder / "table.md").write_text(table(entries))
    print(f"{len(entries)} entries, {sum(bool(entry['peers']) for entry in entries)} of them with peers: {options.folder}")
    try:
        plot(entries, options.folder / "results.svg", options.goal)
    except (OSError, subprocess.CalledProcessError) as error:
        print(f"no figure: {error}")
        return 1
    return 0 if entries else 1


if __name__ == "__main__":
    sys.exit(main())
