// y = x W + b for the widths of a network, the weights packed beforehand; peers: Eigen and OpenBLAS, which
// says for which processor its kernel is.
#include <span>

#include <benchmark/benchmark.h>
#ifdef CHEMNNE_WITH_EIGEN
#define EIGEN_DONT_PARALLELIZE
#include <Eigen/Core>
#endif
#ifdef CHEMNNE_WITH_OPENBLAS
#include <cblas.h>
extern "C" {
void openblas_set_num_threads(int);
char* openblas_get_config();
}
#endif

#include "bench_tools.hpp"

#include <chemnne/backend/cpu_bf16.hpp>

namespace {

using namespace chemnne;

/// Each peer computes c = bias + a b with a [rows][K] and b [K][N].
template <class B>
struct OfCpu {
  using Backend = B;
  template <std::size_t K, std::size_t N>
  struct Weights {
    Weights(const Buffer<float>& b, const Buffer<float>& bias)
        : packed(B::template packed_size<float, K, N>) {
      B::pack(Rows<const float, N>(b.data(), K), std::span<const float, N>(bias.data(), N),
              Packed<float, K, N>{packed.data()});
    }
    void apply(std::size_t rows, const float* a, float* c) const {
      B::affine_map(Unchanged{}, Rows<const float, K>(a, rows), Packed<const float, K, N>{packed.data()},
                    Rows<float, N>(c, rows));
    }
    Buffer<float> packed;
  };
};

#ifdef CHEMNNE_WITH_EIGEN
struct OfEigen {
  using Backend = Cpu<>;
  template <std::size_t K, std::size_t N>
  struct Weights {
    template <int R, int C>
    using Matrix = Eigen::Matrix<float, R, C, Eigen::RowMajor>;
    static constexpr int k = static_cast<int>(K), n = static_cast<int>(N);

    Weights(const Buffer<float>& b_, const Buffer<float>& bias_) : b(b_), bias(bias_) {}
    void apply(std::size_t rows, const float* a, float* c) const {
      const auto count = static_cast<Eigen::Index>(rows);
      Eigen::Map<Matrix<Eigen::Dynamic, n>> result(c, count, n);
      result.rowwise() = Eigen::Map<const Matrix<1, n>>(bias.data());
      result.noalias() +=
          Eigen::Map<const Matrix<Eigen::Dynamic, k>>(a, count, k) * Eigen::Map<const Matrix<k, n>>(b.data());
    }
    const Buffer<float>& b;
    const Buffer<float>& bias;
  };
};
#endif

#ifdef CHEMNNE_WITH_OPENBLAS
struct OfOpenBlas {
  using Backend = Cpu<>;
  template <std::size_t K, std::size_t N>
  struct Weights {
    Weights(const Buffer<float>& b_, const Buffer<float>& bias_) : b(b_), bias(bias_) {
      openblas_set_num_threads(1);
    }
    void apply(std::size_t rows, const float* a, float* c) const {
      for (std::size_t row = 0; row < rows; ++row) std::copy_n(bias.data(), N, c + row * N);
      cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, static_cast<int>(rows), static_cast<int>(N),
                  static_cast<int>(K), 1.0f, a, static_cast<int>(K), b.data(), static_cast<int>(N), 1.0f, c,
                  static_cast<int>(N));
    }
    const Buffer<float>& b;
    const Buffer<float>& bias;
  };
};
#endif

template <class Of, std::size_t K, std::size_t N>
void affine(benchmark::State& state) {
  const auto rows = static_cast<std::size_t>(state.range(0));
  const auto a = bench::random_values(rows * K), b = bench::random_values(K * N),
             bias = bench::random_values(N);
  Buffer<float> c(rows * N);
  const typename Of::template Weights<K, N> weights(b, bias);
  for (auto _ : state) {
    weights.apply(rows, a.data(), c.data());
    benchmark::DoNotOptimize(c.data());
    benchmark::ClobberMemory();
  }
  bench::report(state, rows, static_cast<double>(rows * K * N), 1, bench::peak_of<typename Of::Backend>());
}

template <class Of>
void sizes(const std::string& what, const std::string& who) {
  const auto add = [&](const std::string& size, void (*f)(benchmark::State&)) {
    benchmark::RegisterBenchmark((what + '/' + size + '@' + who).c_str(), f)
        ->Arg(1)
        ->Arg(60)
        ->Arg(640)
        ->Arg(4096);
  };
  add("128x128", affine<Of, 128, 128>);
  add("128x400", affine<Of, 128, 400>);
  add("64x64", affine<Of, 64, 64>);
  add("256x256", affine<Of, 256, 256>);
}

[[maybe_unused]] const bool registered = [] {
  sizes<OfCpu<Cpu<>>>("affine", "chemnne");
  sizes<OfCpu<Cpu<xsimd::default_arch, Bf16>>>("affine_in_bf16", "chemnne");
#ifdef CHEMNNE_WITH_EIGEN
  sizes<OfEigen>("affine", "eigen");
#endif
#ifdef CHEMNNE_WITH_OPENBLAS
  benchmark::AddCustomContext("OpenBLAS", openblas_get_config());
  sizes<OfOpenBlas>("affine", "openblas");
#endif
  return true;
}();

}  // namespace
