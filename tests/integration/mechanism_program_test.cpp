#define BOOST_TEST_MODULE integration_mechanism_program
#include <cmath>
#include <cstdio>
#include <string>
#include <vector>

#include "../data/data_test_tools.hpp"
#include <boost/test/unit_test.hpp>
#include <sys/wait.h>

#include <chemnne/cli/cell_table.hpp>
#include <chemnne/data/netcdf_file.hpp>
#include <chemnne/io/atomic_file.hpp>
#include <chemnne/io/json.hpp>
#include <chemnne/support/text.hpp>

using namespace chemnne;

namespace {

struct Finished {
  int status;
  std::string text;  ///< standard output and error together
};

Finished run(const std::string& arguments) {
  std::FILE* const pipe =
      popen((std::string(CHEMNNE_MECHANISM_PROGRAM) + " " + arguments + " 2>&1").c_str(), "r");
  std::string text;
  char block[4096];
  while (const std::size_t count = std::fread(block, 1, sizeof block, pipe)) text.append(block, count);
  const int status = pclose(pipe);
  return {WIFEXITED(status) ? WEXITSTATUS(status) : -1, text};
}

bool has(const std::string& text, const std::string& part) {
  BOOST_TEST_MESSAGE(text);
  return text.find(part) != std::string::npos;
}

const std::string shared = CHEMNNE_SHARED_DIRECTORY;
const std::string hyde = shared + "/mechanisms/arca/hyde/second.def";
const std::string states = shared + "/data/arca_hyde_check.nc";

/// A = B with 1e-4 s-1, as an isomer: element C stays.
const std::string decay =
    "#ATOMS C;\n#DEFVAR A = C; B = C;\n#EQUATIONS <R1> A = B : 1E-4;\n#INITVALUES A = 1E10;\n";

}  // namespace

BOOST_AUTO_TEST_CASE(what_does_not_arrive_is_an_error) {
  // Both standard output and a file that is no file.
  const std::string mechanism = CHEMNNE_SOURCE_DIRECTORY "/examples/mechanisms/troposphere";
  const std::string info = std::string(CHEMNNE_MECHANISM_PROGRAM) + " info " + mechanism + ".eqn";
  BOOST_TEST(WEXITSTATUS(std::system((info + " > /dev/full 2> /dev/null").c_str())) == 2);
  BOOST_TEST(WEXITSTATUS(std::system((info + " > /dev/null").c_str())) == 0);
  const test::TemporaryFolder folder;
  const Finished finished = run("generate " + mechanism + ".eqn --ranges " + mechanism +
                                ".toml --scenarios 1 --output " + folder.file(""));
  BOOST_TEST(finished.status == 2);
  BOOST_TEST(has(finished.text, "expected a file or nothing, found a folder or device"));
}

BOOST_AUTO_TEST_CASE(info_writes_json_that_a_program_can_read) {
  const Finished finished =
      run("info --json " CHEMNNE_SOURCE_DIRECTORY "/examples/mechanisms/troposphere.eqn");
  BOOST_REQUIRE(finished.status == 0);
  const Json json = parse_json(finished.text, "info");
  BOOST_TEST(json.find("variable_species")->number() == 49);
  BOOST_TEST(json.find("reactions")->number() == 152);
  const Finished text = run("info " CHEMNNE_SOURCE_DIRECTORY "/examples/mechanisms/troposphere.eqn");
  BOOST_TEST(text.status == 0);
  BOOST_TEST(has(text.text, "mechanism troposphere, fingerprint " + json.find("fingerprint")->string()));
}

BOOST_AUTO_TEST_CASE(verify_agrees_with_arca_and_names_what_does_not) {
  if (!file_exists(states)) {
    std::puts("skipped: ../shared is not there");
    return;
  }
  BOOST_TEST(run("verify " + hyde + " --states " + states).status == 0);
  // Rates of single-precision literals cannot agree to 1e-9.
  BOOST_TEST(run("verify " + hyde + " --states " + states + " --rtol 1e-9").status == 1);
  const test::TemporaryFolder folder;
  std::string text = read_text_file(hyde);
  const std::size_t label = text.find("1.70E-12*EXP(-940./TEMP)");
  BOOST_REQUIRE(label != std::string::npos);
  text.replace(label, 8, "1.71E-12");
  write_file_atomically(folder.file("broken.def"), text);
  const Finished broken = run("verify " + folder.file("broken.def") + " --states " + states);
  BOOST_TEST(broken.status == 1);
  BOOST_TEST(has(broken.text, "O3 + OH = HO2"));
}

BOOST_AUTO_TEST_CASE(a_box_decays_as_it_must_in_csv_and_netcdf) {
  const test::TemporaryFolder folder;
  const std::string file = folder.file("decay.eqn"), csv = folder.file("box.csv"), nc = folder.file("box.nc");
  write_file_atomically(file, decay);
  BOOST_REQUIRE(run("box " + file + " --hours 2 --interval 1800 --output " + csv).status == 0);
  const CellTable table = read_cells_csv(csv);
  BOOST_REQUIRE(table.cells() == 5u);
  for (std::size_t row = 0; row < 5; ++row) {
    const double exact = 1e10 * std::exp(-1e-4 * 1800 * static_cast<double>(row));
    // The solver's relative tolerance is 1e-6 a step; some tens of steps.
    BOOST_TEST(table.at("A", csv)[row] == exact, boost::test_tools::tolerance(3e-5));
    BOOST_TEST(table.at("A", csv)[row] + table.at("B", csv)[row] == 1e10, boost::test_tools::tolerance(1e-8));
  }
  BOOST_REQUIRE(run("box " + file + " --hours 2 --interval 1800 --output " + nc).status == 0);
  // CSV has nine digits.
  BOOST_TEST(NetcdfFile::open(nc).read<double>("A", {"time"})[4] == table.at("A", csv)[4],
             boost::test_tools::tolerance(1e-8));
}

BOOST_AUTO_TEST_CASE(two_runs_of_an_hour_are_one_of_two_hours) {
  const test::TemporaryFolder folder;
  const std::string file = folder.file("chain.eqn"), nc = folder.file("box.nc");
  write_file_atomically(
      file,
      "#DEFVAR A = IGNORE; B = IGNORE; C = IGNORE;\n#EQUATIONS A = B : 5E-4; B + A = C : 1E-13; "
      "C = 2A : 2E-4;\n");
  const auto hours = [&](const std::string& start, const std::string& length) {
    const Finished finished =
        run("box " + file + " --initial " + start + " --conditions temperature=280 --rtol 1e-9 --hours " +
            length + " --output " + nc);
    BOOST_REQUIRE_MESSAGE(finished.status == 0, finished.text);
    std::vector<double> end;
    for (const char* const name : {"A", "B", "C"})
      end.push_back(NetcdfFile::open(nc).read<double>(name, {"time"}).back());
    return end;
  };
  const auto written = [&](const std::vector<double>& state) {
    std::string text;
    char line[40];
    for (std::size_t i = 0; i < 3; ++i) {
      std::snprintf(line, sizeof line, "%c,%.17g\n", "ABC"[i], state[i]);
      text += line;
    }
    write_file_atomically(folder.file("start.csv"), text);
    return folder.file("start.csv");
  };
  const std::vector<double> whole = hours(written({1e10, 2e9, 0}), "2");
  const std::vector<double> half = hours(written({1e10, 2e9, 0}), "1"), both = hours(written(half), "1");
  for (std::size_t i = 0; i < 3; ++i) {
    // A tolerance of 1e-9 a step, over some hundred steps.
    BOOST_TEST(both[i] == whole[i], boost::test_tools::tolerance(1e-6));
    BOOST_TEST(std::abs(half[i] / whole[i] - 1) > 1e-4);  // the second hour did something
  }
}

BOOST_AUTO_TEST_CASE(a_day_under_the_sun_keeps_nitrogen) {
  const test::TemporaryFolder folder;
  const std::string file = folder.file("nitrogen.eqn"), csv = folder.file("box.csv");
  write_file_atomically(
      file,
      "#ATOMS N; O;\n#DEFVAR NO = N + O; NO2 = N + 2O; O3 = 3O; NO3 = N + 3O; N2O5 = 2N + 5O;\n#EQUATIONS\n"
      "NO2 + hv = NO + O3 : J(J_NO2);\nNO + O3 = NO2 : 1.4E-12*EXP(-1310./TEMP);\nNO2 + O3 = NO3 : "
      "1.4E-13*EXP(-2470./TEMP);\nNO3 + hv = NO2 + O3 : J(6);\nNO3 + NO = 2NO2 : 1.8E-11*EXP(110./TEMP);\n"
      "NO3 + NO2 = N2O5 : 1E-12;\nN2O5 = NO3 + NO2 : 6.9E-2;\n");
  write_file_atomically(folder.file("start.csv"), "name,value,units\nO3,40,ppb\nNO2,5,ppb\nN2O5,0.2,ppb\n");
  const Finished finished =
      run("box " + file + " --initial " + folder.file("start.csv") +
          " --latitude 45 --date 2023-03-21 --time 06:00 --hours 24 --interval 3600 --output " + csv);
  BOOST_REQUIRE_MESSAGE(finished.status == 0, finished.text);
  const CellTable table = read_cells_csv(csv);
  const auto total = [&](std::size_t row) {
    const auto value = [&](const char* name) { return table.at(name, csv)[row]; };
    return value("NO") + value("NO2") + value("NO3") + 2 * value("N2O5");
  };
  for (std::size_t row = 0; row < table.cells(); ++row)
    // Linear invariants survive the solver; the rows have nine digits.
    BOOST_TEST(total(row) == total(0), boost::test_tools::tolerance(1e-7));
  // Six hours later it is noon, and light has made NO; at 2 h, eight hours after sunset, O3 has taken it.
  BOOST_TEST(table.at("NO", csv)[6] > 1e8);
  BOOST_TEST(table.at("NO", csv)[20] < 1e3);
}

BOOST_AUTO_TEST_CASE(a_day_under_the_sun_keeps_carbon) {
  const test::TemporaryFolder folder;
  const std::string file = folder.file("light.eqn"), csv = folder.file("box.csv");
  write_file_atomically(file,
                        "#ATOMS C;\n#DEFVAR A = C; B = C;\n#EQUATIONS A + hv = B : J(4); B = A : 1E-3;\n");
  write_file_atomically(folder.file("start.csv"), "A,1,ppb\n");
  BOOST_REQUIRE(run("box " + file + " --initial " + folder.file("start.csv") +
                    " --latitude 50 --date 2024-06-21 --time 00:00 --hours 24 --interval 3600 --output " +
                    csv)
                    .status == 0);
  const CellTable table = read_cells_csv(csv);
  const auto &a = table.at("A", csv), &b = table.at("B", csv);
  BOOST_TEST(b[1] == 0);          // night
  BOOST_TEST(b[12] > 5 * a[12]);  // J is nine times the rate back at noon
  BOOST_TEST(a[24] + b[24] == a[0], boost::test_tools::tolerance(1e-7));
}

BOOST_AUTO_TEST_CASE(rates_follow_the_light_and_rows_change_nothing) {
  // O1D lives a millisecond: it is what the light of its time makes.
  const test::TemporaryFolder folder;
  const std::string file = folder.file("dusk.eqn"), csv = folder.file("box.csv");
  write_file_atomically(
      file,
      "#DEFVAR O3 = IGNORE; O1D = IGNORE;\n#EQUATIONS O3 + hv = O1D : 1.E-5*SUN; O1D = O3 : "
      "1.E+3;\n#INITVALUES O3 = 1.E12;\n");
  write_file_atomically(folder.file("light.csv"), "time,cosine_zenith\n0,1\n3600,0.01\n");
  const auto last = [&](const std::string& more) {
    const Finished finished = run("box " + file + " --conditions " + folder.file("light.csv") +
                                  " --hours 1 --output " + csv + " " + more);
    BOOST_REQUIRE_MESSAGE(finished.status == 0, finished.text);
    return read_cells_csv(csv).at("O1D", csv).back();
  };
  for (const std::string solver : {"cvode", "rosenbrock"}) {
    const double end = last("--interval 3600 --solver " + solver);
    BOOST_TEST(end == 100, boost::test_tools::tolerance(1e-3));
    BOOST_TEST(last("--interval 60 --solver " + solver) == end);
    BOOST_TEST(last("--interval 7 --solver " + solver) == end);
  }
  // Stairs: what the last but one row says holds until the end.
  write_file_atomically(folder.file("light.csv"), "time,cosine_zenith\n0,1\n1800,0.5\n3600,0.01\n");
  BOOST_TEST(last("--stairs") == 5000, boost::test_tools::tolerance(1e-3));
}

BOOST_AUTO_TEST_CASE(a_kpp_file_tells_how_long_and_how_warm) {
  const test::TemporaryFolder folder;
  const std::string file = folder.file("decay.eqn"), csv = folder.file("box.csv");
  write_file_atomically(
      file,
      "#DEFVAR A = IGNORE;\n#EQUATIONS A = PROD : 1E-6*TEMP;\n#INITVALUES A = 1E10;\n"
      "#INLINE F90_INIT\n TSTART = 3600\n TEND = 3*3600\n DT = 900\n TEMP = 250\n#ENDINLINE\n");
  const auto rows = [&](const std::string& more) {
    const Finished finished = run("box " + file + " --output " + csv + " " + more);
    BOOST_REQUIRE_MESSAGE(finished.status == 0, finished.text);
    return read_cells_csv(csv);
  };
  const CellTable usual = rows("");
  BOOST_TEST(usual.cells() == 9u);
  BOOST_TEST(usual.at("A", csv).back() == 1e10 * std::exp(-250e-6 * 7200),
             boost::test_tools::tolerance(3e-5));
  const CellTable other = rows("--hours 1 --interval 600 --conditions temperature=300");
  BOOST_TEST(other.cells() == 7u);
  BOOST_TEST(other.at("A", csv).back() == 1e10 * std::exp(-300e-6 * 3600),
             boost::test_tools::tolerance(3e-5));
}

BOOST_AUTO_TEST_CASE(a_box_is_fed_and_mixed_without_an_edit_of_its_mechanism) {
  const test::TemporaryFolder folder;
  const std::string file = folder.file("decay.eqn"), csv = folder.file("box.csv");
  write_file_atomically(file, decay);
  write_file_atomically(folder.file("a.csv"), "time,A\n0,1e10\n7200,3e10\n");
  const Finished finished = run("box " + file + " --constrain " + folder.file("a.csv") +
                                " --emission B=1e5 --deposition B=1e-4 --dilution 2e-4 --background B=1e9 "
                                "--units 'molec cm-3' --rtol 1e-8 "
                                "--hours 2 --output " +
                                csv);
  BOOST_REQUIRE_MESSAGE(finished.status == 0, finished.text);
  const CellTable table = read_cells_csv(csv);
  BOOST_TEST(table.at("A", csv)[6] == 2e10);  // what is constrained is written, too
  // dB/dt = s + r t - 3e-4 B.
  const double loss = 3e-4, source = 1e-4 * 1e10 + 1e5 + 2e-4 * 1e9, rise = 1e-4 * 2e10 / 7200, t = 7200;
  const double exact = (source - rise / loss) / loss * -std::expm1(-loss * t) + rise * t / loss;
  BOOST_TEST(table.at("B", csv).back() == exact, boost::test_tools::tolerance(1e-6));
}

BOOST_AUTO_TEST_CASE(generate_gives_the_same_data_from_three_formats_and_from_rates_of_the_ranges) {
  const test::TemporaryFolder folder;
  write_file_atomically(folder.file("m.eqn"),
                        "#DEFVAR A = IGNORE; B = IGNORE;\n#EQUATIONS A = B : 1E-4*EXP(300/TEMP);\n");
  write_file_atomically(folder.file("m.fac"), "VARIABLE A B ;\n% 1D-4*EXP(300/TEMP) : A = B ;\n");
  write_file_atomically(folder.file("m.yaml"),
                        "version: 1.0.0\nname: m\nspecies: [{name: A}, {name: B}]\nphases: [{name: gas, "
                        "species: [{name: A}, {name: "
                        "B}]}]\nreactions:\n- {type: ARRHENIUS, A: 1.0e-4, C: 300, gas phase: gas, "
                        "reactants: [{species name: A}], "
                        "products: [{species name: B}]}\n");
  std::string ranges = read_text_file(CHEMNNE_SOURCE_DIRECTORY "/examples/mechanisms/troposphere.toml");
  ranges = ranges.substr(0, ranges.find("[species."));
  write_file_atomically(
      folder.file("r.toml"),
      ranges + "\n[species]\nA = { minimum = 1, maximum = 9, units = \"ppb\", scale = \"log\" }\n");
  // One whose rate the file does not know and the ranges give.
  write_file_atomically(folder.file("m.kpp"),
                        "#DEFVAR A = IGNORE; B = IGNORE;\n#EQUATIONS <R1> A = B : MYSTERY(TEMP);\n");
  std::vector<std::vector<float>> data;
  for (const std::string ending : {"eqn", "fac", "yaml", "kpp"}) {
    const std::string output = folder.file(ending + ".nc");
    if (ending == "kpp")
      write_file_atomically(folder.file("r.toml"), read_text_file(folder.file("r.toml")) +
                                                       "[parameters]\n\"<R1>\" = \"1E-4*EXP(300/TEMP)\"\n");
    const Finished finished =
        run("generate " + folder.file("m." + ending) + " --ranges " + folder.file("r.toml") +
            " --scenarios 3 --inputs A --outputs A,B --output " + output);
    BOOST_REQUIRE_MESSAGE(finished.status == 0, finished.text);
    data.push_back(NetcdfFile::open(output).read<float>("concentration", {"case", "time", "species"}));
    BOOST_TEST(NetcdfFile::open(output).read<int>("task", {"species"}) == (std::vector<int>{1, 2}),
               boost::test_tools::per_element());
  }
  for (std::size_t i = 0; i < data[0].size(); ++i) {
    // The same numbers in another order of operations, stored as float.
    BOOST_TEST(data[1][i] == data[0][i], boost::test_tools::tolerance(1e-6f));
    BOOST_TEST(data[2][i] == data[0][i], boost::test_tools::tolerance(1e-6f));
    BOOST_TEST(data[3][i] == data[0][i], boost::test_tools::tolerance(1e-6f));
  }
}

BOOST_AUTO_TEST_CASE(lumped_species_are_found_and_become_columns) {
  const std::string troposphere = CHEMNNE_SOURCE_DIRECTORY "/examples/mechanisms/troposphere";
  const test::TemporaryFolder folder;
  const std::string all = folder.file("all.nc"), lumped = folder.file("lumped.toml"),
                    sums = folder.file("sums.nc");
  const auto generate = [&](const std::string& ranges, const std::string& more) {
    return run("generate " + troposphere + ".eqn --ranges " + ranges +
               " --inputs O3,NO,NO2 --frames 3 --scenarios 4 --windows 2 " + more);
  };
  BOOST_TEST_REQUIRE(generate(troposphere + ".toml", "--outputs all --output " + all).status == 0);
  const Finished found = run("lump " + troposphere + ".eqn --data " + all +
                             " --lumps 2 --close N --windows 4 --output " + lumped);
  BOOST_TEST_REQUIRE(found.status == 0, found.text);
  BOOST_TEST(has(found.text, "2 sums, which leave open"));
  write_file_atomically(folder.file("r.toml"),
                        read_text_file(troposphere + ".toml") + read_text_file(lumped));
  const Finished made = generate(folder.file("r.toml"), "--output " + sums);
  BOOST_TEST_REQUIRE(made.status == 0, made.text);
  const NetcdfFile file = NetcdfFile::open(sums);
  BOOST_TEST(file.read<std::string>("species_name", {"species"}) ==
                 (std::vector<std::string>{"O3", "NO", "NO2", "LUMP1", "LUMP2", "REST_N"}),
             boost::test_tools::per_element());
  // NO, NO2 and the rest are all nitrogen that there is.
  const auto c = file.read<float>("concentration", {"case", "time", "species"});
  for (std::size_t window = 0; window < c.size() / 18; ++window) {
    const auto nitrogen = [&](std::size_t frame) {
      const float* const x = &c[(3 * window + frame) * 6];
      return double{x[1]} + double{x[2]} + double{x[5]};
    };
    BOOST_TEST(nitrogen(2) == nitrogen(0), boost::test_tools::tolerance(1e-6));
  }
  BOOST_TEST(file.read<double>("time", {"time"}).size() == 3u);
  const Finished many = run("lump " + troposphere + ".eqn --data " + all + " --lumps 99 --output " + lumped);
  BOOST_TEST(many.status == 2);
  BOOST_TEST(has(many.text, "lumped species: expected at most"));
  const Finished part = run("lump " + troposphere + ".eqn --data " + sums + " --output " + lumped);
  BOOST_TEST(part.status == 2);
  BOOST_TEST(has(part.text, "data set of all species"));
}

BOOST_AUTO_TEST_CASE(bad_input_ends_with_status_2_and_a_place) {
  const test::TemporaryFolder folder;
  write_file_atomically(folder.file("bad.eqn"), "#DEFVAR A = IGNORE;\n#EQUATIONS\nA = B : 1;\n");
  const Finished finished = run("info " + folder.file("bad.eqn"));
  BOOST_TEST(finished.status == 2);
  BOOST_TEST(has(finished.text, "bad.eqn, line 3, column 5"));
  BOOST_TEST(run("box " + folder.file("bad.eqn")).status == 2);
  BOOST_TEST(run("info").status == 2);
  write_file_atomically(folder.file("decay.eqn"), decay);
  const auto box = [&](const std::string& more) {
    const Finished refused =
        run("box " + folder.file("decay.eqn") + " --hours 1 --output " + folder.file("box.csv") + " " + more);
    BOOST_TEST(refused.status == 2, refused.text);
    return refused.text;
  };
  write_file_atomically(folder.file("start.csv"), "A,1\nXENON,2\n");
  BOOST_TEST(has(box("--initial " + folder.file("start.csv")), "start.csv:2: expected a species"));
  BOOST_TEST(has(box("--conditions wind=3"), "--conditions wind=3: expected one of temperature"));
  BOOST_TEST(has(box("--conditions temperature=20"), "temperature: expected 123 to 332 K, found 20"));
  BOOST_TEST(has(box("--species XENON"), "'XENON'"));
  BOOST_TEST(has(box("--latitude 50 --date 2023-02-29"), "--date: expected a date"));
  BOOST_TEST(has(box("--hours 0"), "--hours"));
  BOOST_TEST(has(run("box " + folder.file("decay.eqn") + " --output " + folder.file("box.csv")).text,
                 "--hours: expected the length of the run"));
  BOOST_TEST(has(box("--background A=1"), "--background requires --dilution"));
  BOOST_TEST(has(box("--longitude 20"), "--longitude requires --latitude"));
  BOOST_TEST(has(box("--jfac-from J4"), "--jfac-from: expected J4 among the conditions"));
  BOOST_TEST(has(box("--constrain A=1 --emission A=1"), "expected a species that varies, found 'A'"));
  BOOST_TEST(!file_exists(folder.file("box.csv")));
  write_file_atomically(folder.file("r.toml"), "[environment]\n");
  const Finished ranges = run("generate " + folder.file("decay.eqn") + " --ranges " + folder.file("r.toml") +
                              " --output " + folder.file("x.nc"));
  BOOST_TEST(ranges.status == 2);
  BOOST_TEST(has(ranges.text, "r.toml:1: environment: expected an entry temperature"));
}
