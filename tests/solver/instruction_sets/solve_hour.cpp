// solve_hour tables|generated CELLS RESULT: an hour of the embedded mechanism, in the lanes of the
// instruction set that this is compiled for, [cell][species] in double. Status 3: the processor does not have
// that set.
#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdlib>
#include <span>
#include <string>
#include <vector>

#include <stiff_troposphere.hpp>

#include <chemnne/chemistry/kpp_reader.hpp>
#include <chemnne/io/atomic_file.hpp>
#include <chemnne/solver.hpp>
#include <chemnne/solver/lane_chemistry.hpp>
#include <chemnne/support/random.hpp>

namespace {

using namespace chemnne;
using Generated = Solver<Troposphere>;
#if defined(CHEMNNE_SIMD)
static_assert(NativeLanes<float>::width == CHEMNNE_FLOATS_OF_A_REGISTER);
#endif
constexpr std::size_t species = Generated::species, conditions = Generated::conditions;
constexpr double seconds = 3600;

/// Of continental air, each number density moved by up to a factor of 10.
struct Air {
  explicit Air(std::size_t count) : cells(count) {
    const Generated solver;
    const struct {
      const char* name;
      double ratio;
    } present[] = {{"O3", 5e-8},    {"NO", 1e-10},     {"NO2", 1e-9},   {"CO", 1.5e-7},
                   {"CH4", 1.9e-6}, {"HCHO", 1e-9},    {"H2O2", 1e-9},  {"H2", 5e-7},
                   {"C2H6", 1e-9},  {"CH3CHO", 3e-10}, {"SO2", 3e-10},  {"C2H4", 4e-10},
                   {"PAN", 5e-10},  {"HNO3", 1e-9},    {"CH3OH", 3e-9}, {"CH3OOH", 1e-9}};
    Random random(3);
    state.resize(cells * species);
    for (std::size_t cell = 0; cell < cells; ++cell) {
      weather.insert(weather.end(),
                     {random.uniform(260, 310), random.uniform(7e4, 1e5), random.uniform(10, 90),
                      random.uniform(-0.3, 1), random.uniform(0.5, 1.2)});
      for (const auto& one : present)
        state[cell * species + solver.species_index(one.name)] =
            2.4e19 * one.ratio * std::pow(10, random.uniform(-1, 1));
    }
  }
  std::size_t cells;
  std::vector<double> state, weather;  ///< [cell][species], [cell][condition]
};

void solve_generated(Air& air) {
  const Generated solver;
  Generated::Workspace workspace;
  const auto state = Columns<double>::cell_major(air.state.data(), air.cells, species);
  const StepStatus status =
      solver.advance(state, Columns<const double>::cell_major(air.weather.data(), air.cells, conditions),
                     seconds, state, workspace);
  if (!status.clean()) std::exit(1);
}

/// What RosenbrockSolver solves, by tables.
struct TableCells {
  Air& air;
  BlockRates<float>& rates;

  std::size_t count() const { return air.cells; }
  std::span<const double> times(std::size_t) const { return {&seconds, 1}; }
  void load(std::size_t first, std::size_t cells, float* c, float* k) {
    constexpr std::size_t lanes = BlockRates<float>::cells;
    for (std::size_t l = 0; l < cells; ++l) {
      const double* const weather = &air.weather[(first + l) * conditions];
      rates.set(l, {.temperature = weather[0],
                    .pressure = weather[1],
                    .relative_humidity = weather[2],
                    .cosine_zenith = weather[3],
                    .photolysis_scaling = weather[4]});
      for (std::size_t i = 0; i < species; ++i)
        c[i * lanes + l] = static_cast<float>(air.state[(first + l) * species + i]);
    }
    rates.evaluate(cells, k);
  }
  void store(std::size_t cell, std::size_t, const float* c) {
    std::copy_n(c, species, &air.state[cell * species]);
  }
  void finish(std::size_t, const CellOutcome& outcome) {
    if (!outcome.solved) std::exit(1);
  }
};

void solve_by_tables(Air& air) {
  const LaneChemistry<float> chemistry(
      read_kpp(CHEMNNE_SOURCE_DIRECTORY "/examples/mechanisms/troposphere.eqn"));
  BlockRates<float> rates(chemistry);
  RosenbrockSolver<Rodas3, TableKernel<float>> solver(chemistry.kernel(), {.relative_tolerance = 1e-3});
  TableCells cells{air, rates};
  solver.integrate(cells);
}

}  // namespace

int main(int count, char** arguments) {
#if defined(__AVX512F__)
  if (!__builtin_cpu_supports("avx512f") || !__builtin_cpu_supports("avx512dq")) return 3;
#elif defined(__AVX2__)
  if (!__builtin_cpu_supports("avx2") || !__builtin_cpu_supports("fma")) return 3;
#endif
  if (count != 4) return 2;
  Air air(std::strtoul(arguments[2], nullptr, 10));
  if (std::string(arguments[1]) == "tables")
    solve_by_tables(air);
  else
    solve_generated(air);
  write_file_atomically(arguments[3],
                        {reinterpret_cast<const char*>(air.state.data()), air.state.size() * sizeof(double)});
}
