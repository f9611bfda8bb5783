// Time attention and the spectral convolution of a block of 24 cells, prepared for inference; and the forward
// of the convolution with the Fourier matrix beside the same forward with FFTW's transform.
#include "bench_tools.hpp"
#include "model_cases.hpp"
#include <benchmark/benchmark.h>

#include <chemnne/backend/cpu.hpp>
#ifdef CHEMNNE_WITH_FFTW
#include <chemnne/backend/fourier_fftw.hpp>
#endif

namespace {

using namespace chemnne;

constexpr std::size_t cells = 24;

template <class Layer>
void prepared(benchmark::State& state) {
  const auto x = bench::random_values(cells * Layer::Input::size), p = bench::initial_parameters<Layer>();
  const PreparedNetwork<Layer, Cpu<>, float> layer(
      Parameters<const float, Layer::parameters>(p.data(), Layer::parameters));
  Buffer<float> y(cells * Layer::Output::size), memory(layer.memory(cells));
  for (auto _ : state) {
    layer.evaluate({x.data(), cells}, {y.data(), cells}, Arena<float>(memory.span()));
    benchmark::DoNotOptimize(y.data());
    benchmark::ClobberMemory();
  }
  bench::report(state, cells, cells * bench::multiply_adds<Layer>());
}

template <class C>
using AttentionOf = TimeAttention<C::nodes, C::width, C::heads>;
template <class C, class Fourier = FourierMatrix>
using ConvolutionOf = SpectralConvolution<C::nodes, C::modes, C::width, Fourier>;

BENCHMARK_TEMPLATE(prepared, AttentionOf<bench::Default>)->Name("attention/default@chemnne");
BENCHMARK_TEMPLATE(prepared, AttentionOf<bench::Minutely>)->Name("attention/minutely@chemnne");
BENCHMARK_TEMPLATE(prepared, ConvolutionOf<bench::Default>)->Name("convolution/default@chemnne");
BENCHMARK_TEMPLATE(prepared, ConvolutionOf<bench::Minutely>)->Name("convolution/minutely@chemnne");

#ifdef CHEMNNE_WITH_FFTW
template <class Layer>
void forward(benchmark::State& state) {
  const auto x = bench::random_values(cells * Layer::Input::size), p = bench::initial_parameters<Layer>();
  Buffer<float> y(cells * Layer::Output::size), memory(Layer::memory(cells));
  for (auto _ : state) {
    Arena<float> arena(memory.span());
    Layer::template forward<Cpu<>, float>(
        {x.data(), cells}, Parameters<const float, Layer::parameters>(p.data(), Layer::parameters),
        {y.data(), cells}, arena);
    benchmark::DoNotOptimize(y.data());
    benchmark::ClobberMemory();
  }
  bench::report(state, cells, 0);
}
BENCHMARK_TEMPLATE(forward, ConvolutionOf<bench::Default>)->Name("convolution_forward/default@chemnne");
BENCHMARK_TEMPLATE(forward, ConvolutionOf<bench::Default, FourierFftw>)
    ->Name("convolution_forward/default@fftw");
BENCHMARK_TEMPLATE(forward, ConvolutionOf<bench::Minutely>)->Name("convolution_forward/minutely@chemnne");
BENCHMARK_TEMPLATE(forward, ConvolutionOf<bench::Minutely, FourierFftw>)
    ->Name("convolution_forward/minutely@fftw");
#endif

}  // namespace
