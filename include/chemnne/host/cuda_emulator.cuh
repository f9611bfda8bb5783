#pragma once
#include <cuda_runtime.h>

#include <cstddef>
#include <new>
#include <string>

#include <chemnne/backend/thread_block.hpp>
#include <chemnne/host/device_emulator.hpp>
#include <chemnne/support/error.hpp>

namespace chemnne {

namespace detail {

/// call(block, shared) by all threads of each block. One block a multiprocessor: its shared memory allows no second of a
/// large network, and without being told so nvcc 13 spills to keep to 64 registers.
template <class Call, unsigned threads>
__global__ void __launch_bounds__(threads, 1) run_call(const Call call) {
  extern __shared__ __align__(alignment_bytes) unsigned char shared[];
  call(blockIdx.x, *reinterpret_cast<typename Call::Shared*>(shared));
}

}  // namespace detail

/// The GPUs of the CUDA runtime, by their numbers there: memory and kernels are those of the one that is current. Errors:
/// Error naming what failed and what the runtime says of it, std::bad_alloc where its memory is used up.
///
/// `shared`: bytes of shared memory that a block takes at most. 163 KiB is what a block of the architecture 80 can
/// have; one of 90 can have 227 KiB. A larger tile reads the weights less often.
template <std::size_t shared = 163 * 1024>
struct CudaDevice {
  using Group = ThreadBlock;
  using Stream = cudaStream_t;
  static constexpr std::size_t shared_memory = shared;
  static constexpr unsigned threads = 256;

  /// Makes a GPU the current one of this thread, and in the end the one of before. That this fails shows where it is
  /// used.
  class On {
   public:
    explicit On(int number) noexcept : number_(number) {
      cudaGetDevice(&before_);
      if (before_ != number_) cudaSetDevice(number_);
    }
    On(const On&) = delete;
    On& operator=(const On&) = delete;
    ~On() {
      if (before_ != number_) cudaSetDevice(before_);
    }
    int number() const { return number_; }

   private:
    int number_, before_ = 0;
  };

  static int current() {
    count();
    int number = 0;
    require(cudaGetDevice(&number), "the current GPU");
    return number;
  }

  /// Errors: Error where there is no such GPU, or its blocks cannot have so much shared memory.
  static void require(int number) {
    const int there = count();
    if (number < 0 || number >= there)
      throw Error("emulator on a GPU", "the number of a GPU, from 0 to " + std::to_string(there - 1), std::to_string(number));
    int most = 0;
    require(cudaDeviceGetAttribute(&most, cudaDevAttrMaxSharedMemoryPerBlockOptin, number), "the GPU");
    if (static_cast<std::size_t>(most) < shared)
      throw Error("emulator on a GPU", std::to_string(shared) + " bytes of shared memory for a block",
                  std::to_string(most));
  }

  static void* allocate(std::size_t bytes) {
    void* memory = nullptr;
    const cudaError_t done = cudaMalloc(&memory, bytes);
    if (done == cudaErrorMemoryAllocation) throw std::bad_alloc();
    require(done, "memory of a GPU");
    return memory;
  }
  static void release(void* memory) noexcept { cudaFree(memory); }
  static void copy_in(void* to, const void* from, std::size_t bytes) {
    require(cudaMemcpy(to, from, bytes, cudaMemcpyHostToDevice), "a copy to a GPU");
  }
  static void copy_out(void* to, const void* from, std::size_t bytes, Stream stream) {
    begin_copy_out(to, from, bytes, stream);
    wait(stream);
  }
  static void begin_copy_in(void* to, const void* from, std::size_t bytes, Stream stream) {
    require(cudaMemcpyAsync(to, from, bytes, cudaMemcpyHostToDevice, stream), "a copy to a GPU");
  }
  static void begin_copy_out(void* to, const void* from, std::size_t bytes, Stream stream) {
    require(cudaMemcpyAsync(to, from, bytes, cudaMemcpyDeviceToHost, stream), "a copy from a GPU");
  }
  static void wait(Stream stream) { require(cudaStreamSynchronize(stream), "the steps on a GPU"); }
  static Stream make_stream() {
    Stream stream = nullptr;
    require(cudaStreamCreateWithFlags(&stream, cudaStreamNonBlocking), "a stream of a GPU");
    return stream;
  }
  static void release_stream(Stream stream) noexcept { cudaStreamDestroy(stream); }
  static void* allocate_pinned(std::size_t bytes) {
    void* memory = nullptr;
    const cudaError_t done = cudaMallocHost(&memory, bytes);
    if (done == cudaErrorMemoryAllocation) throw std::bad_alloc();
    require(done, "memory of the host for copies to a GPU");
    return memory;
  }
  static void release_pinned(void* memory) noexcept { cudaFreeHost(memory); }
  static bool clear(void* to, std::size_t bytes, Stream stream) noexcept {
    return cudaMemsetAsync(to, 0, bytes, stream) == cudaSuccess;
  }
  template <class Call>
  static bool start(const Call& call, std::size_t blocks, Stream stream) noexcept {
    const auto kernel = detail::run_call<Call, threads>;
    constexpr std::size_t bytes = sizeof(typename Call::Shared);
    static_assert(bytes <= shared && shared <= 227 * 1024, "a block has at most 227 KiB of shared memory");
    if (cudaFuncSetAttribute(kernel, cudaFuncAttributeMaxDynamicSharedMemorySize, static_cast<int>(bytes)) !=
        cudaSuccess)
      return false;
    kernel<<<static_cast<unsigned>(blocks), threads, bytes, stream>>>(call);
    return cudaGetLastError() == cudaSuccess;
  }

 private:
  /// Errors: Error where there is none.
  static int count() {
    int there = 0;
    const cudaError_t found = cudaGetDeviceCount(&there);
    if (found != cudaSuccess || there == 0)
      throw Error("emulator on a GPU", "a GPU and its driver",
                  found != cudaSuccess ? std::string("none: ") + cudaGetErrorString(found) : "none");
    return there;
  }
  static void require(cudaError_t done, const char* what) {
    if (done != cudaSuccess) throw Error(what, "success", cudaGetErrorString(done));
  }
};

/// An emulator on a GPU.
template <class Model, std::size_t shared = 163 * 1024>
using CudaEmulator = DeviceEmulator<Model, CudaDevice<shared>>;

}  // namespace chemnne
