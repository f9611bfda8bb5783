#pragma once
#include <cstddef>
#include <span>
#include <vector>

#include <chemnne/reference/stiff_system.hpp>

namespace chemnne {

/// Chemistry in air that has sources and mixes with cleaner air: dc/dt = f(c) - d c; for the species that the
/// sources and the air around hold dc/dt = 0, or f(c) when they are released: the cleaner air has them, too.
///
/// A closed box loses what nothing replaces: after hours it holds no terpenes, and its products are those of
/// no air that is seen. Closed at first. `chemistry` must outlive it.
template <RankOneStiffSystem System>
class OpenAir {
 public:
  explicit OpenAir(const System& chemistry) : chemistry_(&chemistry), dilution_(chemistry.size()) {
    const std::span<const int> columns = column_pointers(), rows = row_indices();
    for (std::size_t column = 0; column + 1 < columns.size(); ++column)
      for (int entry = columns[column]; entry < columns[column + 1]; ++entry)
        if (rows[static_cast<std::size_t>(entry)] == static_cast<int>(column))
          diagonal_.push_back(static_cast<std::size_t>(entry));
  }

  /// `dilution` d in s-1; `held` are places in the state.
  void hold(double dilution, const std::vector<std::size_t>& held) {
    set(dilution, held);
    held_ = held;
    std::vector<char> is_held(size(), 0);
    for (const std::size_t species : held_) is_held[species] = 1;
    const std::span<const int> rows = row_indices();
    for (std::size_t entry = 0; entry < rows.size(); ++entry)
      if (is_held[static_cast<std::size_t>(rows[entry])] != 0) held_entries_.push_back(entry);
  }

  /// The same once `held` are released.
  void release(double dilution, const std::vector<std::size_t>& held) { set(dilution, held); }

  std::size_t size() const { return chemistry_->size(); }
  std::span<const int> column_pointers() const { return chemistry_->column_pointers(); }
  std::span<const int> row_indices() const { return chemistry_->row_indices(); }
  std::span<const std::size_t> peroxy_radicals() const { return chemistry_->peroxy_radicals(); }

  void tendency(std::span<const double> c, std::span<double> dcdt) const {
    chemistry_->tendency(c, dcdt);
    for (std::size_t i = 0; i < c.size(); ++i) dcdt[i] -= dilution_[i] * c[i];
    for (const std::size_t species : held_) dcdt[species] = 0;
  }

  void jacobian(std::span<const double> c, std::span<double> values) const {
    chemistry_->jacobian(c, values);
    for (std::size_t i = 0; i < diagonal_.size(); ++i) values[diagonal_[i]] -= dilution_[i];
    for (const std::size_t entry : held_entries_) values[entry] = 0;
  }

  void rank_one_factor(std::span<const double> c, std::span<double> u) const {
    chemistry_->rank_one_factor(c, u);
    for (const std::size_t species : held_) u[species] = 0;
  }

 private:
  void set(double dilution, const std::vector<std::size_t>& held) {
    dilution_.assign(size(), dilution);
    for (const std::size_t species : held) dilution_[species] = 0;
    held_.clear();
    held_entries_.clear();
  }

  const System* chemistry_;
  std::vector<double> dilution_;  ///< [size]
  std::vector<std::size_t> held_;
  std::vector<std::size_t> diagonal_;      ///< entries of the Jacobian
  std::vector<std::size_t> held_entries_;  ///< in the rows of what is held
};

}  // namespace chemnne
