#pragma once
#include <cstddef>

#include <chemnne/support/random.hpp>
#include <chemnne/tensor/buffer.hpp>

namespace bench {

/// Standard normal numbers times `scale`, then shifted. Nothing is ever timed on zeros or on denormal
/// numbers: some processors are quicker or far slower there.
inline chemnne::Buffer<float> random_values(std::size_t size, double scale = 1, double shift = 0) {
  chemnne::Random random(1);
  chemnne::Buffer<float> values(size);
  for (float& value : values.span()) value = static_cast<float>(shift + scale * random.normal());
  return values;
}

}  // namespace bench
