#pragma once
#include <concepts>
#include <cstddef>
#include <span>

#include <chemnne/backend/arithmetic.hpp>
#include <chemnne/backend/attention_heads.hpp>
#include <chemnne/backend/operand.hpp>
#include <chemnne/tensor/packed.hpp>
#include <chemnne/tensor/rows.hpp>
#include <chemnne/tensor/step_matrix.hpp>

namespace chemnne {

namespace detail {
/// A constant matrix for the concept to ask with.
struct AnyStepMatrix {
  template <class T>
  static constexpr StepMatrix<T, 3, 2> value{};
};

/// Views of small shapes to ask with. In an unevaluated operand only their types count.
template <class T>
struct AnyRows {
  static constexpr std::size_t coefficients = mode_coefficients(3, 4, 1);
  Rows<const T, 2> a;
  Rows<const T, 5> b, of_rows;
  Rows<const T, 2> c;
  Rows<T, 5> y;
  Rows<T, 2> da;
  std::span<const T, 5> row;
  std::span<T, 5> sum;
  Packed<T, 2, 5> packed;
  Rows<const T, 2, 4> steps;
  Rows<T, 3, 4> later_steps;
  Rows<const T, 4> start;
  Rows<const T, 2, 3> basis;
  Rows<const T, coefficients> head;
  Rows<T, 2, 4> course;
  Rows<const T, 2, 4> dcourse;
  Rows<T, coefficients> dhead;
  Rows<T, 2, 3> dbasis;
  Rows<const T, 2, 12> qkv;
  Rows<T, 2, 12> dqkv;
  AttentionWeights<T, 2, 2> weights;
  AttentionWeights<const T, 2, 2> known_weights;
};
}  // namespace detail

/// All arithmetic that layers need: `B` computes with scalars of T. `Reference` is the specification, in
/// plain loops and for any scalar; its comments have the mathematics, the shapes and the cost. What holds for
/// every primitive and every backend:
///
/// - **Aliasing.** A view that is written overlaps no view that is read, but for `map` and `affine_map`,
/// where an operand
///   of the shape of the result may be the result itself. What lies between strided rows, or beside the
///   columns that a view names, is neither read nor written.
/// - **Rows are independent**: what comes of a row is the same to the bit for any split of rows into calls.
/// The two
///   sums over rows, `outer_accumulate` and `sum_rows_accumulate`, run in the order of the rows.
/// - **No number.** NaN and infinity follow IEEE 754 through sums and products; functions give a result of
/// the kind
///   (finite, infinite, NaN) that `Reference` gives. They never reach another row.
/// - **Accuracy.** Products: K roundings of size |a| |b| in the worst case, in an order of the backend's own;
/// a backend
///   with narrower products (`Bf16`) rounds their operands first, and says so. Functions:
///   tests/properties/function_errors.hpp.
/// - **Memory and errors.** Nothing is allocated, nothing throws; `pack` alone belongs to set-up.
/// - **Concurrency.** A primitive has no state: any threads may call it at once on views of their own. A
/// backend whose
///   primitives are collective over a group of threads (a block of a GPU) ends each with a barrier, so that a
///   layer is the same text for it.
template <class B, class T = float>
concept Backend = requires(detail::AnyRows<T> x, const T& value) {
  // Products
  B::affine(x.a, x.b, x.row, x.y);             // y = bias + a b
  B::matmul(x.a, x.b, x.y);                    // y = a b
  B::matmul_accumulate(x.a, x.b, x.y);         // y += a b
  B::matmul_transposed(x.b, x.of_rows, x.da);  // da = dy b^T
  B::outer_accumulate(x.a, x.b, x.y);          // dw += a^T dy
  B::sum_rows_accumulate(x.b, x.sum);          // dbias += the sum of dy
  { B::template packed_size<T, 2, 5> } -> std::convertible_to<std::size_t>;
  B::pack(x.b, x.row, x.packed);  // weights and bias in the order of affine_map
  B::affine_map(Add{}, x.a, Packed<const T, 2, 5>(x.packed), x.y, x.b);  // y = f(a w + bias, more...)
  // Elementwise
  B::fill(x.y, value);
  B::map(MultiplyAdd{}, x.y, x.b, x.row, x.b);  // y = f(operands...)
  // Along the steps of a cell
  B::template along_steps<detail::AnyStepMatrix, 3>(x.steps, x.later_steps, std::size_t{1});
  B::template along_steps_from<detail::AnyStepMatrix, 2>(x.c, x.steps, x.later_steps);
  B::template mode_product<4, 1>(x.basis, x.head, x.course, std::size_t{0});
  B::template mode_product_pullback<1>(x.basis, x.head, x.dcourse, x.dhead, x.dbasis);
  B::template attend<2>(x.qkv, x.weights, x.course);
  B::template attend<2>(x.qkv, x.course);
  B::template attend_pullback<2>(x.qkv, x.known_weights, x.dcourse, x.dqkv);
};

}  // namespace chemnne
