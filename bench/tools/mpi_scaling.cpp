// Weak scaling of training over processes: the time of a step with a fixed number of chunks a process, and of
// the sum of its gradient alone, for the default network.
//   mpirun -np 2 mpi_scaling [seconds a measurement, default 2]
// The best of many steps counts, in the slowest process. One thread a process: set OMP_NUM_THREADS.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <string>
#include <vector>

#include <chemnne/emulator.hpp>
#include <chemnne/support/mpi_communicator.hpp>
#include <chemnne/support/number_text.hpp>
#include <chemnne/training/trainer.hpp>

namespace {

using namespace chemnne;

using C = DefaultConfiguration<49, 49, 5>;
using Model = ChemNNE<C>;
using Network = Model::Trained;
using Loss = Trainer<Model, DefaultBackend>::Loss;
using Step = GradientStep<Network, DefaultBackend, Loss, C::inputs, MpiCommunicator>;

/// Windows of drifting number densities: arithmetic does not care what they mean.
Dataset windows(std::size_t cases) {
  Dataset data;
  for (std::size_t s = 0; s < C::inputs; ++s) {
    data.species_name.push_back("X" + std::to_string(s));
    data.molar_mass.push_back(30);
    data.task.push_back(1);
    data.atom_count.push_back(1);
  }
  data.element_name = {"X"};
  for (std::size_t k = 0; k < C::conditions; ++k) data.environment_name.push_back("c" + std::to_string(k));
  data.environment_units = data.environment_long_name = data.environment_name;
  for (std::size_t f = 0; f < C::frames; ++f) data.time.push_back(60.0 * static_cast<double>(f));
  Random random(1);
  for (std::size_t window = 0; window < cases; ++window) {
    data.scenario.push_back(static_cast<int>(window));
    for (std::size_t k = 0; k < C::conditions; ++k) data.environment_value.push_back(random.uniform());
    std::vector<double> logarithm(C::inputs);
    for (double& value : logarithm) value = random.uniform(6, 11);
    for (std::size_t f = 0; f < C::frames; ++f)
      for (double& value : logarithm)
        data.concentration.push_back(static_cast<float>(std::pow(10, value += 0.01 * random.normal())));
  }
  return data;
}

/// Seconds of the quickest call in so many seconds, in the slowest process. All call equally often.
template <class F>
double best_time(MpiCommunicator& ranks, double budget, const F& f) {
  using Clock = std::chrono::steady_clock;
  double best = 1e9;
  f();
  for (double spent = 0; spent < budget;) {
    ranks.barrier();
    const auto start = Clock::now();
    f();
    double seconds = std::chrono::duration<double>(Clock::now() - start).count();
    MPI_Allreduce(MPI_IN_PLACE, &seconds, 1, MPI_DOUBLE, MPI_MAX, MPI_COMM_WORLD);
    best = std::min(best, seconds);
    spent += seconds;
  }
  return best;
}

}  // namespace

int main(int argument_count, char** arguments) {
  MpiCommunicator ranks;
  const double budget = argument_count > 1 ? parse_number(arguments[1], "seconds") : 2;
  const bool first = ranks.rank() == 0;
  constexpr std::size_t most = 4;
  const Dataset data = windows(Step::chunk * most * ranks.size());
  const Standardisation standardisation = fit_standardisation(data, data.environment_name);
  const TrainingSet set(data, standardisation);
  const std::vector<double> coefficient = budget_coefficients(data, C::outputs);
  const Loss loss{{1, 1, 1, 1, 0.01},
                  {},
                  {},
                  {},
                  {},
                  {.used = 2,
                   .coefficient = {coefficient.begin(), coefficient.end()},
                   .mean = {standardisation.mean.begin(), standardisation.mean.end()},
                   .deviation = {standardisation.deviation.begin(), standardisation.deviation.end()}}};
  Buffer<float> parameters(Network::parameters);
  Random random(2);
  Network::initialise(Parameters<float, Network::parameters>(parameters.data(), Network::parameters), random);
  OptimiserState<float> state(parameters.span());

  if (first)
    std::printf("%zu processes, %zu threads each, %zu parameters (%.2f MB)\n", ranks.size(),
                default_threads(), Network::parameters, 4e-6 * Network::parameters);
  for (std::size_t chunks = 1; chunks <= most; chunks *= 2) {
    Step step(set, loss, {.batch = Step::chunk * chunks * ranks.size()}, ranks);
    step.begin_epoch(0);
    const double seconds = best_time(ranks, budget, [&] {
      step.compute(parameters.span(), 0);
      const double scale = std::min(1.0, 1 / step.gradient_norm());
      optimiser_step<DefaultBackend, float>(parameters.span(), step.gradient(), scale, 1e-5, {}, state);
    });
    if (first)
      std::printf("step, %zu samples a process: %8.3f ms, %.1f microseconds a sample and process\n",
                  Step::chunk * chunks, 1e3 * seconds,
                  1e6 * seconds / static_cast<double>(Step::chunk * chunks));
  }
  std::vector<float> gradient(Network::parameters, 1e-3f);
  const double ours = best_time(ranks, budget, [&] { ranks.sum(std::span<float>(gradient)); });
  std::fill(gradient.begin(), gradient.end(), 1e-3f);
  const double theirs = best_time(ranks, budget, [&] {
    MPI_Allreduce(MPI_IN_PLACE, gradient.data(), static_cast<int>(gradient.size()), MPI_FLOAT, MPI_SUM,
                  MPI_COMM_WORLD);
  });
  float small = 0;
  const double latency = best_time(ranks, budget / 4, [&] { ranks.sum(std::span<float>(&small, 1)); });
  if (first)
    std::printf("sum of the gradient: %.3f ms (MPI_Allreduce: %.3f ms); of one number: %.1f microseconds\n",
                1e3 * ours, 1e3 * theirs, 1e6 * latency);
}
