#define BOOST_TEST_MODULE solver_generated_kernel
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <string>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

#include "../chemistry/rate_program_cases.hpp"
#include <boost/test/unit_test.hpp>
#include <solver_kernel_peroxy.hpp>
#include <solver_kernel_troposphere.hpp>

#include <chemnne/solver/lane_rates.hpp>
#include <chemnne/solver/rosenbrock_solver.hpp>
#include <chemnne/solver/table_kernel.hpp>
#include <chemnne/tensor/buffer.hpp>

using namespace chemnne;

namespace {

/// Which file a generated kernel is of.
template <template <class> class Kernel>
struct File;
template <>
struct File<Troposphere> {
  static constexpr const char* path = CHEMNNE_SOURCE_DIRECTORY "/examples/mechanisms/troposphere.eqn";
};
template <>
struct File<PeroxyRadicals> {
  static constexpr const char* path = CHEMNNE_SOURCE_DIRECTORY "/tests/solver/peroxy_radicals.eqn";
};

/// A mechanism with random cells, and both of its kernels.
template <template <class> class Generated, class Scalar>
struct Pair {
  using T = Scalar;
  using Kernel = Generated<T>;
  static constexpr std::size_t lanes = NativeLanes<T>::count;
  static constexpr double rounding = std::is_same_v<T, float> ? 1e-6 : 1e-14;

  const Mechanism mechanism = read_mechanism(File<Generated>::path);
  const KineticsProgram program{mechanism};
  const RateProgram rate_program{mechanism};
  const TableKernel<T> table{program};
  Buffer<double> inputs{rate_program.inputs() * lanes};
  std::vector<std::vector<double> > cell_inputs;
  std::bitset<lanes> well;
  /// Rates with the larger scratch memory of the two.
  Buffer<T> k{std::max(table.rate_items(), Kernel::rate_items()) * lanes}, state{program.size() * lanes};

  explicit Pair(std::uint64_t seed) {
    Random random(seed);
    for (std::size_t lane = 0; lane < lanes; ++lane) {
      cell_inputs.push_back(test::random_inputs(rate_program, random));
      for (std::size_t i = 0; i < rate_program.inputs(); ++i)
        inputs[i * lanes + lane] = cell_inputs[lane][i] =
            i < environment_inputs ? cell_inputs[lane][i] : std::pow(10, random.uniform(-1, 1));
      for (std::size_t p = 0; p < program.size(); ++p)
        state[p * lanes + lane] = static_cast<T>(std::pow(10, random.uniform(2, 12)));
    }
    well = Kernel::rate_constants(inputs.data(), k.data());
  }

  /// State and rate constants of a cell, in the mechanism's order.
  std::vector<double> concentrations(std::size_t lane) const {
    std::vector<double> c(program.size());
    for (std::size_t p = 0; p < c.size(); ++p)
      c[program.species()[p]] = static_cast<double>(state[p * lanes + lane]);
    return c;
  }

  /// Production and loss of each place together: what a tendency's rounding is measured with.
  std::vector<double> turnover(ChemicalSystem& system, std::size_t lane) const {
    const std::vector<double> c = concentrations(lane);
    std::vector<double> production(c.size()), loss(c.size()), sum(c.size());
    system.turnover(c, production, loss);
    for (std::size_t p = 0; p < c.size(); ++p)
      sum[p] = production[program.species()[p]] + std::abs(loss[program.species()[p]]);
    return sum;
  }

  /// ChemicalSystem in the environment of a cell.
  void set(ChemicalSystem& system, std::size_t lane) const {
    system.set_environment(test::environment_of(rate_program, cell_inputs[lane]));
    std::vector<double> fixed(system.fixed().begin(), system.fixed().end());
    for (std::size_t i = 0; i < rate_program.fixed_species().size(); ++i)
      fixed[rate_program.fixed_species()[i] - mechanism.variable_species] =
          cell_inputs[lane][environment_inputs + rate_program.parameters() + i];
    system.set_fixed(fixed);
  }
};

using Pairs = std::tuple<Pair<Troposphere, float>, Pair<Troposphere, double>, Pair<PeroxyRadicals, float>,
                         Pair<PeroxyRadicals, double> >;

template <class K>
concept ThrowsNothing = requires(typename K::T* memory, const double* inputs, const typename K::L& step) {
  { K::tendency(memory, memory, memory) }
  noexcept;
  { K::factor(memory, memory, step, memory) }
  noexcept;
  { K::solve(memory, memory) }
  noexcept;
  { K::rate_constants(inputs, memory) }
  noexcept;
};

}  // namespace

BOOST_AUTO_TEST_CASE_TEMPLATE(a_kernel_says_what_it_is_of, P, Pairs) {
  const P pair(1);
  using Kernel = typename P::Kernel;
  BOOST_TEST(Kernel::fingerprint == pair.mechanism.fingerprint());
  BOOST_TEST(Kernel::mechanism == pair.mechanism.name);
  BOOST_TEST(Kernel::size() == pair.table.size());
  BOOST_TEST(Kernel::rates() == pair.table.rates());
  BOOST_TEST(Kernel::matrix_items() == pair.table.matrix_items());
  BOOST_TEST(Kernel::species() == pair.table.species(), boost::test_tools::per_element());
  BOOST_TEST(Kernel::input_names == pair.rate_program.input_names(), boost::test_tools::per_element());
  BOOST_TEST(Kernel::elements == pair.mechanism.elements, boost::test_tools::per_element());
  for (std::size_t i = 0; i < Kernel::size(); ++i) {
    const Species& species = pair.mechanism.species[i];
    BOOST_TEST(Kernel::species_names[i] == species.name);
    BOOST_TEST(Kernel::composition_known[i] == species.composition_known);
    for (const AtomCount& atom : species.atoms) BOOST_TEST(Kernel::atoms[i][atom.element] == atom.count);
  }
}

BOOST_AUTO_TEST_CASE_TEMPLATE(rate_constants_are_those_of_the_lanes, P, Pairs) {
  using T = typename P::T;
  for (std::uint64_t seed = 1; seed < 20; ++seed) {
    P pair(seed);
    LaneRates<T> lanes(pair.rate_program);
    Buffer<T> expected(lanes.rates() * P::lanes);
    for (const double bad : {1.0, std::numeric_limits<double>::quiet_NaN()}) {
      pair.inputs[seed % P::lanes] *= bad;
      pair.well = P::Kernel::rate_constants(pair.inputs.data(), pair.k.data());
      BOOST_TEST(pair.well == lanes.evaluate(pair.inputs.data(), expected.data()));
      BOOST_TEST(pair.well.count() == P::lanes - (bad == 1 ? 0 : 1));
      double difference = 0;
      for (std::size_t i = 0; i < expected.size(); ++i)
        if (pair.well[i % P::lanes])
          difference = std::max(difference,
                                std::abs(static_cast<double>(pair.k[i]) - static_cast<double>(expected[i])) /
                                    std::max(std::abs(static_cast<double>(expected[i])), 1e-37));
      BOOST_TEST(difference < (std::is_same_v<T, float> ? 1e-6 : 1e-12));
    }
  }
}

BOOST_AUTO_TEST_CASE_TEMPLATE(tendencies_are_those_of_tables_and_of_the_chemical_system, P, Pairs) {
  using T = typename P::T;
  for (std::uint64_t seed = 1; seed < 20; ++seed) {
    P pair(seed);
    Buffer<T> found(pair.state.size()), expected(pair.state.size());
    P::Kernel::tendency(pair.state.data(), pair.k.data(), found.data());
    pair.table.tendency(pair.state.data(), pair.k.data(), expected.data());
    ChemicalSystem system(pair.mechanism);
    double difference = 0, system_difference = 0;
    for (std::size_t lane = 0; lane < P::lanes; ++lane) {
      pair.set(system, lane);
      std::vector<double> dcdt(P::Kernel::size());
      system.tendency(pair.concentrations(lane), dcdt);
      const std::vector<double> turnover = pair.turnover(system, lane);
      for (std::size_t p = 0; p < dcdt.size(); ++p) {
        const double value = static_cast<double>(found[p * P::lanes + lane]),
                     scale = std::max(turnover[p], 1e-30);
        difference = std::max(difference,
                              std::abs(value - static_cast<double>(expected[p * P::lanes + lane])) / scale);
        system_difference =
            std::max(system_difference, std::abs(value - dcdt[pair.program.species()[p]]) / scale);
      }
    }
    BOOST_TEST(difference < P::rounding);
    BOOST_TEST(system_difference < 100 * P::rounding);
  }
}

BOOST_AUTO_TEST_CASE_TEMPLATE(solutions_are_those_of_tables_and_of_the_chemical_system, P, Pairs) {
  using T = typename P::T;
  for (std::uint64_t seed = 1; seed < 20; ++seed) {
    P pair(seed);
    const std::size_t n = P::Kernel::size();
    Buffer<T> lengths(P::lanes), m(P::Kernel::matrix_items() * P::lanes), right(n * P::lanes),
        found(n * P::lanes), expected(n * P::lanes);
    Random random(seed);
    for (std::size_t lane = 0; lane < P::lanes; ++lane)
      lengths[lane] = static_cast<T>(std::pow(10, random.uniform(-3, 0)));
    for (std::size_t i = 0; i < right.size(); ++i)
      found[i] = expected[i] = right[i] = pair.state[i] * static_cast<T>(random.uniform(-1, 1));
    const auto s = NativeLanes<T>::load(lengths.data());
    P::Kernel::factor(pair.state.data(), pair.k.data(), s, m.data());
    P::Kernel::solve(m.data(), found.data());
    pair.table.factor(pair.state.data(), pair.k.data(), s, m.data());
    pair.table.solve(m.data(), expected.data());
    ChemicalSystem system(pair.mechanism);
    double difference = 0, residual = 0;
    for (std::size_t lane = 0; lane < P::lanes; ++lane) {
      pair.set(system, lane);
      const std::vector<double> c = pair.concentrations(lane);
      std::vector<double> x(n), b(n), size(n), values(system.row_indices().size());
      for (std::size_t p = 0; p < n; ++p) {
        const std::size_t at = p * P::lanes + lane;
        x[pair.program.species()[p]] = static_cast<double>(found[at]);
        b[pair.program.species()[p]] = static_cast<double>(right[at]);
        difference = std::max(difference,
                              std::abs(static_cast<double>(found[at]) - static_cast<double>(expected[at])) /
                                  std::max(std::abs(static_cast<double>(expected[at])),
                                           std::abs(static_cast<double>(right[at]))));
      }
      // b - (I - s J) x, and the sum of what cancels in it.
      system.jacobian(c, values);
      for (std::size_t i = 0; i < n; ++i) size[i] = std::abs(b[i]) + std::abs(x[i]);
      for (std::size_t i = 0; i < n; ++i) b[i] -= x[i];
      const double step = static_cast<double>(lengths[lane]);
      const auto add = [&](std::size_t i, double change) {
        b[i] += step * change;
        size[i] += step * std::abs(change);
      };
      for (std::size_t j = 0; j < n; ++j)
        for (auto e = static_cast<std::size_t>(system.column_pointers()[j]);
             e < static_cast<std::size_t>(system.column_pointers()[j + 1]); ++e)
          add(static_cast<std::size_t>(system.row_indices()[e]), values[e] * x[j]);
      if (!system.peroxy_radicals().empty()) {
        std::vector<double> u(n);
        system.rank_one_factor(c, u);
        double sum = 0;
        for (const std::size_t i : system.peroxy_radicals()) sum += x[i];
        for (std::size_t i = 0; i < n; ++i) add(i, u[i] * sum);
      }
      for (std::size_t i = 0; i < n; ++i) residual = std::max(residual, std::abs(b[i]) / size[i]);
    }
    BOOST_TEST(difference < 1e3 * P::rounding, "difference " << difference);
    BOOST_TEST(residual < 1e2 * P::rounding, "residual " << residual);
  }
}

BOOST_AUTO_TEST_CASE_TEMPLATE(nothing_is_written_beside_the_arrays, P, Pairs) {
  using T = typename P::T;
  P pair(3);
  const std::size_t n = P::Kernel::size() * P::lanes, rates = P::Kernel::rates() * P::lanes,
                    items = P::Kernel::rate_items() * P::lanes,
                    entries = P::Kernel::matrix_items() * P::lanes;
  constexpr T mark(-7);
  const auto marked = [&](std::size_t size) {
    Buffer<T> buffer(size + P::lanes);
    std::fill_n(buffer.data(), buffer.size(), mark);
    return buffer;
  };
  Buffer<T> k = marked(items), f = marked(n), m = marked(entries);
  std::copy_n(pair.k.data(), rates, k.data());
  P::Kernel::tendency(pair.state.data(), k.data(), f.data());
  P::Kernel::factor(pair.state.data(), k.data(), typename P::Kernel::L(T(1)), m.data());
  P::Kernel::solve(m.data(), f.data());
  for (std::size_t lane = 0; lane < P::lanes; ++lane)
    BOOST_TEST((k[items + lane] == mark && f[n + lane] == mark && m[entries + lane] == mark));
  BOOST_TEST(std::equal(k.data(), k.data() + rates, pair.k.data()));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(kernels_are_types_without_memory_whose_functions_do_not_throw, P, Pairs) {
  static_assert(ThrowsNothing<typename P::Kernel>);
  static_assert(std::is_empty_v<typename P::Kernel>);
  BOOST_TEST(P::Kernel::size() > 0);
}
