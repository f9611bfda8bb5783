#define BOOST_TEST_MODULE integration_program
#include <algorithm>
#include <cmath>
#include <filesystem>
#include <string>
#include <vector>

#include "workspace.hpp"
#include <boost/test/unit_test.hpp>

#include <chemnne/cli/embedded_bytes.hpp>
#include <chemnne/data/dataset_file.hpp>

using namespace chemnne;
using test::contains;
using test::held_out_cells;
using test::Small;
using test::workspace;
using test::Workspace;
using test::write_cells_as;

namespace {

/// A copy of the held-out data that says it is of another mechanism.
std::string foreign_data() {
  Dataset data = read_dataset(workspace().held_out);
  data.attributes["mechanism_fingerprint"] = "another";
  write_dataset(workspace().folder.file("foreign.nc"), data);
  return workspace().folder.file("foreign.nc");
}

}  // namespace

BOOST_AUTO_TEST_CASE(help_tells_what_can_be_done) {
  const std::string all = workspace().must({"--help"});
  for (const char* const command :
       {"generate", "train", "calibrate", "evaluate", "interpret", "run", "info", "embed", "interface"}) {
    BOOST_TEST(contains(all, command));
    const std::string text = workspace().must({command, "--help"});
    BOOST_TEST(contains(text, std::string("chemnne_small ") + command), text);
    BOOST_TEST(contains(text, "--"), text);
  }
  BOOST_TEST(contains(workspace().must({"--version"}), std::string(version)));
}

BOOST_AUTO_TEST_CASE(evaluation_writes_the_numbers_that_scripts_read) {
  const Workspace& program = workspace();
  const std::string text =
      program.must({"evaluate", "--data", program.held_out, "--model", program.model, "--report",
                    program.report, "--baseline", "mlp=" + program.mlp, "--rollouts", "3"});
  BOOST_TEST(contains(text, "report.html"), text);
  const Json results = parse_json(read_text_file(program.report + "/results.json"), "results.json");
  for (const char* const name :
       {"rmse_standardised", "rmse_minmax", "persistence_rmse_standardised", "mass_drift_mean",
        "rollout_24h_rmse_standardised", "microseconds_per_cell", "reference_microseconds_per_cell"}) {
    BOOST_TEST_REQUIRE((results.find(name) != nullptr), name);
    BOOST_TEST(results.find(name)->number() > 0, name);
  }
  for (const char* const name : {"persistence", "mlp"}) {
    const Json* const baseline = results.find("baselines")->find(name);
    BOOST_TEST_REQUIRE((baseline != nullptr), name);
    BOOST_TEST(baseline->find("rmse_standardised")->number() > 0);
  }
  const Json& provenance = *results.find("provenance");
  BOOST_TEST(contains(provenance.find("command")->string(),
                      "chemnne_small evaluate --data " + program.held_out + " --model"));
  BOOST_TEST(provenance.find("mechanism_fingerprint")->string() ==
             read_dataset(program.train).attribute("mechanism_fingerprint"));
  BOOST_TEST(NetcdfFile::open(program.report + "/results.nc").dimension("species") == 49u);
  BOOST_TEST(contains(read_text_file(program.report + "/report.html"), "</html>"));
}

BOOST_AUTO_TEST_CASE(evaluation_refuses_what_is_of_another_mechanism) {
  const Workspace& program = workspace();
  const std::string fingerprint = read_dataset(program.train).attribute("mechanism_fingerprint"),
                    foreign = foreign_data();
  const std::string message =
      program.complaint({"evaluate", "--data", foreign, "--model", program.model, "--report", "@refused"});
  BOOST_TEST((contains(message, foreign) && contains(message, "'another'") &&
              contains(message, "'" + fingerprint + "'")),
             message);
  const std::string training = program.complaint(
      {"train", "--data", program.train, "--validation", foreign, "--out", "@refused.safetensors"});
  BOOST_TEST((contains(training, foreign) && contains(training, "'another'")), training);

  program.must({"train", "--data", foreign, "--validation", foreign, "--out", "@foreign.safetensors",
                "--epochs", "1"});
  const std::string baseline =
      program.complaint({"evaluate", "--data", program.held_out, "--model", program.model, "--report",
                         "@refused", "--baseline", "other=" + program.folder.file("foreign.safetensors")});
  BOOST_TEST((contains(baseline, "foreign.safetensors") && contains(baseline, "'another'")), baseline);
}

BOOST_AUTO_TEST_CASE(a_step_is_timed_where_the_reference_cannot_start) {
  const Workspace& program = workspace();
  const std::string foreign = foreign_data();
  program.must({"train", "--data", foreign, "--validation", foreign, "--out", "@foreign.safetensors",
                "--epochs", "1"});
  const std::string text = program.must(
      {"evaluate", "--data", foreign, "--model", "@foreign.safetensors", "--report", "@foreign"});
  BOOST_TEST(contains(text, "a step of a cell: "), text);
  const Json results =
      parse_json(read_text_file(program.folder.file("foreign/results.json")), "results.json");
  BOOST_TEST(results.find("microseconds_per_cell")->number() > 0);
  BOOST_TEST(results.find("reference_microseconds_per_cell")->is_null());
}

BOOST_AUTO_TEST_CASE(an_emulator_is_calibrated_and_tells_how_sure_it_is) {
  const Workspace& program = workspace();
  const std::string copy = program.folder.file("calibrated.safetensors");
  std::filesystem::copy_file(program.model, copy, std::filesystem::copy_options::overwrite_existing);
  program.must({"calibrate", "--model", copy, "--data", program.train, "--held-out", program.validation});
  const std::string text = program.must(
      {"evaluate", "--data", program.held_out, "--model", copy, "--report", "@calibrated", "--hours", "0"});
  BOOST_TEST(contains(text, "50 % intervals cover"), text);
  const Json results =
      parse_json(read_text_file(program.folder.file("calibrated/results.json")), "results.json");
  BOOST_TEST(results.find("uncertainty")->find("levels")->array().size() == 4u);
  BOOST_TEST(contains(program.complaint({"calibrate", "--model", program.mlp, "--data", program.train,
                                         "--held-out", program.validation}),
                      "'mlp'"));
}

BOOST_AUTO_TEST_CASE(training_starts_from_other_weights_and_on_several_data_sets) {
  const Workspace& program = workspace();
  const std::string text =
      program.must({"train", "--data", program.train, program.validation, "--validation", program.held_out,
                    "--out", "@more.safetensors", "--epochs", "1", "--initial", program.model});
  BOOST_TEST(contains(program.must({"info", "--model", "@more.safetensors"}), "+ " + program.validation),
             text);
  BOOST_TEST(
      contains(program.complaint({"train", "--data", program.train, "--validation", program.held_out, "--out",
                                  "@wrong.safetensors", "--epochs", "1", "--initial", program.mlp}),
               "mlp"));
}

BOOST_AUTO_TEST_CASE(training_starts_from_the_weights_of_other_species_and_says_so) {
  const Workspace& program = workspace();
  Dataset edited = read_dataset(program.train);
  std::string& ozone = *std::find(edited.species_name.begin(), edited.species_name.end(), std::string("O3"));
  ozone = "OX";
  write_dataset(program.folder.file("edited.nc"), edited);
  const auto train = [&](const char* epochs, const char* resumed) {
    return program.must({"train", "--data", "@edited.nc", "--validation", "@edited.nc", "--out",
                         "@edited.safetensors", "--initial", program.model, "--epochs", epochs, resumed});
  };
  const std::string text = train("1", "--resume=false");
  BOOST_TEST(contains(text, "Starting from " + program.model +
                                ": inputs 48 common, 1 new (OX), 1 gone (O3); outputs 48 common, 1 new (OX), "
                                "1 gone (O3); conditions 5 common, 0 new, 0 gone"),
             text);
  // What a checkpoint holds goes before the weights to start from.
  BOOST_TEST(!contains(train("1", "--resume"), "Starting from"));
}

BOOST_AUTO_TEST_CASE(training_over_two_windows_gives_the_same_emulator_s_weights) {
  const Workspace& program = workspace();
  program.must({"train", "--data", program.train, "--validation", program.validation, "--out",
                "@two.safetensors", "--epochs", "1", "--architecture", "unrolled-2", "--initial",
                program.model});
  BOOST_TEST(
      contains(program.must({"info", "--model", "@two.safetensors"}), "architecture           chemnne"));
  program.must({"evaluate", "--data", program.held_out, "--model", "@two.safetensors", "--report", "@two",
                "--hours", "0"});
  Dataset apart = read_dataset(program.validation);
  for (std::size_t window = 1; window < apart.cases(); window += 2)
    for (std::size_t s = 0; s < apart.species(); ++s)
      apart.concentration[window * apart.frames() * apart.species() + s] *= 2;
  write_dataset(program.folder.file("apart.nc"), apart);
  BOOST_TEST(
      contains(program.complaint({"train", "--data", program.train, "--validation", "@apart.nc", "--out",
                                  "@none.safetensors", "--epochs", "1", "--architecture", "unrolled-2"}),
               "apart.nc: expected 2 windows in a row"));
}

BOOST_AUTO_TEST_CASE(interpretation_stands_beside_the_mechanism) {
  const Workspace& program = workspace();
  const std::string text = program.must({"interpret", "--data", program.held_out, "--model", program.model,
                                         "--report", "@inside/interpretation", "--cells", "3"});
  BOOST_TEST(contains(text, "Sensitivities at 3 windows, network against reference, different species"),
             text);
  const std::string folder = program.folder.file("inside/interpretation");
  const Json found = parse_json(read_text_file(folder + "/interpretation.json"), "interpretation.json");
  for (const char* const who : {"network", "reference"}) {
    const Json::Array& rows = found.at("sensitivity").at(who).array();
    BOOST_TEST_REQUIRE(rows.size() == 49u);
    BOOST_TEST(rows[0].array().size() == 49u);
  }
  BOOST_TEST(found.at("sensitivity").at("network_conditions").array()[48].array().size() == 5u);
  BOOST_TEST(found.at("agreement").at("pairs").number() > 100);
  const double sign = found.at("agreement").at("sign_agreement").number();
  BOOST_TEST((sign > 0 && sign < 1));
  // What lives long is nearly what it was: methane to itself.
  const std::vector<std::string> species = found.at("outputs").strings();
  const auto methane =
      static_cast<std::size_t>(std::find(species.begin(), species.end(), "CH4") - species.begin());
  BOOST_TEST_REQUIRE(methane < 49u);
  const double own = found.at("sensitivity").at("reference").array()[methane].array()[methane].number();
  BOOST_TEST(std::abs(own - 1) < 1e-2, own);
  BOOST_TEST(found.at("importance").at("input").array().size() == 54u);
  BOOST_TEST(found.at("importance").at("increase").numbers().size() == 54u);
  BOOST_TEST(found.at("importance").at("rmse_standardised").number() > 0);
  BOOST_TEST(found.at("attention").at("heads").number() == 2);
  BOOST_TEST(contains(read_text_file(folder + "/interpretation.html"), "</html>"));
}

BOOST_AUTO_TEST_CASE(interpretation_does_without_attention_and_without_whole_states) {
  const Workspace& program = workspace();
  program.must({"train", "--data", foreign_data(), "--validation", foreign_data(), "--out",
                "@other.safetensors", "--epochs", "1", "--architecture", "mlp"});
  const std::string text =
      program.must({"interpret", "--data", foreign_data(), "--model", "@other.safetensors", "--report",
                    "@other", "--cells", "1", "--windows", "4"});
  BOOST_TEST(contains(text, "no sensitivities of the reference"), text);
  const Json found =
      parse_json(read_text_file(program.folder.file("other/interpretation.json")), "interpretation.json");
  BOOST_TEST((found.find("attention") == nullptr && found.find("agreement") == nullptr));
  BOOST_TEST(found.at("importance").at("windows").number() == 4);
  BOOST_TEST(contains(program.complaint({"interpret", "--data", foreign_data(), "--model", program.model,
                                         "--report", "@refused"}),
                      "'another'"));
  BOOST_TEST(contains(program.complaint({"interpret", "--data", program.held_out, "--model", program.model,
                                         "--report", "@refused", "--cells", "0"}),
                      "--cells: expected a number above 0, found 0"));
}

BOOST_AUTO_TEST_CASE(run_advances_the_same_cells_from_csv_and_from_netcdf) {
  const Workspace& program = workspace();
  write_cells_as("state.csv");
  write_cells_as("state.nc");
  BOOST_TEST(contains(
      program.must({"run", "--model", program.model, "--input", "@state.csv", "--output", "@after.csv"}),
      "10 cells"));
  program.must({"run", "--model", program.model, "--input", "@state.nc", "--output", "@after.nc"});
  const CellTable before = held_out_cells(), from_csv = read_cells_csv(program.folder.file("after.csv"));
  const CellTable from_netcdf = read_cells_netcdf(
      program.folder.file("after.nc"), std::span(before.name).subspan(1));  // 'height' is no input of it
  BOOST_TEST(from_csv.name == before.name, boost::test_tools::per_element());
  BOOST_TEST(from_csv.at("height", "") == before.at("height", ""), boost::test_tools::per_element());
  BOOST_TEST(from_csv.at("O3", "") != before.at("O3", ""));
  for (const std::string& name : from_netcdf.name)
    for (std::size_t cell = 0; cell < before.cells(); ++cell) {
      // Nine digits of the state go into the CSV, and nine come out; the step magnifies a difference at most
      // a few times.
      const double exact = from_netcdf.at(name, "")[cell];
      BOOST_TEST(std::abs(from_csv.at(name, "")[cell] - exact) <= 1e-6 * std::abs(exact),
                 name << ", cell " << cell);
    }
}

BOOST_AUTO_TEST_CASE(two_steps_are_a_step_and_another) {
  const Workspace& program = workspace();
  write_cells_as("state.nc");
  const auto run = [&](const char* input, const char* output, const char* steps) {
    program.must({"run", "--model", program.mlp, "--input", input, "--output", output, "--seconds", "1800",
                  "--steps", steps});
  };
  run("@state.nc", "@one.nc", "1");
  run("@one.nc", "@two.nc", "1");
  run("@state.nc", "@both.nc", "2");
  const std::vector<std::string> names{"O3", "NO2", "OH", "temperature"};
  const CellTable two = read_cells_netcdf(program.folder.file("two.nc"), names),
                  both = read_cells_netcdf(program.folder.file("both.nc"), names),
                  one = read_cells_netcdf(program.folder.file("one.nc"), names);
  BOOST_TEST((two.column == both.column));
  BOOST_TEST((one.column != both.column));
}

BOOST_AUTO_TEST_CASE(training_goes_on_and_does_not_depend_on_threads) {
  const Workspace& program = workspace();
  const auto train = [&](std::vector<std::string> more) {
    more.insert(more.begin(),
                {"train", "--data", program.train, "--validation", program.validation, "--batch", "16"});
    return more;
  };
  program.must(train({"--out", "@one.safetensors", "--epochs", "3", "--threads", "1"}));
  BOOST_TEST((read_safetensors(program.folder.file("one.safetensors")).tensors ==
              read_safetensors(program.model).tensors));
  // A finished run that is resumed writes what it wrote.
  const std::string before = read_text_file(program.model);
  program.must(train({"--out", program.model, "--epochs", "3", "--resume"}));
  BOOST_TEST((read_text_file(program.model) == before));
  const std::string log = read_text_file(program.model + ".csv");
  BOOST_TEST(std::count(log.begin(), log.end(), '\n') == 4);
  const std::string other =
      program.complaint(train({"--out", program.model, "--resume", "--seed", "9", "--importance", "O3=2"}));
  BOOST_TEST((contains(other, "model.safetensors.checkpoint") && contains(other, "seed 9") &&
              contains(other, "seed 1") && contains(other, "importance of species by none")),
             other);
}

BOOST_AUTO_TEST_CASE(training_on_fresh_windows_does_not_depend_on_threads) {
  const Workspace& program = workspace();
  const auto train = [&](const std::string& out, std::vector<std::string> more) {
    more.insert(more.begin(), {"train", "--data", program.train, "--validation", program.validation,
                               "--epochs", "3", "--out", out});
    return more;
  };
  for (const std::string threads : {"1", "2"})
    program.must(train("@fresh" + threads, {"--fresh", "--fresh-share", "0.5", "--threads", threads}));
  BOOST_TEST((read_safetensors(program.folder.file("fresh1")).tensors ==
              read_safetensors(program.folder.file("fresh2")).tensors));
  BOOST_TEST(contains(program.must({"info", "--model", "@fresh1"}), "built in, a share of 0.5 an epoch"));
  BOOST_TEST(contains(program.complaint(train("@fresh1", {"--resume"})), "fresh windows none"));
  BOOST_TEST(contains(program.complaint(train("@x", {"--fresh", "--architecture", "unrolled-2"})),
                      "a model of one window"));
}

BOOST_AUTO_TEST_CASE(info_tells_what_a_file_holds) {
  const Workspace& program = workspace();
  const std::string text = program.must({"info", "--model", program.model});
  for (const char* const part : {"O3", "temperature", "[K]", "troposphere", "validation_rmse_standardised"})
    BOOST_TEST(contains(text, part), text);
  BOOST_TEST(contains(text, "checksum               of all bytes, right"));
  const Json json = parse_json(program.must({"info", "--model", program.model, "--json"}), "info");
  BOOST_TEST(json.at("model").at("checksum").boolean());
  BOOST_TEST(json.find("model")->find("inputs")->strings().size() == 49u);
  BOOST_TEST(json.find("program")->find("species")->number() == 49);
  BOOST_TEST(json.find("program")->find("mechanism_fingerprint")->string() ==
             json.find("model")->find("mechanism_fingerprint")->string());
  BOOST_TEST(json.find("program")->find("configuration")->string() == configuration_text<Small>());
}

BOOST_AUTO_TEST_CASE(a_header_embeds_a_weights_file) {
  const Workspace& program = workspace();
  const auto without_comment = [](const std::string& text) { return text.substr(text.find('\n')); };
  program.must({"embed", "--model", program.model, "--output", "@weights.hpp", "--name", "troposphere"});
  BOOST_TEST((without_comment(read_text_file(program.folder.file("weights.hpp"))) ==
              without_comment(embedded_bytes(read_text_file(program.model), "troposphere", ""))));

  write_file_atomically(program.folder.file("half.safetensors"),
                        read_text_file(program.model).substr(0, 4000));
  BOOST_TEST(contains(program.complaint({"embed", "--model", "@half.safetensors", "--output", "@half.hpp"}),
                      "half.safetensors"));
  BOOST_TEST(!std::filesystem::exists(program.folder.file("half.hpp")));
  BOOST_TEST(contains(
      program.complaint({"embed", "--model", program.model, "--output", "@half.hpp", "--name", "2 words"}),
      "expected an identifier, found '2 words'"));
}

BOOST_AUTO_TEST_CASE(constants_of_a_host_are_places_of_the_emulator_s_species) {
  const Workspace& program = workspace();
  const std::string of_mechanism = program.folder.file("mechanism"),
                    of_model = program.folder.file("weights");
  for (const std::string& folder : {of_mechanism, of_model}) std::filesystem::create_directories(folder);
  program.must({"interface", "--output", of_mechanism});
  program.must({"interface", "--model", program.model, "--output", of_model});
  const std::vector<std::string> species =
      description_of(read_safetensors(program.model), program.model).inputs;
  const std::string header = read_text_file(of_mechanism + "/chemnne_small_species.h"),
                    module = read_text_file(of_mechanism + "/chemnne_small_species.f90");
  for (std::size_t i = 0; i < species.size(); ++i) {
    BOOST_TEST(contains(header, "  chemnne_small_ind_" + species[i] + " = " + std::to_string(i)), header);
    BOOST_TEST(contains(module, " :: ind_" + species[i] + " = " + std::to_string(i + 1) + "\n"), module);
  }
  BOOST_TEST(std::count(module.begin(), module.end(), '\n') == 53);  // a comment, 3 lines of the module
  BOOST_TEST(read_text_file(of_model + "/chemnne_small_species.h") == header);
  BOOST_TEST(read_text_file(of_model + "/chemnne_small_species.f90") == module);
  BOOST_TEST(contains(program.complaint({"interface", "--output", of_model, "--name", "my-emulator"}),
                      "'my-emulator'"));
}

BOOST_AUTO_TEST_CASE(bad_input_ends_with_status_2_and_a_place) {
  const Workspace& program = workspace();
  const std::vector<std::string> sets{"--data", program.train, "--validation", program.validation};
  const auto train = [&](std::vector<std::string> more) {
    more.insert(more.begin(), sets.begin(), sets.end());
    more.insert(more.begin(), "train");
    return program.complaint(more);
  };
  program.complaint({});
  program.complaint({"frobnicate"});
  BOOST_TEST(contains(program.complaint({"train", "--data", "@missing.nc"}), "missing.nc"));
  BOOST_TEST(
      contains(train({"--out", "@x", "--minutes", "1", "--epochs", "2"}), "--minutes excludes --epochs"));
  BOOST_TEST(contains(train({"--out", "@no/such/folder/x"}),
                      "no/such/folder/x: expected a place where a file can be made"));
  BOOST_TEST(contains(train({"--out", "@x", "--batch", "0"}), "--batch: expected a number above 0, found 0"));
  BOOST_TEST(
      contains(program.complaint({"generate", "--output", "@no/such/folder/x.nc"}), "no/such/folder/x.nc"));
  BOOST_TEST(contains(program.complaint({"generate", "--output", "@x.nc", "--windows", "0"}), "--windows"));
  BOOST_TEST(contains(program.complaint({"info", "--model", program.train}), program.train));

  write_file_atomically(program.folder.file("cut.safetensors"),
                        read_text_file(program.model).substr(0, 4000));
  write_cells_as("state.csv");
  const auto run = [&](const std::string& model, const std::string& input, const std::string& output,
                       const std::string& seconds) {
    return program.complaint(
        {"run", "--model", model, "--input", input, "--output", output, "--seconds", seconds});
  };
  BOOST_TEST(contains(run("@cut.safetensors", "@state.csv", "@x.csv", "60"), "cut.safetensors"));
  BOOST_TEST(
      contains(run(program.model, "@state.csv", "@x.csv", "3601"), "above 0 and up to 3600, found 3601"));
  BOOST_TEST(contains(run(program.model, "@state.csv", "@no/such/folder/x.csv", "60"), "no/such/folder"));
  write_file_atomically(program.folder.file("few.csv"), "O3,temperature\n1e12,288\n");
  const std::string few = run(program.model, "@few.csv", "@x.csv", "60");
  BOOST_TEST((contains(few, "few.csv: expected a column '") && contains(few, "found none")), few);
  BOOST_TEST(!std::filesystem::exists(program.folder.file("x.csv")));
}
