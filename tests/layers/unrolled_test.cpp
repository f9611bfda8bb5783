#define BOOST_TEST_MODULE layers_unrolled
#include <algorithm>
#include <vector>

#include "../properties/layer_table.hpp"
#include <boost/test/unit_test.hpp>

#include <chemnne/backend/reference.hpp>

using namespace chemnne;

namespace {

using Single = ChemNNE<properties::Tiny>::Trajectory;
constexpr std::size_t inputs = properties::Tiny::inputs, conditions = properties::Tiny::conditions,
                      frames = properties::Tiny::frames, outputs = properties::Tiny::outputs;

template <class L>
std::vector<double> forward(const std::vector<double>& x, const std::vector<double>& p) {
  const std::size_t rows = x.size() / L::Input::size;
  std::vector<double> y(rows * L::Output::size);
  Buffer<double> memory(L::memory(rows));
  Arena<double> arena(memory.span());
  L::template forward<Reference, double>(RowsOf<const double, typename L::Input>(x.data(), rows),
                                         Parameters<const double, L::parameters>(p.data(), L::parameters),
                                         RowsOf<double, typename L::Output>(y.data(), rows), arena);
  return y;
}

/// What a host does: one window after the other, `held` applied to what is fed back.
template <class Held>
std::vector<double> by_hand(const std::vector<double>& x, const std::vector<double>& p, std::size_t windows,
                            const Held& held) {
  std::vector<double> all, state(x.begin(), x.begin() + inputs);
  for (std::size_t k = 0; k < windows; ++k) {
    std::vector<double> one = state;
    const auto first = x.begin() + static_cast<std::ptrdiff_t>(inputs + k * conditions);
    one.insert(one.end(), first, first + conditions);
    const std::vector<double> y = forward<Single>(one, p);
    all.insert(all.end(), y.begin() + (k == 0 ? 0 : outputs), y.end());
    for (std::size_t i = 0; i < inputs; ++i) state[i] = held(y[(frames - 1) * outputs + i]);
  }
  return all;
}

}  // namespace

BOOST_AUTO_TEST_CASE(windows_are_a_host_s_steps_one_after_the_other) {
  using Three = Unrolled<Single, 3, inputs>;
  Random random(3);
  const properties::Point at = properties::point<Three>(1, random);
  const std::vector<double> together = forward<Three>(at.x, at.p);
  const std::vector<double> expected = by_hand(at.x, at.p, 3, [](double v) { return v; });
  BOOST_TEST(*std::max_element(expected.begin(), expected.end()) < Three::bound);
  BOOST_TEST(together == expected, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(what_runs_away_is_held_and_teaches_nothing) {
  using Two = Unrolled<Single, 2, inputs>;
  Random random(4);
  properties::Point at = properties::point<Two>(1, random);
  at.x[0] = 1000;  // exact identity: the end of the first window is near it
  const std::vector<double> together = forward<Two>(at.x, at.p);
  const std::vector<double> expected =
      by_hand(at.x, at.p, 2, [](double v) { return std::clamp(v, -1.0 * Two::bound, 1.0 * Two::bound); });
  BOOST_TEST(together == expected, boost::test_tools::per_element());

  // The cotangent of the last frame alone: nothing comes back to the first window through the held species.
  Buffer<double> memory(Two::memory(1) + Two::pullback_memory(1));
  Arena<double> arena(memory.span());
  const RowsOf<const double, Two::Input> x(at.x.data(), 1);
  const Parameters<const double, Two::parameters> p(at.p.data(), Two::parameters);
  std::vector<double> y(Two::Output::size), dy(Two::Output::size), dx(Two::Input::size), dp(Two::parameters);
  const auto residual = Two::forward<Reference, double>(x, p, {y.data(), 1}, arena);
  dy.back() = 1;
  Two::pullback<Reference, double>(residual, x, p, {dy.data(), 1}, {dx.data(), 1},
                                   Parameters<double, Two::parameters>(dp.data(), Two::parameters), arena);
  const double step = 1e-4;
  const auto moved_by = [&](double change) {
    std::vector<double> moved = at.x;
    moved[0] += change;
    return forward<Two>(moved, at.p).back();
  };
  // Both come through the other species alone. Central differences: step^2 and 1e-16 / step, some 1e-8.
  BOOST_TEST(std::abs(dx[0] - (moved_by(step) - moved_by(-step)) / (2 * step)) < 1e-7);
}
