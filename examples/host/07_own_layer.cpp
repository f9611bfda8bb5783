// A layer of one's own in a model of one's own: a gate x sigmoid(x W + b) behind the encoder's code. The
// library knows nothing of it; its pullback is checked by the library's gradient check, then the model takes
// a step of training.
//
//     07_own_layer
#include <cmath>
#include <cstdio>
#include <span>
#include <vector>

#include <chemnne/autodiff/gradient_check.hpp>
#include <chemnne/emulator.hpp>
#include <chemnne/training/optimiser.hpp>

namespace {

using namespace chemnne;

/// y = x s(x W + b), s(a) = 1 / (1 + exp(-a)): how much of each number passes depends on all of them.
template <std::size_t Width>
struct Gate {
  using Product = Affine<Width, Width>;
  using Input = Shape<Width>;
  using Output = Shape<Width>;
  static constexpr std::size_t parameters = Product::parameters;

  template <class T>
  using Residual = Rows<T, Width>;  // s, for the pullback
  static constexpr std::size_t memory(std::size_t rows) { return padded(rows * Width); }
  static constexpr std::size_t pullback_memory(std::size_t rows) { return 2 * padded(rows * Width); }

  template <class B, class T>
  static Residual<T> forward(Rows<const T, Width> x, Parameters<const T, parameters> p, Rows<T, Width> y,
                             Arena<T>& arena) {
    const auto s = arena.template take<Shape<Width>>(x.count());
    Product::template forward<B, T>(x, p, s, arena);
    B::map(
        [](const auto& a) {
          using V = std::decay_t<decltype(a)>;
          return constant<V>(1) / (constant<V>(1) + Elementary<V>::exponential(-a));
        },
        s, s);
    B::map(Multiply{}, y, x, s);
    return s;
  }

  /// dx = dy s + W^T da, da = dy x s (1 - s).
  template <class B, class T>
  static void pullback(Residual<T> s, Rows<const T, Width> x, Parameters<const T, parameters> p,
                       Rows<const T, Width> dy, Rows<T, Width> dx, Parameters<T, parameters> dp,
                       Arena<T> arena) {
    const auto da = arena.template take<Shape<Width>>(x.count());
    const auto through = arena.template take<Shape<Width>>(x.count());
    B::map(
        [](const auto& d, const auto& value, const auto& gate) {
          using V = std::decay_t<decltype(d)>;
          return d * value * gate * (constant<V>(1) - gate);
        },
        da, dy, x, s);
    Product::template pullback<B, T>({}, x, p, Rows<const T, Width>(da), through, dp, arena);
    B::map(MultiplyAdd{}, dx, dy, s, through);
  }

  template <class T>
  static void initialise(Parameters<T, parameters> p, Random& random) {
    Product::initialise(p, random);
  }
  template <class Visit>
  static void describe(const std::string& name, std::size_t offset, const Visit& visit) {
    Product::describe(name, offset, visit);
  }
};
static_assert(Layer<Gate<4>>);

/// A model: the encoder's code, gated, then exponential modes. It can be trained, evaluated and stepped as
/// any other; chemnne_add_emulator(... MODELS GatedModel<...> HEADER ...) makes its program.
template <class C>
struct GatedModel
    : NodalModel<C, Chain<Named<"encoder", Encoder<C>>, Named<"gate", Gate<C::encoder_width>>,
                          Named<"exponentials", ExponentialModes<typename NodalTimes<C>::NodeTimes, C::nodes,
                                                                 C::encoder_width, C::outputs,
                                                                 NodalTimes<C>::known, C::exponentials>>>> {
  static constexpr const char* architecture = "gated";
};

struct Tiny : DefaultConfiguration<4, 4, 2> {
  static constexpr std::size_t encoder_width = 16, encoder_layers = 2, nodes = 4;
};

}  // namespace

int main() {
  Random random(1);
  std::vector<double> x(3 * 8), p(Gate<8>::parameters);
  for (double& value : x) value = random.normal();
  for (double& value : p) value = random.normal();
  const GradientError check = gradient_error<Gate<8>, DefaultBackend, double>(x, p, random);
  std::printf("gradient check: error of dx %.1e, of dp %.1e\n", check.input, check.parameters);

  // A few steps of training: all rows towards 1.
  using Network = GatedModel<Tiny>::Trajectory;
  constexpr std::size_t rows = 8;
  Buffer<float> weights(Network::parameters), gradient(Network::parameters), in(rows * Network::Input::size),
      dx(in.size()), y(rows * Network::Output::size), dy(y.size()),
      memory(Network::memory(rows) + Network::pullback_memory(rows));
  Network::initialise(std::span<float, Network::parameters>(weights.data(), Network::parameters), random);
  for (float& value : in.span()) value = static_cast<float>(random.normal());
  OptimiserState<float> state(weights.span());
  double first = 0, error = 0;
  for (int step = 0; step < 200; ++step) {
    Arena<float> arena(memory.span());
    const Parameters<const float, Network::parameters> now(weights.data(), Network::parameters);
    const RowsOf<const float, Network::Input> input(in.data(), rows);
    const auto residual = Network::forward<DefaultBackend, float>(
        input, now, RowsOf<float, Network::Output>(y.data(), rows), arena);
    error = 0;
    for (std::size_t i = 0; i < y.size(); ++i) {
      dy[i] = 2 * (y[i] - 1) / static_cast<float>(y.size());
      error += static_cast<double>((y[i] - 1) * (y[i] - 1)) / static_cast<double>(y.size());
    }
    if (step == 0) first = error;
    std::fill_n(gradient.data(), gradient.size(), 0.0f);
    Network::pullback<DefaultBackend, float>(
        residual, input, now, RowsOf<const float, Network::Output>(dy.data(), rows),
        RowsOf<float, Network::Input>(dx.data(), rows),
        Parameters<float, Network::parameters>(gradient.data(), Network::parameters), arena);
    optimiser_step<DefaultBackend, float>(weights.span(), std::as_const(gradient).span(), 1, 1e-2, {}, state);
  }
  std::printf("mean squared error: %.3f at first, %.4f after 200 steps\n", first, error);
  return check.input < 1e-12 && check.parameters < 1e-12 && error < 0.5 * first ? 0 : 1;
}
