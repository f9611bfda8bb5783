#define BOOST_TEST_MODULE properties_opaque_scalar
#include <algorithm>
#include <tuple>

#include "layer_table.hpp"
#include <boost/test/unit_test.hpp>

#include <chemnne/backend/backend.hpp>
#include <chemnne/inference/prepared_network.hpp>

// Layers contain no arithmetic of their own: each is compiled and run here with a scalar that can be made of
// a constant and copied, and nothing else, on a backend that has the primitives and nothing else. A layer
// that adds two of its scalars, compares them or asks a backend for more does not compile.
using namespace chemnne;

namespace {

struct Opaque {
  constexpr Opaque() = default;
  constexpr explicit Opaque(double v) : value(static_cast<float>(v)) {}
  float value = 0;
};

struct Primitives {
  static inline std::size_t calls = 0;
  static void count() { ++calls; }

  template <class T, std::size_t K, std::size_t N>
  static void affine(Rows<const T, K>, Rows<const T, N>, std::span<const T, N>, Rows<T, N>) {
    count();
  }
  template <class T, std::size_t K, std::size_t N>
  static void matmul(Rows<const T, K>, Rows<const T, N>, Rows<T, N>) {
    count();
  }
  template <class T, std::size_t K, std::size_t N>
  static void matmul_accumulate(Rows<const T, K>, Rows<const T, N>, Rows<T, N>) {
    count();
  }
  template <class T, std::size_t K, std::size_t N>
  static void matmul_transposed(Rows<const T, K>, Rows<const T, K>, Rows<T, N>) {
    count();
  }
  template <class T, std::size_t M, std::size_t N>
  static void outer_accumulate(Rows<const T, M>, Rows<const T, N>, Rows<T, N>) {
    count();
  }
  template <class T, std::size_t N>
  static void sum_rows_accumulate(Rows<const T, N>, std::span<T, N>) {
    count();
  }

  template <class T, std::size_t K, std::size_t N>
  static constexpr std::size_t packed_size = (K + 1) * N;
  template <class T, std::size_t K, std::size_t N>
  static void pack(Rows<const T, N>, std::span<const T, N>, Packed<T, K, N>) {
    count();
  }
  template <class F, class T, std::size_t K, std::size_t N, class... More>
  static void affine_map(F, Rows<const T, K>, Packed<const T, K, N>, Rows<T, N>, More...) {
    count();
  }

  template <class T, std::size_t... E>
  static void fill(Rows<T, E...>, const T&) {
    count();
  }
  template <class F, class T, std::size_t... E, class... Operands>
  static void map(F, Rows<T, E...>, Operands...) {
    count();
  }

  template <class M, std::size_t Columns, class T, std::size_t From, std::size_t To, std::size_t Width>
  static void along_steps(Rows<const T, From, Width>, Rows<T, To, Width>, std::size_t = 0) {
    static_cast<void>(M::template value<T>);
    count();
  }
  template <class M, std::size_t Columns, class T, std::size_t From, std::size_t To, std::size_t Width>
  static void along_steps_from(Rows<const T, Columns>, Rows<const T, From, Width>, Rows<T, To, Width>) {
    static_cast<void>(M::template value<T>);
    count();
  }
  template <std::size_t Outputs, std::size_t Known, class T, std::size_t Nodes, std::size_t Terms,
            std::size_t Head, std::size_t Width>
  static void mode_product(Rows<const T, Nodes, Terms>, Rows<const T, Head>, Rows<T, Nodes, Width>,
                           std::size_t = 0) {
    count();
  }
  template <std::size_t Known, class T, std::size_t Nodes, std::size_t Terms, std::size_t Head,
            std::size_t Outputs>
  static void mode_product_pullback(Rows<const T, Nodes, Terms>, Rows<const T, Head>,
                                    Rows<const T, Nodes, Outputs>, Rows<T, Head>, Rows<T, Nodes, Terms>) {
    count();
  }
  template <std::size_t Heads, class T, std::size_t Steps, std::size_t QKV, std::size_t Width>
  static void attend(Rows<const T, Steps, QKV>, AttentionWeights<T, Heads, Steps>, Rows<T, Steps, Width>) {
    count();
  }
  template <std::size_t Heads, class T, std::size_t Steps, std::size_t QKV, std::size_t Width>
  static void attend(Rows<const T, Steps, QKV>, Rows<T, Steps, Width>) {
    count();
  }
  template <std::size_t Heads, class T, std::size_t Steps, std::size_t QKV, std::size_t Width>
  static void attend_pullback(Rows<const T, Steps, QKV>, AttentionWeights<const T, Heads, Steps>,
                              Rows<const T, Steps, Width>, Rows<T, Steps, QKV>) {
    count();
  }
};
static_assert(Backend<Primitives, Opaque>);

template <class L>
struct Run {
  static constexpr std::size_t rows = 3;
  using T = Opaque;
  template <class U, class S>
  static RowsOf<U, S> rows_of(Buffer<T>& memory) {
    return {memory.data(), rows};
  }

  Buffer<T> x{rows * L::Input::size}, dx{rows * L::Input::size}, y{rows * L::Output::size},
      dy{rows * L::Output::size}, p{L::parameters + 1}, dp{L::parameters + 1};
  Parameters<const T, L::parameters> parameters() const {
    return Parameters<const T, L::parameters>(p.data(), L::parameters);
  }

  void forward_and_pullback() {
    Buffer<T> memory(L::memory(rows) + 1), scratch(L::pullback_memory(rows) + 1);
    Arena<T> arena(memory.span());
    const auto residual = L::template forward<Primitives, T>(
        rows_of<const T, typename L::Input>(x), parameters(), rows_of<T, typename L::Output>(y), arena);
    L::template pullback<Primitives, T>(
        residual, rows_of<const T, typename L::Input>(x), parameters(),
        rows_of<const T, typename L::Output>(dy), rows_of<T, typename L::Input>(dx),
        Parameters<T, L::parameters>(dp.data(), L::parameters), Arena<T>(scratch.span()));
  }
  void prepared() {
    using P = Prepared<L>;
    Buffer<T> constants(P::template constants<Primitives, T> + 1), memory(P::memory(rows) + 1);
    P::template prepare<Primitives, T>(parameters(), constants.data());
    P::template evaluate<Primitives, T>(rows_of<const T, typename L::Input>(x), constants.data(),
                                        rows_of<T, typename L::Output>(y), Arena<T>(memory.span()));
  }
};

template <class... Lists>
using Joined = decltype(std::tuple_cat(std::declval<Lists>()...));
using Layers =
    Joined<properties::PlainLayers, properties::StepLayers, properties::Models, properties::Variants,
           std::tuple<Unrolled<ChemNNE<properties::Tiny>::Trajectory, 2, 4>>>;

template <class L>
void run() {
  Run<L> layer;
  std::size_t before = Primitives::calls;
  layer.forward_and_pullback();
  BOOST_TEST(Primitives::calls > before + 1);
  before = Primitives::calls;
  layer.prepared();
  BOOST_TEST(Primitives::calls > before);
}

}  // namespace

BOOST_AUTO_TEST_CASE_TEMPLATE(layers_models_and_prepared_layers_need_no_more_than_a_backend, L, Layers) {
  run<L>();
}
