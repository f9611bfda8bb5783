#pragma once
#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <vector>

#include <chemnne/autodiff/dual.hpp>
#include <chemnne/host/element_budget.hpp>
#include <chemnne/support/contract.hpp>
#include <chemnne/tensor/buffer.hpp>

namespace chemnne {

/// What GuardedStep has done to the state of one cell, as a linear map: the derivative of limits and
/// projections on the side that was taken,
///
///     after = G(raw, before),   d after = G_raw d raw + G_before d before,
///
/// raw the network's result. It is a watch (Unwatched) of a step, and goes through what it has seen forwards
/// (`tangent`) or backwards (`cotangent`).
///
/// What was done is a list of pieces. In each, some species are given new values: a constant (a limit of the
/// training data), their value before the step (one that was beyond the limit already), or what the total of
/// an element can hold of them. Then the others may be projected on the totals that those leave
/// (ElementProjection). An element without a total has no derivative: its carriers are 0 whatever the network
/// says. A value that is 0 has the derivative of small ones.
class StepRecord {
 public:
  /// `budget` must outlive it. Allocates.
  StepRecord(const ElementBudget& budget, std::size_t inputs, std::size_t outputs)
      : budget_(&budget),
        inputs_(inputs),
        outputs_(outputs),
        given_(most_pieces * outputs),
        out_(most_pieces * outputs),
        total_(most_pieces),
        projects_(most_pieces),
        from_(most_pieces * outputs),
        projected_(outputs),
        exponent_(outputs),
        slope_(outputs),
        duals_(outputs) {}

  /// Nothing is done yet to the cell whose state before the step is this [inputs]. Elements of which there is
  /// nothing are those that carry nothing.
  void begin(const double* before) noexcept {
    before_ = before;
    pieces_ = 0;
    open();
  }

  void starts() noexcept { std::fill_n(out(pieces_), outputs_, std::uint8_t{0}); }
  void limited(std::size_t i, double value) noexcept {
    given(pieces_)[i] = {i < inputs_ && value == before_[i] ? Source::before : Source::constant};
  }
  void capped(std::size_t i, std::size_t element, double atoms) noexcept {
    given(pieces_)[i] = {Source::total, static_cast<std::uint8_t>(element), 1 / atoms};
  }
  void held(std::size_t i) noexcept { out(pieces_)[i] = 1; }
  void stays(std::size_t i) noexcept {
    given(pieces_)[i] = {Source::before};
    held(i);
  }
  void projects(const double* after, const ElementBudget::Totals& total) noexcept {
    std::copy_n(after, outputs_, from(pieces_));
    total_[pieces_] = total;
  }
  void projected(const double*) noexcept {
    projects_[pieces_] = 1;
    const std::size_t done = pieces_++;
    open();
    std::copy_n(out(done), outputs_, out(pieces_));
  }

  /// Of d raw [outputs] makes d after. Shape: before [inputs].
  void tangent(const double* before, double* state) noexcept {
    Totals whole;
    budget_->totals(before, whole.data());
    for (std::size_t piece = 0; piece <= pieces_; ++piece) {
      for (std::size_t i = 0; i < outputs_; ++i) {
        const Given& source = given(piece)[i];
        if (source.from == Source::constant) state[i] = 0;
        if (source.from == Source::before) state[i] = before[i];
        if (source.from == Source::total) state[i] = whole[source.element] * source.share;
      }
      if (projects_[piece] != 0) project_tangent(piece, whole, state);
    }
  }

  /// Of dL/d after [outputs] makes dL/d raw, and adds to dL/d before [inputs].
  void cotangent(double* state, double* before) noexcept {
    Totals whole{};
    for (std::size_t piece = pieces_ + 1; piece-- > 0;) {
      if (projects_[piece] != 0) project_cotangent(piece, whole, state);
      for (std::size_t i = 0; i < outputs_; ++i) {
        const Given& source = given(piece)[i];
        if (source.from == Source::before) before[i] += state[i];
        if (source.from == Source::total) whole[source.element] += source.share * state[i];
        if (source.from != Source::itself) state[i] = 0;
      }
    }
    for (const ElementBudget::Carrier& one : budget_->carriers())
      before[one.species] += one.atoms * whole[one.element];
  }

 private:
  using Totals = ElementBudget::Totals;
  using D = Dual<double>;
  /// Limits and a projection, eight rounds within the limits, one without them, one of the last check.
  static constexpr std::size_t most_pieces = 12;
  /// What stands for a species that is 0: its factor is that of small values.
  static constexpr double nearly_nothing = 1e-200;

  enum class Source : std::uint8_t { itself, constant, before, total };
  struct Given {
    Source from = Source::itself;
    std::uint8_t element = 0;
    double share = 0;  ///< of the total
  };

  Given* given(std::size_t piece) noexcept { return given_.data() + piece * outputs_; }
  std::uint8_t* out(std::size_t piece) noexcept { return out_.data() + piece * outputs_; }
  double* from(std::size_t piece) noexcept { return from_.data() + piece * outputs_; }

  void open() noexcept {
    if (pieces_ == most_pieces)
      contract_is_broken("a guarded step has more pieces than its record has room for");
    std::fill_n(given(pieces_), outputs_, Given{});
    std::fill_n(out(pieces_), outputs_, std::uint8_t{0});
    projects_[pieces_] = 0;
  }

  /// The totals that are projected on: those of before, less what species have that take no part; 0 of an
  /// element that is not there.
  void project_tangent(std::size_t piece, const Totals& whole, double* state) noexcept {
    std::array<D, ElementProjection::most_elements> total;
    for (std::size_t e = 0; e < budget_->elements(); ++e) total[e] = {total_[piece][e], whole[e]};
    for (const ElementBudget::Carrier& one : budget_->carriers())
      if (out(piece)[one.species] != 0) total[one.element].tangent -= one.atoms * state[one.species];
    for (D& t : total)
      if (t.value == 0) t.tangent = 0;
    for (std::size_t i = 0; i < outputs_; ++i)
      duals_[i] = out(piece)[i] != 0 ? D(0) : D(from(piece)[i], state[i]);
    if (!budget_->projection().project(duals_.data(), total.data())) return;
    for (std::size_t i = 0; i < outputs_; ++i)
      if (out(piece)[i] == 0) state[i] = duals_[i].tangent;
  }

  void project_cotangent(std::size_t piece, Totals& whole, double* state) noexcept {
    const ElementProjection& projection = budget_->projection();
    for (std::size_t i = 0; i < outputs_; ++i)
      projected_[i] = out(piece)[i] != 0 ? 0 : std::max(from(piece)[i], nearly_nothing);
    std::copy_n(projected_.data(), outputs_, slope_.data());
    Totals total = total_[piece], dtotal{};
    if (!projection.project(projected_.data(), total.data())) return;
    for (std::size_t i = 0; i < outputs_; ++i) {
      exponent_[i] = projected_[i] > 0 ? std::log(projected_[i] / slope_[i]) : 0;
      slope_[i] = state[i] * projected_[i];
    }
    for (double& t : total)
      if (t == 0) t = 1;  // of which nothing is carried
    projection.pullback(projected_.data(), exponent_.data(), total.data(), slope_.data(), dtotal.data());
    for (std::size_t e = 0; e < budget_->elements(); ++e) {
      if (total_[piece][e] == 0) dtotal[e] = 0;
      whole[e] += dtotal[e];
    }
    for (std::size_t i = 0; i < outputs_; ++i)
      if (out(piece)[i] == 0)
        state[i] = projected_[i] > 0 ? slope_[i] / (projected_[i] * std::exp(-exponent_[i])) : 0;
    for (const ElementBudget::Carrier& one : budget_->carriers())
      if (out(piece)[one.species] != 0) state[one.species] -= one.atoms * dtotal[one.element];
  }

  const ElementBudget* budget_;
  std::size_t inputs_, outputs_, pieces_ = 0;
  const double* before_ = nullptr;
  std::vector<Given> given_;
  std::vector<std::uint8_t> out_;
  std::vector<Totals> total_;
  std::vector<std::uint8_t> projects_;
  std::vector<double> from_, projected_, exponent_, slope_;
  std::vector<D> duals_;
};

}  // namespace chemnne
