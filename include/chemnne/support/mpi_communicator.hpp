#pragma once
#include <bit>
#include <chrono>
#include <climits>
#include <cstddef>
#include <cstdio>
#include <span>
#include <string>
#include <thread>
#include <vector>

#include <mpi.h>

#include <chemnne/support/communicator.hpp>
#include <chemnne/support/error.hpp>

namespace chemnne {

/// Processes that mpirun or srun started; a program that is started alone is one. The only header that
/// includes <mpi.h>.
///
/// Errors of MPI itself end all processes, as is its default. Errors: Error for arrays beyond 2 GiB.
class MpiCommunicator {
 public:
  /// All processes. Starts MPI, and the destructor ends it: once a program.
  MpiCommunicator() : owner_(true) {
    int provided = 0;
    MPI_Init_thread(nullptr, nullptr, MPI_THREAD_FUNNELED, &provided);
    take(MPI_COMM_WORLD);
  }
  /// Those of `processes`, in a program that starts and ends MPI itself.
  explicit MpiCommunicator(MPI_Comm processes) { take(processes); }
  MpiCommunicator(const MpiCommunicator&) = delete;
  MpiCommunicator& operator=(const MpiCommunicator&) = delete;
  ~MpiCommunicator() {
    if (owner_) MPI_Finalize();
  }

  std::size_t rank() const { return rank_; }
  std::size_t size() const { return size_; }

  /// Ranks beyond the largest power of two have no share.
  Share share(std::size_t count) const {
    return rank_ < workers_ ? halved_share(count, rank_, workers_) : Share{count, 0};
  }

  /// Halving, then doubling (Rabenseifner 2004, doi 10.1007/978-3-540-24685-5_1): each worker sums a part of
  /// the array over all and then gathers the parts of the others, 2 log2 W messages and 2 (W - 1) / W of the
  /// array a worker. MPI_Allreduce would be free to choose another order for every number of ranks.
  template <class T>
  void sum(std::span<T> values) {
    if (rank_ < workers_) {
      std::vector<Share> part{{0, values.size()}};
      for (std::size_t distance = 1; distance < workers_; distance *= 2) {
        const Share lower = lower_half(part.back()), upper = upper_half(part.back());
        const bool keeps_upper = (rank_ & distance) != 0;
        const Share kept = keeps_upper ? upper : lower, given = keeps_upper ? lower : upper;
        received_.resize(kept.count * sizeof(T));
        T* const other = reinterpret_cast<T*>(received_.data());
        exchange(part_of(values, given), std::span<T>(other, kept.count), rank_ ^ distance);
        for (std::size_t i = 0; i < kept.count; ++i) values[kept.first + i] += other[i];
        part.push_back(kept);
      }
      for (std::size_t distance = workers_ / 2; distance > 0; distance /= 2) {
        const Share kept = part.back();
        part.pop_back();
        const Share lower = lower_half(part.back());
        const Share missing = kept == lower ? upper_half(part.back()) : lower;
        exchange(part_of(values, kept), part_of(values, missing), rank_ ^ distance);
      }
      if (rank_ + workers_ < size_)
        MPI_Send(values.data(), bytes(values), MPI_BYTE, to_int(rank_ + workers_), 0, processes_);
    } else {
      MPI_Recv(values.data(), bytes(values), MPI_BYTE, to_int(rank_ - workers_), 0, processes_,
               MPI_STATUS_IGNORE);
    }
  }

  template <class T>
  void broadcast(std::span<T> values) const {
    MPI_Bcast(values.data(), bytes(values), MPI_BYTE, 0, processes_);
  }

  void barrier() const { MPI_Barrier(processes_); }

  /// Says why the program ends, and ends the other processes with `status`: they would wait for this one.
  /// Returns where there are none. An error that all ranks meet is said once: the first has a second to
  /// speak before the others.
  static void give_up(const char* message, int status) {
    int started = 0, rank = 0, size = 1;
    MPI_Initialized(&started);
    if (started != 0) {
      MPI_Comm_rank(MPI_COMM_WORLD, &rank);
      MPI_Comm_size(MPI_COMM_WORLD, &size);
    }
    if (rank > 0) std::this_thread::sleep_for(std::chrono::seconds(1));
    std::fprintf(stderr, "%s%s\n", rank > 0 ? ("rank " + std::to_string(rank) + ": ").c_str() : "", message);
    std::fflush(stderr);
    if (size > 1) MPI_Abort(MPI_COMM_WORLD, status);
  }

 private:
  void take(MPI_Comm processes) {
    int rank = 0, size = 1;
    MPI_Comm_rank(processes, &rank);
    MPI_Comm_size(processes, &size);
    processes_ = processes;
    rank_ = static_cast<std::size_t>(rank);
    size_ = static_cast<std::size_t>(size);
    workers_ = std::bit_floor(size_);
  }

  template <class T>
  static std::span<T> part_of(std::span<T> values, const Share& part) {
    return values.subspan(part.first, part.count);
  }

  template <class T>
  void exchange(std::span<T> sent, std::span<T> received, std::size_t partner) const {
    MPI_Sendrecv(sent.data(), bytes(sent), MPI_BYTE, to_int(partner), 0, received.data(), bytes(received),
                 MPI_BYTE, to_int(partner), 0, processes_, MPI_STATUS_IGNORE);
  }

  template <class T>
  static int bytes(std::span<T> values) {
    if (values.size_bytes() > INT_MAX)
      throw Error("a message between processes", "at most 2 GiB", std::to_string(values.size_bytes()));
    return to_int(values.size_bytes());
  }
  static int to_int(std::size_t value) { return static_cast<int>(value); }

  MPI_Comm processes_ = MPI_COMM_NULL;
  bool owner_ = false;
  std::size_t rank_ = 0, size_ = 1;
  std::size_t workers_ = 1;          ///< ranks with a share of sums: the largest power of two
  std::vector<std::byte> received_;  ///< aligned for any scalar, as operator new gives it
};

static_assert(Communicator<MpiCommunicator>);

}  // namespace chemnne
