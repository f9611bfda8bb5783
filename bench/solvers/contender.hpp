#pragma once
#include <algorithm>
#include <cstddef>
#include <functional>
#include <limits>
#include <span>
#include <string>
#include <vector>

#include "../processor_time.hpp"
#include "air_cells.hpp"

namespace bench {

/// The least that a call took, of many in a twentieth of a second.
template <class F>
double best_seconds(const F& call) {
  double best = std::numeric_limits<double>::infinity();
  for (double spent = 0; spent < 0.05;) {
    constexpr int turns = 8;
    const double start = processor_seconds();
    for (int turn = 0; turn < turns; ++turn) call();
    const double taken = processor_seconds() - start;
    spent += taken;
    best = std::min(best, taken / turns);
  }
  return best;
}

/// How a call went.
struct Solution {
  std::size_t failed = 0;
  double sweeps = 0, attempts = 0;  ///< of solvers over lanes: over the register, lane by lane
};

/// One that solves all cells for an hour in one call. `result` begins as the state, and stays that where a
/// cell fails.
struct Contender {
  std::string solver, number;
  double tolerance = 0;
  std::function<Solution(const AirCells&, std::span<double> result)> advance = {};

  double seconds = std::numeric_limits<double>::infinity();  ///< best of all calls
  Solution solution = {};
  std::vector<double> result = {};
};

/// Seconds of a block of `lanes` cells for each part of a step, and of a cell for what comes before.
struct Parts {
  std::size_t lanes = 0;
  double load = 0, factor = 0, tendency = 0, solve = 0;
};
struct NamedParts {
  std::string kind, number;
  Parts parts;
};

/// Contenders with one kind of arithmetic.
struct Group {
  std::vector<Contender> contenders;
  std::function<std::vector<NamedParts>(const AirCells&)> parts = {};
};

Group table_group(const Chemistry& chemistry);
Group generated_troposphere();
Group generated_saprc99();
Group generated_ts1();
Group generated_fullchem();
/// CVODE at 1e-4 and 1e-8.
std::vector<Contender> cvode_contenders(const Chemistry& chemistry);
/// The network that comes with the library.
Contender emulator_contender(const Chemistry& chemistry);

}  // namespace bench
