#pragma once
#include <array>
#include <cstddef>
#include <numbers>

#include <chemnne/backend/arithmetic.hpp>
#include <chemnne/layers/concepts.hpp>

namespace chemnne {

namespace detail {
// Cotangents of y = (log10(max(x, floor)) - mean) / deviation and of y = (x - mean) / deviation.

/// With respect to x: dy / (deviation x ln 10) above the floor.
struct LogarithmSlope {
  template <class V>
  constexpr V operator()(const V& x, const V& dy, const V& floor, const V& deviation) const {
    return chosen<V>(floor < x, dy / (deviation * x * constant<V>(std::numbers::ln10)), constant<V>(0));
  }
};
/// With respect to the floor: dy / (deviation floor ln 10) where x is not above it.
struct FloorSlope {
  template <class V>
  constexpr V operator()(const V& x, const V& dy, const V& floor, const V& deviation) const {
    return chosen<V>(floor < x, constant<V>(0), dy / (deviation * floor * constant<V>(std::numbers::ln10)));
  }
};
struct MeanSlope {
  template <class V>
  constexpr V operator()(const V& dy, const V& deviation) const {
    return -dy / deviation;
  }
};
struct DeviationSlope {
  template <class V>
  constexpr V operator()(const V& x, const V& dy, const V& mean, const V& deviation) const {
    return -dy * (x - mean) / (deviation * deviation);
  }
};
struct DeviationSlopeOfLogarithm {
  template <class V>
  constexpr V operator()(const V& x, const V& dy, const V& floor, const V& mean, const V& deviation) const {
    return -dy * StandardiseLogarithm{}(x, floor, mean, deviation) / deviation;
  }
};

/// y dy ln 10, the cotangent of the exponent of y = 10^exponent.
struct PowerSlope {
  template <class V>
  constexpr V operator()(const V& y, const V& dy) const {
    return dy * y * constant<V>(std::numbers::ln10);
  }
};
}  // namespace detail

/// Physical inputs to the numbers that the network sees:
/// concentrations y = (log10(max(x, floor)) - mean) / deviation, conditions y = (x - mean) / deviation.
///
/// A concentration that is not a number stays one.
///
/// Shapes: x and y [Species + Conditions]. Units: x molecules cm-3 and the conditions' own.
/// Parameters: floor [Species], mean and deviation [Species + Conditions]: constants fitted on the training
/// split, which travel with the weights. Pullback: exact where x differs from the floor.
template <std::size_t Species, std::size_t Conditions>
struct Normalise {
  static constexpr std::size_t width = Species + Conditions;
  using Input = Shape<width>;
  using Output = Input;
  static constexpr std::size_t mean = Species, deviation = mean + width;  ///< where these parameters begin
  static constexpr std::size_t parameters = deviation + width;
  template <class T>
  using Residual = NoResidual;
  static constexpr std::size_t memory(std::size_t) { return 0; }
  static constexpr std::size_t pullback_memory(std::size_t rows) { return padded(rows * width); }

  template <class B, class T>
  static constexpr NoResidual forward(Rows<const T, width> x, Parameters<const T, parameters> p,
                                      Rows<T, width> y, Arena<T>&) {
    B::map(StandardiseLogarithm{}, y.template columns<Species>(0), x.template columns<Species>(0),
           p.template subspan<0, Species>(), p.template subspan<mean, Species>(),
           p.template subspan<deviation, Species>());
    B::map(Standardise{}, y.template columns<Conditions>(Species), x.template columns<Conditions>(Species),
           p.template subspan<mean + Species, Conditions>(),
           p.template subspan<deviation + Species, Conditions>());
    return {};
  }

  /// dx, and in turn what each parameter's cotangent is the sum of over rows.
  template <class B, class T>
  static constexpr void pullback(NoResidual, Rows<const T, width> x, Parameters<const T, parameters> p,
                                 Rows<const T, width> dy, Rows<T, width> dx, Parameters<T, parameters> dp,
                                 Arena<T> arena) {
    const auto term = arena.template take<Shape<width>>(x.count());
    const auto floors = p.template subspan<0, Species>();
    const auto means = p.template subspan<mean, width>(), deviations = p.template subspan<deviation, width>();
    const auto species = [](auto rows) { return rows.template columns<Species>(0); };
    const auto conditions = [](auto rows) { return rows.template columns<Conditions>(Species); };
    const auto add_term = [&](auto to) { B::sum_rows_accumulate(Rows<const T, width>(term), to); };

    B::map(detail::FloorSlope{}, species(term), species(x), species(dy), floors,
           deviations.template first<Species>());
    B::sum_rows_accumulate(Rows<const T, Species>(species(term)), dp.template subspan<0, Species>());
    B::map(detail::DeviationSlopeOfLogarithm{}, species(term), species(x), species(dy), floors,
           means.template first<Species>(), deviations.template first<Species>());
    B::map(detail::DeviationSlope{}, conditions(term), conditions(x), conditions(dy),
           means.template last<Conditions>(), deviations.template last<Conditions>());
    add_term(dp.template subspan<deviation, width>());
    B::map(detail::MeanSlope{}, term, dy, deviations);
    add_term(dp.template subspan<mean, width>());
    B::map(detail::LogarithmSlope{}, species(dx), species(x), species(dy), floors,
           deviations.template first<Species>());
    B::map(Negate{}, conditions(dx), conditions(term));
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
  static constexpr std::size_t pullback_memory(std::size_t rows) { return memory(rows); }

  /// Residual: a copy of y, since a wrapping layer may change y in place.
  template <class B, class T>
  static constexpr Residual<T> forward(Rows<const T, Frames, Species> x, Parameters<const T, parameters> p,
                                       Rows<T, Frames, Species> y, Arena<T>& arena) {
    const Residual<T> kept = arena.template take<Output>(x.count());
    B::map(Destandardise{}, kept, x, p.template first<Species>(), p.template last<Species>());
    B::map(Unchanged{}, y, kept);
    return kept;
  }

  template <class B, class T>
  static constexpr void pullback(const Residual<T>& y, Rows<const T, Frames, Species> x,
                                 Parameters<const T, parameters> p, Rows<const T, Frames, Species> dy,
                                 Rows<T, Frames, Species> dx, Parameters<T, parameters> dp, Arena<T> arena) {
    const auto term = arena.template take<Output>(x.count());
    const auto add_term = [&](auto to) { B::sum_rows_accumulate(Rows<const T, Species>(term.merge()), to); };
    B::map(detail::PowerSlope{}, dx, y, dy);
    B::map(Multiply{}, term, dx, x);
    add_term(dp.template last<Species>());
    B::map(Unchanged{}, term, dx);
    add_term(dp.template first<Species>());
    B::map(Multiply{}, dx, dx, p.template last<Species>());
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
