// solvers <solvers.json> [mechanism...]: stiff solvers side by side, one thread, one run.
//
// Work: one call of an hour for all cells (rate constants, gather, solve, scatter), cells on their own.
// Cells: windows of scenarios with a seed of their own, day and night, a quarter with plumes, and the same
// with every species disturbed by up to a factor of 3. Truth: CVODE at 1e-10, for Hyde and the MCM Rodas4 at
// 1e-9. Time: that of the thread's processor, the best of alternating turns. Errors: plain decades of max(c,
// floor), the floor of a species being a ten thousandth of what one cell in six exceeds, at least 1e3
// molecules cm-3 (rmse_decades; median and worst are of cells); rmse_standardised divides by the species'
// standard deviation (at least 0.1) over the truth. Cells that fail count with the state that they began
// with.
//
// Writes the cells of mechanisms without RO2 beside solvers.json, <mechanism>_cells.json, on which
// bench/solvers_micm.py times MICM.
#include <algorithm>
#include <cstdio>
#include <exception>
#include <filesystem>
#include <string>
#include <vector>

#include "race.hpp"

#include <chemnne/io/atomic_file.hpp>

namespace {

using namespace bench;

void add(std::vector<Contender>& contenders, const Group& group) {
  contenders.insert(contenders.end(), group.contenders.begin(), group.contenders.end());
}

void run(const CaseSource& source, const std::filesystem::path& folder, Json::Array& rows) {
  const SolverCase one = make_case(source);
  if (one.chemistry->mechanism.peroxy_radicals.empty() && source.truth_by_cvode)
    export_cells(one, folder / (source.name + "_cells.json"));
  std::vector<Contender> contenders = cvode_contenders(*one.chemistry);
  std::vector<Group> groups{table_group(*one.chemistry)};
  const bool is_ours = source.name == "troposphere";
  if (is_ours) groups.push_back(generated_troposphere());
#if defined(CHEMNNE_WITH_SAPRC99)
  if (source.name == "saprc99") groups.push_back(generated_saprc99());
#endif
#if defined(CHEMNNE_WITH_TS1)
  if (source.name == "ts1") groups.push_back(generated_ts1());
#endif
#if defined(CHEMNNE_WITH_FULLCHEM)
  if (source.name == "fullchem") groups.push_back(generated_fullchem());
#endif
  for (const Group& group : groups) add(contenders, group);
  if (is_ours) contenders.push_back(emulator_contender(*one.chemistry));
  race(one, contenders, 30);
  report(one, contenders, rows);
  std::vector<NamedParts> parts;
  for (const Group& group : groups)
    for (const NamedParts& of : group.parts(one.air)) parts.push_back(of);
  report_parts(one, contenders, parts);
  if (is_ours) ten_days(one, contenders, rows);
}

}  // namespace

int main(int count, char** arguments) try {
  if (count < 2) {
    std::fprintf(stderr, "usage: %s <solvers.json> [mechanism...]\n", arguments[0]);
    return 2;
  }
  const std::vector<std::string> wanted(arguments + 2, arguments + count);
  Json::Array rows;
  for (const CaseSource& source : case_sources())
    if (wanted.empty() || std::ranges::find(wanted, source.name) != wanted.end())
      run(source, std::filesystem::path(arguments[1]).parent_path(), rows);
  write_file_atomically(arguments[1], Json(rows).dump() + "\n");
} catch (const std::exception& error) {
  std::fprintf(stderr, "%s\n", error.what());
  return 2;
}
