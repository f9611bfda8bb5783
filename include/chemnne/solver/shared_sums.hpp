#pragma once
#include <algorithm>
#include <cstddef>
#include <map>
#include <span>
#include <tuple>
#include <utility>
#include <vector>

#include <chemnne/solver/kinetics_program.hpp>

namespace chemnne::detail {

/// Sums of coefficient times item with what several of them have in common computed once: a reaction that
/// changes four species together with another does so in all four. Of the 526 terms of the troposphere's
/// tendency 380 additions are left, of the 924 of its matrix 765.
class SharedSums {
 public:
  using Index = KineticsProgram::Index;
  using Sum = std::vector<KineticsProgram::Term>;
  /// One item more: a + ratio b.
  struct Pair {
    Index a, b;
    double ratio;
  };

  /// `items`: how many there are; pairs are counted from there on.
  SharedSums(std::vector<Sum> sums, std::size_t items) : sums_(std::move(sums)), items_(items) {
    for (;;) {
      const auto counts = count_pairs();
      std::size_t most = 1;
      for (const auto& [key, count] : counts) most = std::max(most, count);
      if (most < 2) return;
      // Those that occur most often; some of them are gone when others are made.
      for (const auto& [key, count] : counts)
        if (count == most) share(key, most);
    }
  }

  std::span<const Sum> sums() const { return sums_; }
  std::size_t items() const { return items_ + pairs_.size(); }
  bool is_pair(Index item) const { return item >= items_; }
  const Pair& pair(Index item) const { return pairs_[item - items_]; }

 private:
  using Key = std::tuple<Index, Index, double>;

  std::map<Key, std::size_t> count_pairs() const {
    std::map<Key, std::size_t> counts;
    for (const Sum& sum : sums_)
      for (std::size_t i = 0; i < sum.size(); ++i)
        for (std::size_t j = i + 1; j < sum.size(); ++j) {
          const auto& [a, b] = std::minmax(
              sum[i], sum[j], [](const auto& one, const auto& other) { return one.index < other.index; });
          ++counts[{a.index, b.index, b.coefficient / a.coefficient}];
        }
    return counts;
  }

  /// Where the pair stands in a sum; the ends where it does not.
  static std::pair<Sum::iterator, Sum::iterator> find(Sum& sum, const Key& key) {
    const auto term = [&](Index index) {
      return std::find_if(sum.begin(), sum.end(), [&](const auto& one) { return one.index == index; });
    };
    const auto a = term(std::get<0>(key)), b = term(std::get<1>(key));
    if (a != sum.end() && b != sum.end() && b->coefficient / a->coefficient == std::get<2>(key))
      return {a, b};
    return {sum.end(), sum.end()};
  }

  void share(const Key& key, std::size_t count) {
    std::vector<Sum*> holders;
    for (Sum& sum : sums_)
      if (find(sum, key).first != sum.end()) holders.push_back(&sum);
    if (holders.size() < count) return;
    const auto made = static_cast<Index>(items());
    pairs_.push_back({std::get<0>(key), std::get<1>(key), std::get<2>(key)});
    for (Sum* const sum : holders) {
      const auto [a, b] = find(*sum, key);
      a->index = made;
      sum->erase(b);
    }
  }

  std::vector<Sum> sums_;
  std::size_t items_;
  std::vector<Pair> pairs_;
};

}  // namespace chemnne::detail
