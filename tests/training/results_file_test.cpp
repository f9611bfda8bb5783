#define BOOST_TEST_MODULE training_results_file
#include <cstdlib>
#include <filesystem>
#include <string>
#include <vector>

#include <boost/test/unit_test.hpp>

#include <chemnne/support/text.hpp>
#include <chemnne/training/results_file.hpp>

namespace {

chemnne::Scores scores(const std::string& name, double rmse) {
  chemnne::Scores result;
  result.name = name;
  result.rmse_standardised = rmse;
  result.rmse_minmax = rmse / 5;
  result.species_rmse_standardised = result.species_rmse_minmax = {rmse, 2 * rmse};
  result.step_rmse_standardised = result.step_rmse_minmax = {rmse, rmse, rmse};
  result.cell_rmse_standardised = {rmse, rmse};
  result.species_agreement = {{0.1, 0.2, 0.9}, {0, 0, 1}};
  result.family_agreement = {{0.01, 0.02, 0.99}};
  result.drift = {{"mass", {0.5, 0.6, 0.7}, {0.1, 0.2, 0.3}, {0.01, 0.02, 0.03}}};
  return result;
}

chemnne::EvaluationResults results() {
  chemnne::EvaluationResults all;
  all.cases = 2;
  all.time = {60, 120, 180};
  all.species = {"O3", "NO"};
  all.family = {"Ox"};
  all.emulator = scores("ChemNNE", 0.03);
  all.baselines = {scores("persistence", 0.4), scores("MLP", 0.05)};
  all.rollout.cases = 1;
  all.rollout.hours = 24;
  all.rollout.species = all.species;
  all.rollout.reference.assign(50, 3);
  all.rollout.prediction.assign(50, 4);
  all.rollout.rmse_standardised.assign(24, 0.25);
  all.rollout.regimes = {all.species, {1e9, 1e10}, {280, 290}, {{true, 2, 0, 24, {0.01, -0.02}}}};
  all.rollout.mean_rmse_standardised = 0.25;
  all.rollout.one_step_rmse_standardised = 0.04;
  all.rollout.score_rank_correlation = 0.5;
  all.timing.microseconds_per_cell = 10;
  all.timing.reference_microseconds_per_cell = 2000;
  all.timing.solver_microseconds_per_cell = 40;
  all.provenance["command"] = "evaluate";
  return all;
}

}  // namespace

BOOST_AUTO_TEST_CASE(the_keys_that_scripts_rely_on) {
  const chemnne::Json json = chemnne::results_json(results());
  BOOST_TEST(json.at("rmse_standardised").number() == 0.03);
  BOOST_TEST(json.at("rmse_minmax").number() == 0.03 / 5);
  BOOST_TEST(json.at("persistence_rmse_standardised").number() == 0.4);
  BOOST_TEST(json.at("mass_drift_mean").number() == 0.5);
  BOOST_TEST(json.at("rollout_24h_rmse_standardised").number() == 0.25);
  BOOST_TEST(json.at("microseconds_per_cell").number() == 10);
  BOOST_TEST(json.at("reference_microseconds_per_cell").number() == 2000);
  BOOST_TEST(json.at("solver_microseconds_per_cell").number() == 40);
  BOOST_TEST(json.at("timing").at("speed_up").number() == 200);
  const chemnne::Json& regime = json.at("rollout").at("one_step_bias_by_regime").at("regime").array().at(0);
  BOOST_TEST(regime.at("bias_percent_per_hour").at("NO").number() == -2);
  BOOST_TEST(json.at("baselines").object_members().size() == 2u);
  BOOST_TEST(json.at("baselines").at("MLP").at("rmse_standardised").number() == 0.05);
  BOOST_TEST(json.at("emulator").at("species").at("NO").at("rmse_standardised").number() == 0.06);
  BOOST_TEST(json.at("emulator").at("families").at("Ox").at("r2").number() == 0.99);
  BOOST_TEST(json.at("emulator").at("drift").at("mass").at("difference").at("maximum").number() == 0.03);
}

BOOST_AUTO_TEST_CASE(what_was_not_measured_is_null) {
  chemnne::EvaluationResults bare = results();
  bare.rollout = {};
  bare.timing = {};
  const chemnne::Json json = chemnne::parse_json(chemnne::results_json(bare).dump());
  BOOST_TEST(json.at("rollout_24h_rmse_standardised").is_null());
  BOOST_TEST(json.at("microseconds_per_cell").is_null());
}

BOOST_AUTO_TEST_CASE(the_files_hold_what_was_found) {
  char directory[] = "/tmp/chemnne_results_XXXXXX";
  BOOST_REQUIRE(mkdtemp(directory));
  const std::string folder = directory;
  chemnne::write_results(folder, results());
  BOOST_CHECK(chemnne::parse_json(chemnne::read_text_file(folder + "/results.json")) ==
              chemnne::results_json(results()));
  {
    const chemnne::NetcdfFile file = chemnne::NetcdfFile::open(folder + "/results.nc");
    BOOST_TEST(file.read<std::string>("predictor_name", {"predictor"}) ==
               (std::vector<std::string>{"ChemNNE", "persistence", "MLP"}));
    BOOST_TEST(file.read<double>("species_rmse", {"predictor", "species"}) ==
               (std::vector<double>{0.03, 0.06, 0.4, 0.8, 0.05, 0.1}));
    BOOST_TEST(file.read<float>("rollout_prediction", {"rollout_case", "hour_boundary", "species"}) ==
               results().rollout.prediction);
  }
  std::filesystem::remove_all(folder);
}
