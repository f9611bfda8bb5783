#pragma once
#include <algorithm>
#include <cstddef>
#include <span>
#include <vector>

namespace test {

/// Reaction of mass action: k * product of reactants, each reactant lost once, each product gained once.
struct Reaction {
  double k;
  std::vector<std::size_t> reactants;
  std::vector<std::size_t> products;
};

/// A StiffSystem written for the tests, independent of the library's chemistry: sums over a list of
/// reactions.
class MassAction {
 public:
  MassAction(std::size_t size, std::vector<Reaction> reactions)
      : size_(size), reactions_(std::move(reactions)), entry_(size * size, -1) {
    for (std::size_t i = 0; i < size; ++i) entry_[i * size + i] = 0;
    for (const Reaction& reaction : reactions_)
      for (const std::size_t column : reaction.reactants) {
        for (const std::size_t row : reaction.reactants) entry_[column * size + row] = 0;
        for (const std::size_t row : reaction.products) entry_[column * size + row] = 0;
      }
    for (std::size_t column = 0; column < size; ++column) {
      pointers_.push_back(static_cast<int>(rows_.size()));
      for (std::size_t row = 0; row < size; ++row) {
        if (entry_[column * size + row] < 0) continue;
        entry_[column * size + row] = static_cast<int>(rows_.size());
        rows_.push_back(static_cast<int>(row));
      }
    }
    pointers_.push_back(static_cast<int>(rows_.size()));
  }

  std::size_t size() const { return size_; }
  std::span<const int> column_pointers() const { return pointers_; }
  std::span<const int> row_indices() const { return rows_; }

  void tendency(std::span<const double> c, std::span<double> dcdt) const {
    std::fill(dcdt.begin(), dcdt.end(), 0.0);
    for (const Reaction& reaction : reactions_) {
      double rate = reaction.k;
      for (const std::size_t i : reaction.reactants) rate *= c[i];
      for (const std::size_t i : reaction.reactants) dcdt[i] -= rate;
      for (const std::size_t i : reaction.products) dcdt[i] += rate;
    }
  }

  void jacobian(std::span<const double> c, std::span<double> values) const {
    std::fill(values.begin(), values.end(), 0.0);
    for (const Reaction& reaction : reactions_)
      for (std::size_t which = 0; which < reaction.reactants.size(); ++which) {
        double derivative = reaction.k;
        for (std::size_t other = 0; other < reaction.reactants.size(); ++other)
          if (other != which) derivative *= c[reaction.reactants[other]];
        const std::size_t column = reaction.reactants[which];
        for (const std::size_t row : reaction.reactants) values[entry(row, column)] -= derivative;
        for (const std::size_t row : reaction.products) values[entry(row, column)] += derivative;
      }
  }

 private:
  std::size_t entry(std::size_t row, std::size_t column) const {
    return static_cast<std::size_t>(entry_[column * size_ + row]);
  }

  std::size_t size_;
  std::vector<Reaction> reactions_;
  std::vector<int> entry_;  // [column][row], index in the sparse values or -1
  std::vector<int> pointers_;
  std::vector<int> rows_;
};

}  // namespace test
