#define BOOST_TEST_MODULE cli_box_forcing
#include <algorithm>
#include <cmath>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "../data/data_test_tools.hpp"
#include <boost/test/unit_test.hpp>

#include <chemnne/chemistry/kpp_reader.hpp>
#include <chemnne/cli/box_forcing.hpp>
#include <chemnne/io/atomic_file.hpp>

using namespace chemnne;
using test::contains;
using test::message_of;

namespace {

constexpr SolverKind both[] = {SolverKind::rosenbrock, SolverKind::cvode};

/// A box under the options of a command line, an hour long.
class ForcedBox {
 public:
  ForcedBox(const std::string& equations, std::vector<std::string> arguments)
      : mechanism_(parse_kpp("#DEFVAR A = IGNORE; B = IGNORE; C = IGNORE;\n#DEFFIX F = IGNORE;\n#EQUATIONS\n"
                             "A + B + C + F = PROD : 0;\n" +
                                 equations,
                             "box")) {
    CLI::App command;
    const BoxForcingOptions options(command);
    std::reverse(arguments.begin(), arguments.end());  // as CLI11 takes them
    command.parse(arguments);
    forcing_ = options.read(mechanism_, "molecules cm-3");
  }

  /// Of a species at each of `rows`, from A = 1e10 and nothing else.
  std::vector<double> values(SolverKind kind, const std::string& species, std::vector<double> rows) const {
    BoxConditions conditions(mechanism_);
    forcing_.apply(mechanism_, conditions);
    BOOST_TEST(conditions.unset_parameters().empty());
    ChemicalSystem system(mechanism_);
    conditions.apply(system, 0);
    BoxSolver solver(mechanism_, system, kind, {.relative_tolerance = 1e-9, .absolute_tolerance = 1e-3},
                     conditions.course());
    BoxRun run(solver, conditions.jumps(), forcing_.box_events(mechanism_, conditions));
    std::vector<double> state(mechanism_.variable_species, 0.0);
    if (const std::size_t a = mechanism_.index_of("A"); a < state.size()) state[a] = 1e10;
    std::vector<double> found;
    run.run(state, 0, rows, [&](double time, std::span<const double> c) {
      if (time > 0) found.push_back(c[mechanism_.index_of(species)]);
    });
    return found;
  }
  double end(SolverKind kind, const std::string& species) const {
    return values(kind, species, {3600}).back();
  }

  double air() const { return BoxConditions(mechanism_).air(0); }

 private:
  Mechanism mechanism_;
  BoxForcing forcing_;
};

struct Files {
  test::TemporaryFolder folder;
  std::string write(const std::string& name, const std::string& text) const {
    write_file_atomically(folder.file(name), text);
    return folder.file(name);
  }
};

const auto near = boost::test_tools::tolerance(1e-6);

}  // namespace

BOOST_AUTO_TEST_CASE(a_constrained_species_drives_the_others_through_its_course) {
  const Files files;
  // B = k int A dt; its loss has no effect on A.
  const std::string file = files.write("a.csv", "time,A\n0,1e10\n1800,3e10\n3600,0\n");
  for (const SolverKind kind : both) {
    BOOST_TEST(
        ForcedBox("A = B : 1E-5;", {"--constrain", file}).end(kind, "B") == 1e-5 * 1800 * (2e10 + 1.5e10),
        near);
    BOOST_TEST(ForcedBox("A = B : 1E-5;", {"--constrain", file, "--stairs"}).end(kind, "B") ==
                   1e-5 * 1800 * (1e10 + 3e10),
               near);
    // In a quasi-steady state C follows at once.
    const std::vector<double> c =
        ForcedBox("A = C : 1E-3; C = B : 1E2;", {"--constrain", file}).values(kind, "C", {900, 1800, 2700});
    const double exact[] = {2e10, 3e10, 1.5e10};
    for (std::size_t i = 0; i < 3; ++i)  // it lags by 0.01 s of a course of 2e7 s-1
      BOOST_TEST(c[i] == 1e-5 * exact[i], boost::test_tools::tolerance(3e-5));
  }
}

BOOST_AUTO_TEST_CASE(constraints_have_units_and_may_be_of_fixed_species) {
  const Files files;
  for (const SolverKind kind : both) {
    const ForcedBox box("A + F = B : 1E-15;",
                        {"--constrain", files.write("f.csv", "time,F [ppb],A [ppt]\n0,2,30\n9,2,30\n")});
    BOOST_TEST(box.end(kind, "B") == 3600 * 1e-15 * 2e-9 * 30e-12 * box.air() * box.air(), near);
    BOOST_TEST(
        ForcedBox("A + F = B : 1E-15;", {"--constrain", "F=1e11"}).end(kind, "A") == 1e10 * std::exp(-0.36),
        near);
  }
}

BOOST_AUTO_TEST_CASE(emission_and_deposition_come_to_their_balance) {
  const Files files;
  for (const SolverKind kind : both) {
    // c = e / v (1 - exp(-v t)).
    BOOST_TEST(ForcedBox("A = C : 1E-5;", {"--emission", "B=2e6", "--deposition", "B=1e-3"}).end(kind, "B") ==
                   2e9 * -std::expm1(-3.6),
               near);
    BOOST_TEST(ForcedBox("A = C : 1E-5;", {"--emission", files.write("e.csv", "time,B\n0,0\n3600,2e6\n")})
                       .end(kind, "B") == 3.6e9,
               near);
  }
}

BOOST_AUTO_TEST_CASE(dilution_leads_to_the_background) {
  const Files files;
  const std::string background = files.write("b.csv", "name,value\nA,4e9\nB,1e9\n");
  for (const SolverKind kind : both) {
    const std::vector<std::string> options{"--dilution", "2e-4", "--background", background};
    const double left = std::exp(-0.72);
    BOOST_TEST(ForcedBox("C = PROD : 1;", options).end(kind, "A") == 4e9 + 6e9 * left, near);
    BOOST_TEST(ForcedBox("C = PROD : 1;", options).end(kind, "B") == 1e9 * (1 - left), near);
    const std::string course = files.write("d.csv", "time,dilution\n0,0\n3600,4e-4\n");
    BOOST_TEST(ForcedBox("C = PROD : 1;", {"--dilution", course}).end(kind, "A") == 1e10 * left, near);
    // What is constrained is not diluted.
    BOOST_TEST(
        ForcedBox("A = B : 1E-5;", {"--dilution", "1e-12", "--constrain", "A=1e10"}).end(kind, "B") == 3.6e8,
        near);
  }
}

BOOST_AUTO_TEST_CASE(concentrations_are_set_again_and_injected) {
  const Files files;
  const std::string set = files.write("set.csv", "time,A,B [ppb]\n0,2e10,0\n1800,5e9,1\n");
  const std::string injected = files.write("inject.csv", "time,A\n2700,1e9\n");
  for (const SolverKind kind : both) {
    const ForcedBox box("A = C : 1E-4;", {"--set-again", set, "--inject", injected});
    const std::vector<double> a = box.values(kind, "A", {900, 1800, 2700, 3600});
    BOOST_TEST(a[0] == 2e10 * std::exp(-0.09), near);
    BOOST_TEST(a[1] == 5e9);
    BOOST_TEST(a[2] == 5e9 * std::exp(-0.09) + 1e9, near);
    BOOST_TEST(a[3] == (5e9 * std::exp(-0.09) + 1e9) * std::exp(-0.09), near);
    BOOST_TEST(box.end(kind, "B") == 1e-9 * box.air(), near);
  }
}

BOOST_AUTO_TEST_CASE(options_that_make_no_sense_are_errors_with_their_place) {
  const Files files;
  const auto complaint = [](std::vector<std::string> arguments) {
    return message_of([&] { ForcedBox("A = B : 1E-5;", std::move(arguments)); });
  };
  BOOST_TEST(
      contains(complaint({"--constrain", "X=1"}), "--constrain X=1: expected a species of the mechanism"));
  BOOST_TEST(contains(complaint({"--emission", "X=1"}), "--emission X=1: expected a species"));
  BOOST_TEST(contains(complaint({"--constrain", "A=1", "A=2"}), "each species of --constrain once"));
  BOOST_TEST(contains(complaint({"--constrain", "A=-1"}), "A: expected a number of 0 or more, found -1"));
  BOOST_TEST(contains(complaint({"--constrain", files.write("c.csv", "time,B,A\n0,1,1\n9,1,-3\n")}),
                      "c.csv, A, row 2: expected a number of 0 or more, found -3"));
  BOOST_TEST(contains(complaint({"--constrain", files.write("u.csv", "time,A [grams]\n0,1\n")}),
                      "one of the units"));
  BOOST_TEST(contains(complaint({"--emission", "F=1"}), "a species that varies, found 'F', which is fixed"));
  BOOST_TEST(contains(complaint({"--constrain", "A=1", "--emission", "A=1"}),
                      "--emission A=1: expected a species that varies"));
  BOOST_TEST(contains(complaint({"--constrain", "A=1", "--set-again", files.write("s.csv", "time,A\n0,1\n")}),
                      "s.csv: expected a species that varies"));
  BOOST_TEST(contains(complaint({"--emission", files.write("e.csv", "time,A [ppb]\n0,1\n")}),
                      "A: expected a name alone"));
  BOOST_TEST(contains(complaint({"--inject", files.write("n.csv", "hour,A\n0,1\n")}), "a column 'time'"));
  BOOST_TEST(
      contains(complaint({"--dilution", "-1"}), "--dilution, dilution: expected a number of 0 or more"));
  BOOST_TEST(contains(complaint({"--dilution", files.write("d.csv", "time,mixing\n0,1\n")}),
                      "d.csv: expected the columns time, dilution"));
  BOOST_CHECK_THROW(ForcedBox("A = B : 1E-5;", {"--background", "A=1"}), CLI::ParseError);
}
