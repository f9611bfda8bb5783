"""Adds rows of NCAR's MICM to solvers.json, on the cells that bench/solvers wrote beside it: <mechanism>_cells.json.

One thread, processor time, rate constants not counted (ours are). Of each method and tolerance the fastest form of
bench/peers_micm.py counts whose error is at most three times that of the cells one by one. Errors are those of
bench/solvers/main.cpp. Prints at each error of MICM what the quickest of ours costs that is as accurate.
bench/solvers.sh installs what it needs and runs it.
"""

import argparse
import json
from pathlib import Path

import peers_micm  # before numpy: it keeps libraries to one thread
import numpy

FORMS = [("standard", 1), ("vector", 4), ("vector", 16)]
peers_micm.REPETITIONS = 2


def errors_of(cells, state):
    """The fields of a row that say how far `state` is from the truth."""
    error = cells.decades(state) - cells.decades(cells.final)
    of_cell = numpy.sort(numpy.sqrt(numpy.mean(error**2, axis=1)))
    ozone = cells.species.index("O3")
    relative = (state[:, ozone] - cells.final[:, ozone]) / numpy.maximum(cells.final[:, ozone], cells.floor[ozone])
    return {"rmse_decades": float(numpy.sqrt(numpy.mean(error**2))), "median": float(of_cell[len(of_cell) // 2]),
            "worst": float(of_cell[-1]), "o3_relative_rms": float(numpy.sqrt(numpy.mean(relative**2))),
            "rmse_standardised": cells.error(state)}


def rows_of(name, cells, method, cvode, options):
    """A row for each tolerance; none where the method does not solve the same problem."""
    try:
        state, _, _ = peers_micm.Solver(cells, method, "standard", 1, peers_micm.TIGHT, options).solve()
        error = cells.error(state)
    except RuntimeError as failure:
        error = failure
    if isinstance(error, RuntimeError) or not error < 1e-4:
        print(f"{name}: MICM's {method} at rtol {peers_micm.TIGHT:.0e} is off ({error}) and not timed")
        return
    for relative in peers_micm.TOLERANCES:
        forms = list(peers_micm.best_of_each_form(cells, method, relative, options, FORMS))
        largest = 3 * next((form[1] for block, form, _ in forms if block == 1), 0)
        allowed = [(form, state) for _, form, state in forms if form[1] <= largest]
        if not allowed:
            continue
        (seconds, _, form), state = min(allowed, key=lambda one: one[0][0])
        yield {"mechanism": name, "species": len(cells.species), "solver": f"MICM, {method}", "number": "double",
               "tolerance": relative, "microseconds_per_cell": 1e6 * seconds, **errors_of(cells, state), "failed": 0,
               "part_of_cvode": 1e6 * seconds / cvode, "form": form}


def compare(rows, name):
    """MICM's rows that none of its others beats, and the quickest of ours that is as accurate."""
    ours = [row for row in rows if row["mechanism"] == name and row["solver"].startswith("Rodas")
            and not row["solver"].endswith("ten days")]
    micm = [row for row in rows if row["mechanism"] == name and row["solver"].startswith("MICM")]
    cost = lambda row: row["microseconds_per_cell"]
    for row in sorted(micm, key=cost):
        if any(cost(other) < cost(row) and other["rmse_standardised"] <= row["rmse_standardised"] for other in micm):
            continue
        best = min((one for one in ours if one["rmse_standardised"] <= row["rmse_standardised"]), key=cost, default=None)
        print(f"  {row['solver']:14} {row['tolerance']:.0e} {cost(row):8.1f} us  std. rmse {row['rmse_standardised']:.1e}",
              f"({row['form']});" if best is None else
              f"({row['form']}); {best['solver']}, {best['number']}, {best['tolerance']:.0e} {cost(best):.1f} us "
              f"{best['rmse_standardised']:.1e}: 1/{cost(row) / cost(best):.0f}", flush=True)


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("results", type=Path, help="solvers.json")
    arguments.add_argument("--atol", type=float, default=1, help="molecules cm-3 (default: %(default)s)")
    arguments.add_argument("--h-start", type=float, default=0, help="first step in s; 0: MICM's own (default: %(default)s)")
    options = arguments.parse_args()
    rows = json.loads(options.results.read_text())
    for name in dict.fromkeys(row["mechanism"] for row in rows):
        path = options.results.parent / f"{name}_cells.json"
        if not path.exists():
            continue
        rows = [row for row in rows if row["mechanism"] != name or not row["solver"].startswith("MICM")]
        cells = peers_micm.Cells(path)
        cvode = next(row["microseconds_per_cell"] for row in rows
                     if row["mechanism"] == name and row["solver"] == "CVODE" and row["tolerance"] == 1e-4)
        print(f"{name}, musica {peers_micm.musica.__version__}, MICM {peers_micm.micm_version}, {len(cells)} cells")
        for method in peers_micm.METHODS:
            rows += rows_of(name, cells, method, cvode, options)
            options.results.write_text(json.dumps(rows, indent=1) + "\n")
        compare(rows, name)


if __name__ == "__main__":
    main()
