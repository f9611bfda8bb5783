// Functions of the layers over 4096 values in the first cache levels; a cell is a value. Peers: xsimd, and
// the scalar functions of the standard library.
#include <cmath>

#include "bench_tools.hpp"
#include <benchmark/benchmark.h>

#include <chemnne/backend/cpu.hpp>
#include <chemnne/layers/functions.hpp>

namespace {

using namespace chemnne;

constexpr std::size_t values = 4096;

struct XsimdSine {
  template <class V>
  V operator()(const V& x) const {
    return xsimd::sin(x);
  }
};
struct XsimdExponential {
  template <class V>
  V operator()(const V& x) const {
    return xsimd::exp(x);
  }
};
struct XsimdGelu {
  template <class V>
  V operator()(const V& x) const {
    return x * V(0.5f) * (V(1.0f) + xsimd::erf(x * V(0.70710678f)));
  }
};
struct Exponential {
  template <class V>
  V operator()(const V& x) const {
    return Elementary<V>::exponential(x);
  }
};

template <class F, class Backend>
void of_values(benchmark::State& state) {
  const auto x = bench::random_values(values, 3);
  Buffer<float> y(values);
  for (auto _ : state) {
    Backend::map(F{}, Rows<float, values>(y.data(), 1), Rows<const float, values>(x.data(), 1));
    benchmark::DoNotOptimize(y.data());
    benchmark::ClobberMemory();
  }
  bench::report(state, values, 0);
}

BENCHMARK_TEMPLATE(of_values, Sine, Cpu<>)->Name("sine@chemnne");
BENCHMARK_TEMPLATE(of_values, XsimdSine, Cpu<>)->Name("sine@xsimd");
BENCHMARK_TEMPLATE(of_values, Sine, Reference)->Name("sine@std");
BENCHMARK_TEMPLATE(of_values, Exponential, Cpu<>)->Name("exponential@chemnne");
BENCHMARK_TEMPLATE(of_values, XsimdExponential, Cpu<>)->Name("exponential@xsimd");
BENCHMARK_TEMPLATE(of_values, Exponential, Reference)->Name("exponential@std");
BENCHMARK_TEMPLATE(of_values, Gelu, Cpu<>)->Name("gelu@chemnne");
BENCHMARK_TEMPLATE(of_values, XsimdGelu, Cpu<>)->Name("gelu@xsimd");
BENCHMARK_TEMPLATE(of_values, Gelu, Reference)->Name("gelu@std");

}  // namespace
