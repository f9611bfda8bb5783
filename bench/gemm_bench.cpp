// Matrix products of the sizes of a network, beside Eigen and OpenBLAS where they are installed, on one core.
#include <string>

#include <benchmark/benchmark.h>
#ifdef CHEMNNE_WITH_EIGEN
#include <Eigen/Core>
#endif
#ifdef CHEMNNE_WITH_OPENBLAS
#include <cblas.h>
extern "C" void openblas_set_num_threads(int);
#endif

#include "bench_tools.hpp"

#include <chemnne/backend/cpu.hpp>

namespace {

using namespace chemnne;

/// c = a b with a [rows][K] and b [K][N].
struct OfCpu {
  template <std::size_t K, std::size_t N>
  static void product(std::size_t rows, const float* a, const float* b, float* c) {
    Cpu<>::matmul(Rows<const float, K>(a, rows), Rows<const float, N>(b, K), Rows<float, N>(c, rows));
  }
};

#ifdef CHEMNNE_WITH_EIGEN
struct OfEigen {
  template <std::size_t K, std::size_t N>
  static void product(std::size_t rows, const float* a, const float* b, float* c) {
    template_product<static_cast<int>(K), static_cast<int>(N)>(static_cast<Eigen::Index>(rows), a, b, c);
  }

 private:
  template <int K, int N>
  static void template_product(Eigen::Index rows, const float* a, const float* b, float* c) {
    using Eigen::Dynamic, Eigen::Map, Eigen::Matrix, Eigen::RowMajor;
    Map<const Matrix<float, Dynamic, K, RowMajor>> left(a, rows, K);
    Map<const Matrix<float, K, N, RowMajor>> right(b);
    Map<Matrix<float, Dynamic, N, RowMajor>>(c, rows, N).noalias() = left * right;
  }
};
#endif

#ifdef CHEMNNE_WITH_OPENBLAS
struct OfOpenBlas {
  template <std::size_t K, std::size_t N>
  static void product(std::size_t rows, const float* a, const float* b, float* c) {
    openblas_set_num_threads(1);
    cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, static_cast<int>(rows), static_cast<int>(N),
                static_cast<int>(K), 1.0f, a, static_cast<int>(K), b, static_cast<int>(N), 0.0f, c,
                static_cast<int>(N));
  }
};
#endif

template <class Of, std::size_t K, std::size_t N>
void product(benchmark::State& state) {
  const auto rows = static_cast<std::size_t>(state.range(0));
  const auto a = bench::random_values(rows * K), b = bench::random_values(K * N);
  Buffer<float> c(rows * N);
  for (auto _ : state) {
    Of::template product<K, N>(rows, a.data(), b.data(), c.data());
    benchmark::DoNotOptimize(c.data());
    benchmark::ClobberMemory();
  }
  const double flops = 2.0 * static_cast<double>(rows * K * N);
  using benchmark::Counter;
  state.counters["GFLOP/s"] = Counter(flops * 1e-9, Counter::kIsIterationInvariantRate);
  state.counters["of_peak"] = Counter(flops / bench::peak_flops(), Counter::kIsIterationInvariantRate);
}

template <class Of>
void sizes(const std::string& name) {
  const auto add = [&](const std::string& size, void (*f)(benchmark::State&)) {
    benchmark::RegisterBenchmark((name + '/' + size).c_str(), f)->Arg(1)->Arg(60)->Arg(640)->Arg(4096);
  };
  add("128x128", product<Of, 128, 128>);
  add("128x400", product<Of, 128, 400>);
  add("64x64", product<Of, 64, 64>);
}

const bool registered = [] {
  sizes<OfCpu>("chemnne");
#ifdef CHEMNNE_WITH_EIGEN
  sizes<OfEigen>("eigen");
#endif
#ifdef CHEMNNE_WITH_OPENBLAS
  sizes<OfOpenBlas>("openblas");
#endif
  return true;
}();

}  // namespace
