#pragma once
#include <cstring>
#include <initializer_list>
#include <vector>

#include "block_twin.hpp"
#include "layer_table.hpp"

#include <chemnne/inference/prepared_network.hpp>

/// Forward, pullback and prepared evaluation of a layer by a collective backend.
namespace properties {

/// How the block does its work.
enum class Way { forwards, backwards, shuffled, threads };

/// f() by the twin of a block.
template <class F>
void run(Way way, const F& f) {
  using enum BlockTwin::Order;
  BlockTwin::order = way == Way::backwards ? backwards : way == Way::shuffled ? shuffled : forwards;
  if (way == Way::threads)
    BlockTwin::by_threads(f);
  else
    f();
}

template <class L>
struct CollectiveCase {
  static constexpr std::size_t rows = 13;
  using Input = typename L::Input;
  using Output = typename L::Output;
  using P = chemnne::Prepared<L>;

  CollectiveCase() {
    Random random(11);
    const Point at = point<L>(rows, random);
    x.assign(at.x.begin(), at.x.end());
    p.assign(at.p.begin(), at.p.end());
    p.push_back(0);
    for (std::size_t i = 0; i < rows * Output::size; ++i) dy.push_back(static_cast<float>(random.normal()));
  }

  Parameters<const float, L::parameters> parameters() const {
    return Parameters<const float, L::parameters>(p.data(), L::parameters);
  }

  /// y, dx and dp, one behind the other.
  std::vector<float> forward_and_pullback(Way way) const {
    std::vector<float> y(rows * Output::size), dx(rows * Input::size), dp(L::parameters + 1);
    Buffer<float> memory(L::memory(rows) + L::pullback_memory(rows));
    if constexpr (requires { L::template set_up<float>(); }) L::template set_up<float>();
    run(way, [&] {
      Arena<float> arena(memory.span());
      const RowsOf<const float, Input> input(x.data(), rows);
      const auto residual = L::template forward<Collective, float>(
          input, parameters(), RowsOf<float, Output>(y.data(), rows), arena);
      L::template pullback<Collective, float>(
          residual, input, parameters(), RowsOf<const float, Output>(dy.data(), rows),
          RowsOf<float, Input>(dx.data(), rows), Parameters<float, L::parameters>(dp.data(), L::parameters),
          arena);
    });
    y.insert(y.end(), dx.begin(), dx.end());
    y.insert(y.end(), dp.begin(), dp.end());
    return y;
  }

  /// The output of the prepared layer, its rows in parts of these sizes.
  std::vector<float> prepared(Way way, std::initializer_list<std::size_t> parts = {rows}) const {
    Buffer<float> constants(P::template constants<Collective, float> + 1), memory(P::memory(rows));
    P::template prepare<Collective, float>(parameters(), constants.data());
    std::vector<float> y(rows * Output::size);
    std::size_t first = 0;
    for (const std::size_t count : parts) {
      run(way, [&] {
        P::template evaluate<Collective, float>(
            RowsOf<const float, Input>(x.data(), rows).slice(first, count), constants.data(),
            RowsOf<float, Output>(y.data(), rows).slice(first, count), Arena<float>(memory.span()));
      });
      first += count;
    }
    return y;
  }

  std::vector<float> x, p, dy;
};

/// Equal to the bit.
inline bool same(const std::vector<float>& a, const std::vector<float>& b) {
  return a.size() == b.size() && std::memcmp(a.data(), b.data(), a.size() * sizeof(float)) == 0;
}

template <class... T>
using Joined = decltype(std::tuple_cat(std::declval<T>()...));
using CollectiveLayers = Joined<PlainLayers, StepLayers, Compositions>;

}  // namespace properties
