#define BOOST_TEST_MODULE cli_report
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <vector>

#include <boost/test/unit_test.hpp>

#include <chemnne/cli/report.hpp>
#include <chemnne/support/random.hpp>
#include <chemnne/support/text.hpp>
#include <chemnne/training/evaluation.hpp>

namespace {

/// A folder of its own, removed at the end unless CHEMNNE_KEEP_REPORT is set (to look at the page).
struct Folder {
  std::string path;
  Folder() {
    char name[] = "/tmp/chemnne_report_XXXXXX";
    path = mkdtemp(name);
  }
  ~Folder() {
    if (!std::getenv("CHEMNNE_KEEP_REPORT")) std::filesystem::remove_all(path);
  }
};

const std::vector<std::string> species{"O3",   "NO",  "NO2",  "OH",   "HO2",   "HCHO",
                                       "H2O2", "PAN", "HNO3", "N2O5", "X_<1>", "it's"};

/// Sixty cases that relax from one random level to another, each species at its own pace.
chemnne::Dataset relaxing_box() {
  chemnne::Dataset data;
  data.species_name = species;
  data.molar_mass.assign(species.size(), 30);
  data.environment_name = {"temperature", "cosine_zenith"};
  data.environment_units = {"K", "1"};
  for (int frame = 0; frame <= 60; ++frame) data.time.push_back(60 * frame);
  chemnne::Random random(3);
  for (int cell = 0; cell < 60; ++cell) {
    data.scenario.push_back(cell);
    data.environment_value.insert(data.environment_value.end(), {random.uniform(250, 310), random.uniform()});
    std::vector<double> from, to;
    for (std::size_t s = 0; s < species.size(); ++s) {
      from.push_back(random.uniform(5, 12));
      to.push_back(from.back() + (s == 0 ? 0.01 : 1) * random.normal());
    }
    for (std::size_t frame = 0; frame < data.time.size(); ++frame)
      for (std::size_t s = 0; s < species.size(); ++s) {
        const double share = std::exp(-data.time[frame] / (300.0 * static_cast<double>(s + 1)));
        data.concentration.push_back(static_cast<float>(std::pow(10, share * from[s] + (1 - share) * to[s])));
      }
  }
  return data;
}

/// Persistence with noise: wrong enough to be seen.
chemnne::Predictor noisy(double size) {
  return
      [size](std::span<const float> initial, std::span<const float> conditions, std::span<float> prediction) {
        chemnne::Random random(5);
        const std::size_t cells = conditions.size() / 2, width = prediction.size() / cells;
        for (std::size_t i = 0; i < prediction.size(); ++i)
          prediction[i] = initial[i / width * species.size() + i % species.size()] *
                          static_cast<float>(std::pow(10, size * random.normal()));
      };
}

chemnne::EvaluationResults results() {
  const chemnne::Dataset data = relaxing_box();
  const chemnne::PredictionTask task{species, species, data.environment_name};
  const auto standardisation = chemnne::fit_standardisation(data, task.conditions);
  const std::vector<chemnne::NamedPredictor> baselines{{"MLP by time", noisy(0.5)}};
  auto all = chemnne::evaluate(data, standardisation, task, {"ChemNNE", noisy(0.1)}, baselines);
  chemnne::RolloutCases cases;
  for (std::size_t cell = 0; cell < 5; ++cell)
    for (std::size_t hour = 0; hour <= cases.hours; ++hour) {
      const auto state = data.row(cell, 2 * hour);
      cases.reference.insert(cases.reference.end(), state.begin(), state.end());
      if (hour < cases.hours) cases.conditions.insert(cases.conditions.end(), {280, 0.5f});
    }
  all.rollout = chemnne::roll_out(cases, standardisation, noisy(0.05), data.molar_mass);
  all.timing = {12.5, 2600, 40, 2, 4096, "CVODE, rtol 1e-4", "Rodas3"};
  all.model["parameters"] = 123456;
  all.model["means"] = std::vector<double>(200, 0.987654321);
  all.provenance["command"] = "evaluate --data 'a & b.nc'";
  all.provenance["fingerprint"] = "0123456789abcdef";
  return all;
}

chemnne::ReportOptions options(const std::string& folder) {
  std::string log = "epoch,seconds,learning_rate,training_loss,validation_rmse\n";
  for (int epoch = 1; epoch <= 50; ++epoch)
    log += std::to_string(epoch) + "," + std::to_string(3 * epoch) + "," +
           std::to_string(2e-3 * (1 - epoch / 51.0)) + "," + std::to_string(1.0 / epoch) + "," +
           (epoch % 5 == 0 ? std::to_string(0.5 / std::sqrt(epoch)) : "") + "\n";
  chemnne::write_file_atomically(folder + "/log.csv", log);
  chemnne::AttentionMap map{2, 10, {}, {}};
  for (std::size_t i = 0; i < 200; ++i)
    map.weight.push_back(
        std::exp(-0.3 * std::abs(static_cast<double>(i % 10) - static_cast<double>(i / 10 % 10))));
  for (int i = 0; i < 10; ++i) map.time.push_back(360 * i);
  return {.training_log = folder + "/log.csv", .attention = map};
}

std::size_t count(const std::string& text, const std::string& part) {
  std::size_t found = 0;
  for (std::size_t place = text.find(part); place != text.npos; place = text.find(part, place + 1)) ++found;
  return found;
}

const std::vector<std::string> names{"trajectories",  "parity",          "species_errors", "error_over_time",
                                     "rollout_error", "rollout_example", "training_curve", "attention"};

}  // namespace

BOOST_AUTO_TEST_CASE(base64_of_rfc_4648_section_10) {
  const std::pair<const char*, const char*> vectors[] = {{"", ""},
                                                         {"f", "Zg=="},
                                                         {"fo", "Zm8="},
                                                         {"foo", "Zm9v"},
                                                         {"foob", "Zm9vYg=="},
                                                         {"fooba", "Zm9vYmE="},
                                                         {"foobar", "Zm9vYmFy"}};
  for (const auto& [bytes, text] : vectors) BOOST_TEST(chemnne::base64(bytes) == text);
  BOOST_TEST(chemnne::base64("\xff\xfe") == "//4=");
}

BOOST_AUTO_TEST_CASE(the_page_holds_all_figures_and_numbers) {
  const Folder folder;
  const chemnne::EvaluationResults all = results();
  const std::string trouble = chemnne::write_report(folder.path, all, options(folder.path));
  if (std::system("gnuplot --version > /dev/null 2>&1") != 0) {
    std::puts("skipped: gnuplot is not installed");
    return;
  }
  BOOST_TEST(trouble == "");
  const std::string html = chemnne::read_text_file(folder.path + "/report.html");
  for (const std::string& name : names) {
    BOOST_TEST_CONTEXT(name) {
      const std::string png = chemnne::read_text_file(folder.path + "/figures/" + name + ".png");
      BOOST_TEST(png.substr(0, 8) == "\x89PNG\r\n\x1a\n");
      BOOST_TEST(png.substr(png.size() - 8, 4) == "IEND");  // whole
      BOOST_TEST(png.size() > 4000u);                       // an empty canvas takes less
      BOOST_TEST(html.find(chemnne::base64(png)) != html.npos);
      BOOST_TEST(
          !std::filesystem::exists(folder.path + "/figures/" + name + ".log"));  // gnuplot warned of nothing
    }
  }
  BOOST_TEST(count(html, "<img ") == names.size());
  BOOST_TEST(count(html, "<table") == count(html, "</table>"));
  BOOST_TEST(count(html, "0.987654321") == 0u);  // long arrays stay in results.json
  BOOST_TEST(count(html, "src=\"http") == 0u);   // nothing from elsewhere
  for (const std::string& text :
       {chemnne::format_number(all.emulator.rmse_standardised),
        chemnne::format_number(all.baselines[1].rmse_minmax), std::string("MLP by time"),
        std::string("12.5 µs"), std::string("2.6 ms"), std::string("208 times"),
        std::string("CVODE, rtol 1e-4"), std::string("123456"), std::string("0123456789abcdef"),
        std::string("a &amp; b.nc")})
    BOOST_TEST(html.find(text) != html.npos, text);
}

BOOST_AUTO_TEST_CASE(without_gnuplot_the_page_says_so_and_keeps_scripts_and_data) {
  const Folder folder;
  chemnne::ReportOptions without = options(folder.path);
  without.gnuplot = "no-such-gnuplot";
  BOOST_TEST(chemnne::write_report(folder.path, results(), without).find("no-such-gnuplot") !=
             std::string::npos);
  const std::string html = chemnne::read_text_file(folder.path + "/report.html");
  BOOST_TEST(html.find("Figures are missing") != html.npos);
  BOOST_TEST(count(html, "<img ") == 0u);
  for (const std::string& name : names) {
    BOOST_TEST(std::filesystem::exists(folder.path + "/figures/" + name + ".gp"));
    BOOST_TEST(std::filesystem::exists(folder.path + "/figures/" + name + ".dat"));
  }
}

BOOST_AUTO_TEST_CASE(no_text_reaches_a_shell_or_the_script) {
  BOOST_TEST(chemnne::gnuplot_text("it's\n`date`") == "'it''s `date`' noenhanced");
  const Folder folder;
  chemnne::run_program({"printf", "%s", "$(touch injected); `touch injected`"}, folder.path, "out");
  BOOST_TEST(chemnne::read_text_file(folder.path + "/out") == "$(touch injected); `touch injected`");
  BOOST_TEST(!std::filesystem::exists(folder.path + "/injected"));
  BOOST_TEST(chemnne::run_program({"false"}, folder.path, "out") == 1);
  BOOST_TEST(chemnne::run_program({"no-such-program"}, folder.path, "out") == -1);
}

BOOST_AUTO_TEST_CASE(a_training_log_with_a_ragged_line_is_refused) {
  const Folder folder;
  chemnne::write_file_atomically(folder.path + "/log.csv", "epoch,loss\n1,2\n3\n");
  BOOST_CHECK_THROW(chemnne::read_number_table(folder.path + "/log.csv"), chemnne::Error);
  chemnne::write_file_atomically(folder.path + "/log.csv", "epoch,loss\n1,2\n3,\n");
  const auto table = chemnne::read_number_table(folder.path + "/log.csv");
  BOOST_TEST(table.column[0][1] == 3);
  BOOST_TEST(std::isnan(table.column[1][1]));
}
