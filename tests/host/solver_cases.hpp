#pragma once
#include <array>
#include <bitset>
#include <cmath>
#include <cstddef>
#include <span>
#include <string_view>
#include <vector>

#include "../solver/solver_cases.hpp"

#include <chemnne/solver/lanes.hpp>
#include <chemnne/support/random.hpp>

namespace test {

/// Cells of a host in random air: states about the mechanism's initial values, each with an environment.
struct HostAir {
  static constexpr std::size_t conditions = 5;
  std::vector<double> state, weather;  ///< [cell][species of the mechanism], [cell][condition]
  std::vector<Environment> environment;

  HostAir(const Mechanism& mechanism, std::size_t cells, std::uint64_t seed = 1) {
    Random random(seed);
    ChemicalSystem system(mechanism);
    for (std::size_t cell = 0; cell < cells; ++cell) {
      const std::vector<double> c = random_cell(mechanism, system, random).state;
      state.insert(state.end(), c.begin(), c.end());
      const Environment e = random_environment(random);
      weather.insert(weather.end(),
                     {e.temperature, e.pressure, e.relative_humidity, e.cosine_zenith, e.photolysis_scaling});
      environment.push_back(e);
    }
  }
};

/// A -> B with k = rate [s-1] of a condition, and X, which has nitrogen as these have and does not react: the
/// interface of a generated kernel (solver/kernel_writer.hpp), written by hand.
template <class Scalar>
struct Decay {
  using T = Scalar;
  using L = chemnne::NativeLanes<T>;
  static constexpr std::string_view mechanism = "decay", fingerprint = "none";
  static constexpr std::array<std::string_view, 3> species_names{{"A", "B", "X"}};
  static constexpr std::array<bool, 3> composition_known{{true, true, true}}, reacts{{true, true, false}};
  static constexpr std::array<std::string_view, 1> elements{{"N"}};
  static constexpr std::array<std::array<int, 1>, 3> atoms{{{1}, {1}, {1}}};
  static constexpr std::array<bool, 1> conserved{{true}};
  static constexpr std::array<std::string_view, 1> input_names{{"rate"}};
  static constexpr std::array<std::size_t, 3> order{{0, 1, 2}};

  static constexpr std::size_t size() noexcept { return 3; }
  static constexpr std::size_t rates() noexcept { return 1; }
  static constexpr std::size_t rate_items() noexcept { return 1; }
  static constexpr std::size_t matrix_items() noexcept { return 2; }
  static constexpr bool overdraws() noexcept { return false; }
  static std::span<const std::size_t> species() noexcept { return order; }

  static void tendency(const T* c, const T* k, T* f) noexcept {
    const L loss = L::load(k) * L::load(c, 0);
    (-loss).store(f, 0);
    loss.store(f, 1);
    L(T(0)).store(f, 2);
  }
  /// 1 / (1 + s k), s k.
  static void factor(const T*, const T* k, const L& s, T* m) noexcept {
    const L product = s * L::load(k);
    (L(T(1)) / (L(T(1)) + product)).store(m, 0);
    product.store(m, 1);
  }
  static void solve(const T* m, T* b) noexcept {
    const L a = L::load(m, 0) * L::load(b, 0);
    a.store(b, 0);
    multiply_add(L::load(m, 1), a, L::load(b, 1)).store(b, 1);
  }
  static std::bitset<L::count> rate_constants(const double* inputs, T* k) noexcept {
    std::bitset<L::count> well;
    for (std::size_t lane = 0; lane < L::count; ++lane) {
      k[lane] = static_cast<T>(inputs[lane]);
      well[lane] = std::isfinite(k[lane]);
    }
    return well;
  }
};

}  // namespace test
