#pragma once
#include <cstddef>
#include <span>
#include <string>

#include <chemnne/support/random.hpp>
#include <chemnne/tensor/buffer.hpp>
#include <chemnne/tensor/rows.hpp>

namespace chemnne {

/// The N parameters of a layer, p: a part of the model's flat array.
template <class T, std::size_t N>
using Parameters = std::span<T, N>;

namespace detail {
struct IgnoreTensor {
  void operator()(const std::string&, std::size_t, std::span<const std::size_t>) const {}
};
}  // namespace detail

/// A layer is a stateless type: y = f(x; p). It owns nothing; parameters, residual and memory are passed in.
///
///     Input, Output      Shape of one row (a cell) of x and y
///     parameters         scalars of p, a compile-time constant
///     Residual<T>        what the pullback needs from the forward: views into the arena
///     memory(rows)       scalars that forward takes from the arena, residual included
///     pullback_memory(rows)
///     forward<B>(x, p, y, arena) -> Residual<T>
///     pullback<B>(residual, x, p, dy, dx, dp, arena)    dx = J_x^T dy, dp += J_p^T dy
///     initialise(p, random)
///     describe(name, offset, visit)   visit(name, offset, {extents}) for each named tensor within p
///
/// Backends (B) provide the primitives of `Reference`; layers contain arithmetic of no other kind. Forward
/// and pullback allocate nothing and throw nothing.
template <class L>
concept Layer = requires(Parameters<float, L::parameters> p, Random& random, const std::string& name) {
  { L::Input::size + L::Output::size } -> std::convertible_to<std::size_t>;
  typename L::template Residual<float>;
  { L::memory(std::size_t{1}) } -> std::convertible_to<std::size_t>;
  { L::pullback_memory(std::size_t{1}) } -> std::convertible_to<std::size_t>;
  L::initialise(p, random);
  L::describe(name, std::size_t{0}, detail::IgnoreTensor{});
};

/// The backend B for pullbacks of which only dx is wanted: an affine map, which is most of a network, leaves
/// dp as it is, and what others write there is of no use.
template <class B>
struct InputsOnly : B {};
/// Whether a pullback by the backend B has to write dp.
template <class B>
inline constexpr bool wants_parameters = true;
/// Not where only dx is wanted.
template <class B>
inline constexpr bool wants_parameters<InputsOnly<B>> = false;

/// The residual of a layer whose pullback needs only x and p.
struct NoResidual {};

/// What layers without parameters share.
struct ParameterFree {
  static constexpr std::size_t parameters = 0;
  template <class T>
  static void initialise(Parameters<T, 0>, Random&) {}
  template <class Visit>
  static void describe(const std::string&, std::size_t, const Visit&) {}
};

/// What layers share whose parameters are those of the layer L inside.
template <class L>
struct ParametersOf {
  template <class T>
  static void initialise(Parameters<T, L::parameters> p, Random& random) {
    L::initialise(p, random);
  }
  template <class Visit>
  static void describe(const std::string& name, std::size_t offset, const Visit& visit) {
    L::describe(name, offset, visit);
  }
};

/// What layers that take no memory share.
struct MemoryFree {
  template <class T>
  using Residual = NoResidual;
  static constexpr std::size_t memory(std::size_t) { return 0; }
  static constexpr std::size_t pullback_memory(std::size_t) { return 0; }
};

}  // namespace chemnne
