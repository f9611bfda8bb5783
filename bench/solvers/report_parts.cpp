#include <cstdio>
#include <string>

#include "../bench_tools.hpp"
#include "race.hpp"

#include <chemnne/solver/kinetics_program.hpp>

namespace bench {
namespace {

/// Floating-point operations of a cell; a multiply-add is two.
struct Operations {
  double factor = 0, tendency = 0, solve = 0;
};

double products(std::span<const KineticsProgram::Product> all) {
  double count = 0;
  for (const auto& one : all) count += static_cast<double>(one.factors.size());
  return count;
}

/// Of the sums as they are defined (KineticsProgram), the part of rank one left out; generated code shares
/// some.
Operations operations_of(const KineticsProgram& program) {
  Operations count;
  count.tendency = products(program.rates());
  for (const auto& terms : program.gains()) count.tendency += 2 * static_cast<double>(terms.size());
  count.factor = products(program.derivatives()) + 2 * static_cast<double>(program.updates());
  for (const auto& entry : program.entries())
    count.factor += 2 * static_cast<double>(entry.terms.size()) + (entry.row >= entry.column ? 1 : 0);
  count.solve = 2 * static_cast<double>(program.entries().size());
  return count;
}

}  // namespace

void report_parts(const SolverCase& one, const std::vector<Contender>& contenders,
                  const std::vector<NamedParts>& parts) {
  const Operations count = operations_of(KineticsProgram(one.chemistry->mechanism));
  const double operations = count.factor + 3 * count.tendency + 4 * count.solve;
  std::printf(
      "  a step of Rodas3: %.0f floating-point operations a cell (factor %.0f, 3 x tendency %.0f, 4 x "
      "solve %.0f); peak of a core in float %.0f GFLOP/s\n",
      operations, count.factor, count.tendency, count.solve, 1e-9 * peak_flops());
  for (const NamedParts& one_kind : parts) {
    const Parts& p = one_kind.parts;
    const double peak = peak_flops() / (one_kind.number == "float" ? 1 : 2);
    const double arithmetic = p.factor + 3 * p.tendency + 4 * p.solve;
    const double ideal = operations * static_cast<double>(p.lanes) / peak;
    const auto racer = std::find_if(contenders.begin(), contenders.end(), [&](const Contender& c) {
      return c.solver == "Rodas3, " + one_kind.kind && c.number == one_kind.number && c.tolerance == 0.1;
    });
    if (racer == contenders.end()) continue;
    const auto cells = static_cast<double>(one.cells());
    const double sweep = (racer->seconds - p.load * cells) / racer->solution.sweeps;
    std::printf(
        "  %-9s %-6s us a step of %zu cells: factor %.2f, tendency 3 x %.2f, solve 4 x %.2f = %.2f "
        "(%.0f %% of peak); the whole step %.2f (%.0f %%), of which around the arithmetic %.2f "
        "(%.0f %%); rates and gather %.2f us a cell; %.1f steps a cell tried, lanes %.0f %% busy\n",
        one_kind.kind.c_str(), one_kind.number.c_str(), p.lanes, 1e6 * p.factor, 1e6 * p.tendency,
        1e6 * p.solve, 1e6 * arithmetic, 100 * ideal / arithmetic, 1e6 * sweep, 100 * ideal / sweep,
        1e6 * (sweep - arithmetic), 100 * (1 - arithmetic / sweep), 1e6 * p.load,
        racer->solution.attempts / cells,
        100 * racer->solution.attempts / racer->solution.sweeps / static_cast<double>(p.lanes));
  }
  std::fflush(stdout);
}

}  // namespace bench
