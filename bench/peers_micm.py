"""Times NCAR's MICM, the Rosenbrock solvers that atmospheric models use, on the cells that export_solver_cells wrote.

One call of an hour for each block of cells, on one thread, by processor time (on an idle machine the time that passes),
the best of five. Every reaction is a user-defined one: its rate constant is a number of the file, with third bodies folded
in; setting it is not timed, of MICM as of ours. A method is timed only after it has reproduced our reference.

For a batch of N cells MICM may take them in blocks of any size up to N, in either order of memory (`vector` has groups of
four cells side by side). A block shares its time steps: their error is a mean over its cells. The fastest form counts
whose error is at most three times that of the cells one by one.
The times of our CVODE in the file are passed on as peers too, unless it failed on a cell.
bench/run.sh installs what it needs and runs it.
"""

import argparse
import json
import os
import sys
import time
from pathlib import Path

os.environ["OMP_NUM_THREADS"] = os.environ["OPENBLAS_NUM_THREADS"] = "1"  # before the libraries read it

import musica
import musica.mechanism_configuration as configuration
import numpy
from musica.micm import RosenbrockSolverParameters, SolverState
from musica.micm import __version__ as micm_version

PER_MOL = 6.02214076e23 * 1e-6  # molecules cm-3 in one mol m-3, MICM's unit
TOLERANCES = (1e-4, 1e-3, 1e-2, 1e-1)
BATCHES = (1, 64, 240)
FORMS = [("standard", block) for block in (1, 64, 240)] + [("vector", block) for block in (1, 4, 16, 64, 240)]
REPETITIONS = 5
TIGHT, AGREEMENT = 1e-7, 0.01
# MICM's default with three stages, KPP's default with four, and one with six. Names of peers: the default has none.
METHODS = {"ros3": ("rosenbrock", "micm"), "rodas3": ("rosenbrock_dae4", "micm_rodas3"),
           "rodas4": ("rosenbrock_dae6", "micm_rodas4")}


class Cells:
    """The file of export_solver_cells: states and rate constants in molecules cm-3 and s, [cell][...]."""

    def __init__(self, path):
        file = json.loads(path.read_text())
        self.species, self.reactions, self.seconds = file["species"], file["reactions"], file["seconds"]
        self.initial, self.final, self.rates = (
            numpy.array(file[name], dtype=float) for name in ("initial", "final", "rate_constants"))
        self.floor, self.deviation, self.cvode = (
            numpy.array(file["floor"], dtype=float), numpy.array(file["deviation"], dtype=float), file["cvode"])

    def __len__(self):
        return len(self.initial)

    def decades(self, state):
        return numpy.log10(numpy.maximum(state, self.floor))

    def error(self, state):
        """Root mean square over cells and species, in standard deviations of the data set."""
        error = (self.decades(state) - self.decades(self.final)) / self.deviation
        return float(numpy.sqrt(numpy.mean(error**2)))

    def largest_difference(self, state):
        """Relative, where the reference is above the floor, and which species has it."""
        difference = numpy.where(self.final > self.floor, abs(state / numpy.maximum(self.final, self.floor) - 1), 0)
        return float(difference.max()), self.species[difference.max(0).argmax()]


def mechanism_of(cells):
    species = {name: configuration.Species(name=name) for name in cells.species}
    gas = configuration.Phase(name="gas", species=list(species.values()))
    reactions = [
        configuration.UserDefined(
            name=reaction["name"], gas_phase=gas,
            reactants=[(species[name], order) for name, order in reaction["reactants"]],
            products=[(species[name], amount) for name, amount in reaction["products"]])
        for reaction in cells.reactions]
    return configuration.Mechanism(name="exported", species=list(species.values()), phases=[gas], reactions=reactions)


class Solver:
    """MICM at a tolerance, for blocks of so many cells; the first cells come again to fill the last block."""

    def __init__(self, cells, method, order, block, relative, options):
        kind = METHODS[method][0] + ("_standard_order" if order == "standard" else "")
        self.cells = cells
        self.micm = musica.MICM(
            mechanism=mechanism_of(cells), solver_type=getattr(musica.SolverType, kind),
            solver_parameters=RosenbrockSolverParameters(
                relative_tolerance=relative, absolute_tolerances=[options.atol / PER_MOL] * len(cells.species),
                h_start=options.h_start, max_number_of_steps=100000))
        self.blocks = numpy.arange(-(-len(cells) // block) * block).reshape(-1, block) % len(cells)
        order_of_rates = numpy.array([sum(n for _, n in reaction["reactants"]) for reaction in cells.reactions])
        rates = cells.rates * PER_MOL ** (order_of_rates - 1)
        self.states = [self.micm.create_state(block) for _ in self.blocks]
        for state, rows in zip(self.states, self.blocks):
            state.set_conditions([298.15] * block, [101325.0] * block)  # the rates do not depend on them
            state.set_user_defined_rate_parameters(
                {f"USER.{reaction['name']}": rates[rows, r].tolist() for r, reaction in enumerate(cells.reactions)})

    def solve(self):
        """All blocks once: the state of every cell after the hour, seconds and steps a cell."""
        result = numpy.empty_like(self.cells.final)
        seconds = steps = 0
        for state, rows in zip(self.states, self.blocks):
            initial = self.cells.initial[rows] / PER_MOL
            state.set_concentrations({name: initial[:, i].tolist() for i, name in enumerate(self.cells.species)})
            start = time.process_time()
            answer = self.micm.solve(state, self.cells.seconds)
            seconds += time.process_time() - start
            if answer.state != SolverState.Converged:
                raise RuntimeError(f"MICM says {answer.state} after {answer.stats.final_time} s")
            steps += answer.stats.number_of_steps * len(rows)
            final = state.get_concentrations()
            result[rows] = numpy.array([final[name] for name in self.cells.species]).T * PER_MOL
        return result, seconds / self.blocks.size, steps / self.blocks.size


def best_of_each_form(cells, method, relative, options, forms=FORMS):
    """The best repetition of each form: the size of its blocks, (seconds a cell, error, what it was) and the states."""
    for order, block in forms:
        try:
            solver = Solver(cells, method, order, block, relative, options)
            state, seconds, steps = min((solver.solve() for _ in range(REPETITIONS)), key=lambda run: run[1])
        except RuntimeError as error:
            print(f"{method}, rtol {relative:.0e}, {order} order, blocks of {block}: {error}")
            continue
        form = seconds, cells.error(state), f"{order} order, blocks of {block}, {steps:.0f} steps"
        print(f"    {seconds * 1e6:.1f} us/cell, error {form[1]:.1e}, {form[2]}", flush=True)
        yield block, form, state


def name_of(peer, relative):
    return f"{peer}_rtol_{relative:.0e}".replace("e-0", "e-")


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("cells", type=Path, help="file that export_solver_cells wrote")
    arguments.add_argument("--out", type=Path, required=True, help="JSON file of the results, written anew after each")
    arguments.add_argument("--methods", default=",".join(METHODS), help="which of them (default: %(default)s)")
    arguments.add_argument("--atol", type=float, default=1e-3,
                           help="absolute tolerance in molecules cm-3, ours below too (default: %(default)s)")
    arguments.add_argument("--h-start", type=float, default=0,
                           help="first step in s; 0: MICM's own choice, a millionth of the hour (default: %(default)s)")
    options = arguments.parse_args()
    methods = options.methods.split(",")
    if not set(methods) <= set(METHODS):
        arguments.error(f"--methods: expected some of {','.join(METHODS)}, found {options.methods}")
    cells = Cells(options.cells)
    print(f"musica {musica.__version__}, MICM {micm_version}, {len(cells)} cells, {len(cells.species)} species, "
          f"{len(cells.reactions)} reactions")
    results, failures = [], 0

    def record(batch, peer, seconds, error, form):
        results.append({"name": "advance/hour", "cells": batch, "threads": 1, "peer": peer,
                        "seconds_per_cell": seconds, "error": error, "form": form})
        options.out.write_text(json.dumps(results, indent=1))
        print(f"{batch:4} cells {peer:22} {seconds * 1e6:8.1f} us/cell  error {error:.1e}  ({form})", flush=True)

    for timing in cells.cvode:
        relative = timing["relative_tolerance"]
        if timing["failures"]:
            print(f"CVODE, rtol {relative:.0e}, atol {timing['absolute_tolerance']:.0e}: "
                  f"failed on {timing['failures']} cells, left out")
        elif timing["absolute_tolerance"] == options.atol:
            for batch in BATCHES:
                record(batch, name_of("cvode", relative), timing["seconds_per_cell"], timing["error"],
                       f"cell by cell, {timing['steps']:.0f} steps")

    for method in methods:
        state, _, _ = Solver(cells, method, "standard", 1, TIGHT, options).solve()
        difference, species = cells.largest_difference(state)
        print(f"{method} at rtol {TIGHT:.0e}: error {cells.error(state):.1e}, largest relative difference "
              f"{difference:.1e} ({species})", flush=True)
        if not difference < AGREEMENT:
            print(f"{method} does not solve the same problem: the difference is above {AGREEMENT}. It is not timed.")
            failures += 1
            continue
        for relative in TOLERANCES:
            forms = list(best_of_each_form(cells, method, relative, options))
            # At a loose tolerance the steps that cells share may be far less accurate: no equivalent form any more.
            largest = 3 * next((form[1] for block, form, _ in forms if block == 1), float("inf"))
            for batch in BATCHES:
                best = min((form for block, form, _ in forms if block <= batch and form[1] <= largest), default=None)
                if best:
                    record(batch, name_of(METHODS[method][1], relative), *best)
                else:
                    failures += 1
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
