#define BOOST_TEST_MODULE cli_box_output
#include <cmath>
#include <string>
#include <vector>

#include "../data/data_test_tools.hpp"
#include <boost/test/unit_test.hpp>

#include <chemnne/cli/box_command.hpp>

using namespace chemnne;
using test::contains;
using test::message_of;

namespace {

/// `box` of a mechanism, in a folder of its own.
struct Box {
  test::TemporaryFolder folder;

  explicit Box(const std::string& mechanism) { write("m.eqn", mechanism); }

  std::string write(const std::string& file, const std::string& text) const {
    write_file_atomically(folder.file(file), text);
    return folder.file(file);
  }
  void run(const std::string& options) const {
    CLI::App program;
    const BoxCommand command(program);
    program.parse("box " + folder.file("m.eqn") + " --rtol 1e-9 --atol 1e-3 " + options);
  }
  /// Errors: also those of the command line.
  CellTable table(const std::string& options) const {
    run(options + " --output " + folder.file("box.csv"));
    return read_cells_csv(folder.file("box.csv"));
  }
};

std::string attribute(const std::string& path, const char* variable, const char* name) {
  int file = -1, id = -1;
  std::size_t length = 0;
  BOOST_REQUIRE(nc_open(path.c_str(), NC_NOWRITE, &file) == NC_NOERR);
  std::string text;
  if (nc_inq_varid(file, variable, &id) == NC_NOERR && nc_inq_attlen(file, id, name, &length) == NC_NOERR) {
    text.resize(length);
    nc_get_att_text(file, id, name, text.data());
  }
  nc_close(file);
  return text;
}

const std::string light =
    "#DEFVAR NO = IGNORE; NO2 = IGNORE; O3 = IGNORE;\n#EQUATIONS\n"
    "<j> NO2 + hv = NO + O3 : J(4);\n<k> NO + O3 = NO2 : 1.8E-14;\n"
    "#INITVALUES NO2 = 2E11; O3 = 1E12;\n";

}  // namespace

BOOST_AUTO_TEST_CASE(netcdf_has_units_and_budgets_that_close_from_row_to_row) {
  const Box box(light);
  const std::string path = box.folder.file("box.nc");
  box.run(
      "--latitude 40 --date 2024-03-20 --time 05:30 --hours 6 --interval 1200 --write rates,photolysis "
      "--budget O3,NO2 --species O3,NO2 --output " +
      path);
  const NetcdfFile file = NetcdfFile::open(path);
  BOOST_TEST(attribute(path, "time", "units") == "seconds since 2024-03-20 05:30:00");
  BOOST_TEST(attribute(path, "time", "standard_name") == "time");
  BOOST_TEST(attribute(path, "O3", "units") == "molecules cm-3");
  BOOST_TEST(attribute(path, "budget_O3", "units") == "molecules cm-3");
  BOOST_TEST(attribute(path, "reaction_rate", "units") == "molecules cm-3 s-1");
  BOOST_TEST(attribute(path, "photolysis_rate", "units") == "s-1");
  BOOST_TEST(!file.has("NO"));
  const std::vector<double> time = file.read<double>("time", {"time"}),
                            o3 = file.read<double>("O3", {"time"}),
                            shares = file.read<double>("budget_O3", {"time", "budget_O3_reaction"}),
                            rates = file.read<double>("reaction_rate", {"time", "reaction"}),
                            open = file.read<double>("budget_O3_closure_error", {"time"});
  BOOST_TEST(file.read<std::string>("budget_O3_label", {"budget_O3_reaction"})[1] == "k");
  BOOST_TEST_REQUIRE(time.size() == 19u);
  for (std::size_t row = 1; row < time.size(); ++row) {
    const double made = shares[2 * row], taken = shares[2 * row + 1];
    BOOST_TEST(made >= 0);
    BOOST_TEST(taken <= 0);
    BOOST_TEST(std::abs(made + taken - (o3[row] - o3[row - 1])) < 1e-12 * (made - taken) + 1e-2);
    BOOST_TEST(std::abs(open[row]) < 1e-12 * (made - taken) + 1e-2);
    // The integral of a rate is between its ends, as far as the light rises all the while.
    if (row > 3 && row < 12) {
      BOOST_TEST(made > 1200 * rates[2 * (row - 1)]);
      BOOST_TEST(made < 1200 * rates[2 * row]);
    }
  }
}

BOOST_AUTO_TEST_CASE(what_is_written_does_not_change_the_solution) {
  const Box box(light);
  const std::string run = "--conditions cosine_zenith=0.5 --hours 1 --interval 600";
  const CellTable alone = box.table(run),
                  all = box.table(run + " --write rates,constants,jacobian,photolysis --budget O3");
  for (const char* const name : {"O3", "NO", "NO2"})
    for (std::size_t row = 0; row < alone.cells(); ++row)
      BOOST_TEST(std::abs(all.at(name, "all")[row] - alone.at(name, "alone")[row]) <
                 1e-6 * alone.at(name, "alone")[row] + 1);
  BOOST_TEST(all.at("rate_constant(k)", "all")[3] == 1.8e-14);
  BOOST_TEST(
      all.at("reaction_rate(k)", "all")[6] == 1.8e-14 * all.at("NO", "all")[6] * all.at("O3", "all")[6],
      boost::test_tools::tolerance(1e-8));
}

BOOST_AUTO_TEST_CASE(a_day_is_repeated_until_it_is_its_own_periodic_solution) {
  // dA/dt = e(t) - l A with e = e0 + e1 t in each period T.
  const Box box("#DEFVAR A = IGNORE;\n#EQUATIONS A = PROD : 2E-4;\n#INITVALUES A = 7E10;\n");
  const double l = 2e-4, t = 7200, e0 = 1e6, e1 = 500, left = std::exp(-l * t);
  const std::string emission = box.write("e.csv", "time,A\n0,1e6\n7200,4.6e6\n");
  const CellTable table =
      box.table("--emission " + emission + " --hours 2 --interval 1800 --repeat-until 1e-7");
  const double start = (e0 * (1 - left) / l + e1 * (t / l - (1 - left) / (l * l))) / (1 - left);
  BOOST_TEST(table.at("A", "box")[0] == start, boost::test_tools::tolerance(1e-6));
  BOOST_TEST(table.at("A", "box")[4] == start, boost::test_tools::tolerance(1e-6));
  // Three runs go from where the second ended, which is known, too.
  const CellTable third =
      box.table("--emission " + emission + " --hours 2 --interval 1800 --repeat-until 1e-7 --repeat-most 3");
  BOOST_TEST(third.at("A", "box")[0] == start + (7e10 - start) * left * left,
             boost::test_tools::tolerance(1e-6));
  BOOST_TEST(third.at("time", "box")[4] == 7200);
}

BOOST_AUTO_TEST_CASE(a_budget_has_what_is_emitted_and_diluted_and_leaves_open_what_is_set) {
  const Box box("#DEFVAR A = IGNORE;\n#EQUATIONS <loss> A = PROD : 1E-4;\n#INITVALUES A = 1E9;\n");
  const std::string again = box.write("again.csv", "time,A\n1800,5e9\n");
  const CellTable table = box.table("--emission A=1e6 --dilution 2e-5 --set-again " + again +
                                    " --hours 1 --interval 600 --budget A");
  std::size_t shares = 0;
  for (std::size_t row = 1; row < table.cells(); ++row) {
    double sum = 0;
    for (std::size_t i = 0; i < table.name.size(); ++i)
      if (table.name[i].starts_with("budget_A(")) {
        sum += table.column[i][row];
        shares += row == 1;
      }
    const double change = table.at("A", "box")[row] - table.at("A", "box")[row - 1];
    const double open = table.at("budget_A_closure_error", "box")[row];
    BOOST_TEST(std::abs(change - sum - open) < 100);   // the ninth digit of what is written
    BOOST_TEST((std::abs(open) > 1e9) == (row == 3));  // where A is set, at 1800 s
  }
  BOOST_TEST(shares == 3u);
}

BOOST_AUTO_TEST_CASE(rate_constants_by_reaction_as_a_table_in_time) {
  const Box box(
      "#DEFVAR A = IGNORE; B = IGNORE;\n#EQUATIONS <own> A = B : OF_A_MODEL(TEMP);\n<2> B = A : 1E-5;\n"
      "#INITVALUES A = 1E10;\n");
  const std::string rates = box.write("rates.csv", "time,<own>,<2>\n0,1e-4,0\n3600,3e-4,0\n");
  const CellTable table = box.table("--conditions " + rates + " --hours 1 --interval 900 --write constants");
  for (std::size_t row = 0; row < table.cells(); ++row) {
    const double t = 900.0 * static_cast<double>(row), integral = 1e-4 * t + 2e-4 * t * t / 7200;
    BOOST_TEST(table.at("A", "box")[row] == 1e10 * std::exp(-integral), boost::test_tools::tolerance(1e-6));
    BOOST_TEST(table.at("rate_constant(own)", "box")[row] == 1e-4 + 2e-4 * t / 3600,
               boost::test_tools::tolerance(1e-8));
  }
  const CellTable rows =
      box.table("--conditions " + box.write("rows.csv", "<own>,2e-4\n<2>,0\n") + " --hours 1");
  BOOST_TEST(rows.at("A", "box").back() == 1e10 * std::exp(-0.72), boost::test_tools::tolerance(1e-6));
  const auto message = [&](const std::string& options) {
    return message_of([&] { box.table("--hours 1 " + options); });
  };
  BOOST_TEST(contains(message("--conditions <2>=0"), "given as <own> in --conditions, found 'OF_A_MODEL'"));
  BOOST_TEST(contains(message(""), "'OF_A_MODEL'"));
  BOOST_TEST(contains(message("--conditions <own>=0 <none>=1"), "'<none>', which none have"));
}

BOOST_AUTO_TEST_CASE(errors_name_their_option) {
  const Box box(light);
  const auto message = [&](const std::string& options) {
    return message_of([&] { box.table("--hours 1 --conditions cosine_zenith=0.5 " + options); });
  };
  BOOST_TEST(contains(message("--species O4"), "'O4'"));
  BOOST_TEST(contains(message("--budget O4"), "'O4'"));
  BOOST_TEST(contains(message("--write ro2"), "--write ro2"));
  BOOST_CHECK_THROW(box.table("--hours 1 --write light"), CLI::ParseError);
  BOOST_CHECK_THROW(box.table("--hours 1 --repeat-most 3"), CLI::ParseError);
}
