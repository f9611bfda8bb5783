#pragma once
#include <array>
#include <cmath>
#include <type_traits>

#include <chemnne/backend/elementary.hpp>
#include <chemnne/layers/concepts.hpp>
#include <chemnne/layers/functions.hpp>

namespace chemnne {

/// Physical inputs to the numbers that the network sees:
/// concentrations y = (log10(max(x, floor)) - mean) / deviation, conditions y = (x - mean) / deviation.
///
/// A concentration that is not a number stays one.
///
/// Shapes: x and y [Species + Conditions]. Units: x molecules cm-3 and the conditions' own.
/// Parameters: floor [Species], mean and deviation [Species + Conditions]: constants fitted on the training
/// split, which travel with the weights. Pullback: exact where x differs from the floor.
template <std::size_t Species, std::size_t Conditions>
struct Normalise : MemoryFree {
  static constexpr std::size_t width = Species + Conditions;
  using Input = Shape<width>;
  using Output = Input;
  static constexpr std::size_t mean = Species, deviation = mean + width;  ///< where these parameters begin
  static constexpr std::size_t parameters = deviation + width;

  template <class B, class T>
  static NoResidual forward(Rows<const T, width> x, Parameters<const T, parameters> p, Rows<T, width> y,
                            Arena<T>&) {
    B::map_columns(
        [](const auto& v, const auto& least, const auto& m, const auto& d) {
          using std::log10;
          return (log10(Elementary<std::decay_t<decltype(v)>>::at_least(v, least)) - m) / d;
        },
        y.template columns<Species>(0), x.template columns<Species>(0), p.template subspan<0, Species>(),
        p.template subspan<mean, Species>(), p.template subspan<deviation, Species>());
    B::map_columns([](const auto& v, const auto& m, const auto& d) { return (v - m) / d; },
                   y.template columns<Conditions>(Species), x.template columns<Conditions>(Species),
                   p.template subspan<mean + Species, Conditions>(),
                   p.template subspan<deviation + Species, Conditions>());
    return {};
  }

  template <class B, class T>
  static void pullback(NoResidual, Rows<const T, width> x, Parameters<const T, parameters> p,
                       Rows<const T, width> dy, Rows<T, width> dx, Parameters<T, parameters> dp, Arena<T>) {
    using std::log10;
    const T ln10 = T(std::numbers::ln10);
    for (std::size_t row = 0; row < x.count(); ++row)
      for (std::size_t i = 0; i < width; ++i) {
        const T slope = dy[row][i] / p[deviation + i];
        const bool above = i >= Species || p[i] < x[row][i];
        const T value = i >= Species ? x[row][i] : log10(above ? x[row][i] : p[i]);
        dx[row][i] = i >= Species ? slope : above ? slope / (x[row][i] * ln10) : T(0);
        if (!above) dp[i] += slope / (p[i] * ln10);
        dp[mean + i] -= slope;
        dp[deviation + i] -= slope * (value - p[mean + i]) / p[deviation + i];
      }
  }

  /// Mean 0, deviation 1, floor 1: the trainer sets the fitted values.
  template <class T>
  static void initialise(Parameters<T, parameters> p, Random&) {
    for (std::size_t i = 0; i < parameters; ++i) p[i] = T(i < mean || i >= deviation ? 1 : 0);
  }
  template <class Visit>
  static void describe(const std::string& name, std::size_t offset, const Visit& visit) {
    visit(name + ".floor", offset, std::array{Species});
    visit(name + ".mean", offset + mean, std::array{width});
    visit(name + ".deviation", offset + deviation, std::array{width});
  }
};

/// Back to number densities: y = 10^(mean + deviation x).
///
/// Shapes: x and y [Frames, Species]; mean and deviation [Species]. Units: y molecules cm-3. Pullback: exact.
template <std::size_t Frames, std::size_t Species>
struct Denormalise {
  using Input = Shape<Frames, Species>;
  using Output = Input;
  static constexpr std::size_t parameters = 2 * Species;
  template <class T>
  using Residual = Rows<T, Frames, Species>;
  static constexpr std::size_t memory(std::size_t rows) { return padded(rows * Output::size); }
  static constexpr std::size_t pullback_memory(std::size_t) { return 0; }

  /// Residual: a copy of y, since a wrapping layer may change y in place.
  template <class B, class T>
  static Residual<T> forward(Rows<const T, Frames, Species> x, Parameters<const T, parameters> p,
                             Rows<T, Frames, Species> y, Arena<T>& arena) {
    const Residual<T> kept = arena.template take<Output>(x.count());
    B::map_columns(
        [](const auto& v, const auto& mean, const auto& deviation) {
          using std::exp;
          return exp((mean + deviation * v) * constant<std::decay_t<decltype(v)>>(std::numbers::ln10));
        },
        kept.merge(), x.merge(), p.template first<Species>(), p.template last<Species>());
    B::map([](const auto& a) { return a; }, y, Rows<const T, Frames, Species>(kept));
    return kept;
  }

  template <class B, class T>
  static void pullback(const Residual<T>& y, Rows<const T, Frames, Species> x,
                       Parameters<const T, parameters> p, Rows<const T, Frames, Species> dy,
                       Rows<T, Frames, Species> dx, Parameters<T, parameters> dp, Arena<T>) {
    const auto rows = x.merge();
    for (std::size_t row = 0; row < rows.count(); ++row)
      for (std::size_t i = 0; i < Species; ++i) {
        const T slope = dy.merge()[row][i] * y.merge()[row][i] * T(std::numbers::ln10);
        dx.merge()[row][i] = slope * p[Species + i];
        dp[i] += slope;
        dp[Species + i] += slope * rows[row][i];
      }
  }

  template <class T>
  static void initialise(Parameters<T, parameters> p, Random&) {
    for (std::size_t i = 0; i < parameters; ++i) p[i] = T(i < Species ? 0 : 1);
  }
  template <class Visit>
  static void describe(const std::string& name, std::size_t offset, const Visit& visit) {
    visit(name + ".mean", offset, std::array{Species});
    visit(name + ".deviation", offset + Species, std::array{Species});
  }
};

static_assert(Layer<Normalise<2, 1>> && Layer<Denormalise<2, 3>>);

}  // namespace chemnne
