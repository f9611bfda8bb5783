#include <cmath>
#include <cstddef>
#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include <benchmark/benchmark.h>

#include <chemnne/chemistry/chemical_system.hpp>
#include <chemnne/chemistry/kpp_reader.hpp>
#include <chemnne/chemistry/mechanism_edit.hpp>
#include <chemnne/data/check_states.hpp>
#include <chemnne/reference/reference_solver.hpp>
#include <chemnne/reference/spectrum.hpp>

/// What the reference solver needs for one cell and one hour, in one call of 3600 s on one thread, from four
/// states of ARCA's Hyde mechanism (night and day, clean and polluted), matched by name.
namespace {

using namespace chemnne;

const std::string shared = CHEMNNE_SHARED_DIRECTORY;
const std::string state_file = shared + "/data/arca_hyde_check.nc";

struct Case {
  const char* name;
  std::string file;
  bool own_light;  ///< the photolysis rates of the states; else MCM's at a cosine of 0.6, after 600 s
};

const std::vector<Case>& cases() {
  static const std::vector<Case> all{
      {"troposphere", CHEMNNE_SOURCE_DIRECTORY "/examples/mechanisms/troposphere.eqn", false},
      {"arca_simple", shared + "/mechanisms/arca/simple/second.def", true},
      {"arca_hyde", shared + "/mechanisms/arca/hyde/second.def", true},
      {"mcm_full", shared + "/mechanisms/mcm/mcm_full.eqn", false}};
  return all;
}

/// A mechanism with the states to start from.
class Cells {
 public:
  explicit Cells(const Case& one)
      : case_(&one), states_(read_check_states(state_file)), mechanism_(read(one)) {
    system_ = std::make_unique<ChemicalSystem>(mechanism_);
    ReferenceSolver<ChemicalSystem> spin_up(*system_);
    for (std::size_t k = 0; k < states_.cases(); ++k) {
      initial_.push_back(by_name(k));
      set_conditions(k);
      if (!one.own_light && !spin_up.integrate(initial_.back(), 600))
        throw Error(one.file, "a spin-up", "a failure");
    }
  }

  ChemicalSystem& system() { return *system_; }
  std::size_t count() const { return initial_.size(); }
  const std::vector<double>& initial(std::size_t k) const { return initial_[k]; }

  void set_conditions(std::size_t k) {
    RateContext context = rate_context_of(states_, k);
    if (!case_->own_light) {
      context.cosine_zenith = context.sun = 0.6;
      context.photolysis = mcm_photolysis_rates(0.6);
    }
    for (const Parameter& parameter : mechanism_.parameters)
      system_->set_parameter(parameter.name, parameter.name == "RES1"
                                                 ? states_.environment(k, "h2so4_condensation_sink")
                                                 : 1e-3);
    system_->set_rate_context(context);
  }

 private:
  /// With a tendency for everything that the box model of ARCA would prescribe.
  static Mechanism read(const Case& one) {
    Mechanism mechanism = read_kpp(one.file);
    if (!one.own_light) return mechanism;
    std::vector<std::string> fixed;
    for (std::size_t i = mechanism.variable_species; i < mechanism.species.size(); ++i)
      fixed.push_back(mechanism.species[i].name);
    make_variable(mechanism, fixed);
    return mechanism;
  }

  std::vector<double> by_name(std::size_t k) const {
    std::map<std::string, double> known;
    for (std::size_t i = 0; i < states_.species(); ++i)
      known[states_.species_name[i]] = states_.state(k, 0)[i];
    known["SA"] = known["H2SO4"];  // as the MCM names it
    std::vector<double> state;
    for (std::size_t i = 0; i < mechanism_.variable_species; ++i) {
      const auto found = known.find(mechanism_.species[i].name);
      state.push_back(found == known.end() ? 0 : found->second);
    }
    return state;
  }

  const Case* case_;
  CheckStates states_;
  Mechanism mechanism_;
  std::unique_ptr<ChemicalSystem> system_;
  std::vector<std::vector<double>> initial_;
};

bool skipped(benchmark::State& state, const Case& one) {
  for (const std::string& path : {state_file, one.file})
    if (!std::filesystem::exists(path)) return state.SkipWithError((path + " is not there").c_str()), true;
  return false;
}

/// Arguments: which mechanism, -log10 of the relative tolerance. Time and counts are means over the states.
void hour(benchmark::State& state) {
  const Case& one = cases()[static_cast<std::size_t>(state.range(0))];
  state.SetLabel(one.name);
  if (skipped(state, one)) return;
  Cells cells(one);
  ReferenceSolver<ChemicalSystem> solver(
      cells.system(), {.relative_tolerance = std::pow(10.0, -static_cast<double>(state.range(1)))});
  double steps = 0, iterations = 0, factorisations = 0, hours = 0;
  std::size_t k = 0;
  for (auto _ : state) {
    state.PauseTiming();
    cells.set_conditions(k);
    std::vector<double> c = cells.initial(k);
    state.ResumeTiming();
    if (!solver.integrate(c, 3600)) return state.SkipWithError("the integration failed");
    k = (k + 1) % cells.count();
    steps += static_cast<double>(solver.statistics().steps);
    iterations += static_cast<double>(solver.statistics().newton_iterations);
    factorisations += static_cast<double>(solver.statistics().factorisations);
    ++hours;
  }
  state.counters["species"] = static_cast<double>(cells.system().size());
  state.counters["steps"] = steps / hours;
  state.counters["iterations"] = iterations / hours;
  state.counters["factorisations"] = factorisations / hours;
}
BENCHMARK(hour)
    ->ArgsProduct({{0, 1, 2, 3}, {4, 7}})
    ->ArgNames({"mechanism", "rtol"})
    ->Unit(benchmark::kMillisecond);

/// The ends of the spectrum of one state.
void eigenvalues(benchmark::State& state) {
  const Case& one = cases()[static_cast<std::size_t>(state.range(0))];
  state.SetLabel(one.name);
  if (skipped(state, one)) return;
  Cells cells(one);
  cells.set_conditions(1);
  Spectrum ends;
  for (auto _ : state) benchmark::DoNotOptimize(ends = spectrum(cells.system(), cells.initial(1)));
  state.counters["fastest_s"] = ends.fastest_time_scale();
  state.counters["slowest_s"] = ends.slowest_time_scale();
}
BENCHMARK(eigenvalues)->DenseRange(0, 3)->ArgName("mechanism")->Unit(benchmark::kMillisecond);

}  // namespace
