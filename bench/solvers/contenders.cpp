#include <memory>
#include <span>
#include <vector>

#include "contender.hpp"
#include "lane_solver.hpp"

#include <chemnne/chemistry/chemical_system.hpp>
#include <chemnne/emulator.hpp>
#include <chemnne/reference/reference_solver.hpp>

namespace bench {

Group table_group(const Chemistry& chemistry) {
  return lane_group("tables",
                    Arithmetic<TableKernel<float>, TableRates<float>>{&chemistry.floats->kernel(),
                                                                      TableRates<float>(chemistry.floats)},
                    Arithmetic<TableKernel<double>, TableRates<double>>{
                        &chemistry.doubles->kernel(), TableRates<double>(chemistry.doubles)});
}

std::vector<Contender> cvode_contenders(const Chemistry& chemistry) {
  struct Held {
    ChemicalSystem system;
    ReferenceSolver<ChemicalSystem> solver;
    Held(const Mechanism& mechanism, const ReferenceOptions& options)
        : system(mechanism), solver(system, options) {}
  };
  std::vector<Contender> contenders;
  for (const ReferenceOptions& options :
       {ReferenceOptions{.relative_tolerance = 1e-4, .absolute_tolerance = 1},
        ReferenceOptions{.relative_tolerance = 1e-8}}) {
    const auto held = std::make_shared<Held>(chemistry.mechanism, options);
    contenders.push_back({.solver = "CVODE",
                          .number = "double",
                          .tolerance = options.relative_tolerance,
                          .advance = [held](const AirCells& air, std::span<double> result) {
                            Solution solution;
                            const std::size_t species = held->system.size();
                            for (std::size_t cell = 0; cell < air.environment.size(); ++cell) {
                              held->system.set_environment(air.environment[cell]);
                              if (!held->solver.integrate(result.subspan(cell * species, species), hour))
                                ++solution.failed;
                            }
                            return solution;
                          }});
  }
  return contenders;
}

Contender emulator_contender(const Chemistry& chemistry) {
  using Network = ChemNNE<DefaultConfiguration<49, 49>>;
  struct Held {
    Emulator<Network, DefaultBackend> emulator{CHEMNNE_SOURCE_DIRECTORY "/examples/troposphere.safetensors"};
    Emulator<Network, DefaultBackend>::Workspace workspace;
    std::vector<double> conditions;
  };
  const auto held = std::make_shared<Held>();
  for (std::size_t i = 0; i < chemistry.species(); ++i)
    if (held->emulator.species_index(chemistry.mechanism.species[i].name) != i)
      throw Error("examples/troposphere.safetensors", "the mechanism's species in its order",
                  "another order");
  return {.solver = "emulator",
          .number = "float",
          .advance = [held](const AirCells& air, std::span<double> result) {
            // Its conditions are the inputs of the rates: temperature to photolysis scaling.
            const std::size_t cells = air.environment.size(), inputs = air.input.size() / cells;
            held->emulator.advance(
                Columns<const double>::cell_major(air.state.data(), cells, result.size() / cells),
                Columns<const double>::cell_major(air.input.data(), cells, inputs), hour,
                Columns<double>::cell_major(result.data(), cells, result.size() / cells), held->workspace);
            return Solution{};
          }};
}

}  // namespace bench
