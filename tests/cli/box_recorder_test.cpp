#define BOOST_TEST_MODULE cli_box_recorder
#include <cmath>
#include <memory>
#include <numeric>
#include <string>
#include <vector>

#include "../data/data_test_tools.hpp"
#include <boost/test/unit_test.hpp>

#include <chemnne/chemistry/kpp_reader.hpp>
#include <chemnne/cli/box_recorder.hpp>

using namespace chemnne;
using test::contains;
using test::message_of;

namespace {

/// Two peroxy radicals, one of which is lost with their sum, light, and a fixed species.
Mechanism mechanism() {
  return parse_kpp(R"(#DEFVAR
A = IGNORE; XO2 = IGNORE; YO2 = IGNORE;
#DEFFIX
F = IGNORE;
#INLINE F90_RCONST
  RO2 = C(ind_XO2) + C(ind_YO2)
#ENDINLINE
#EQUATIONS
<light> A + hv = XO2 : J(4) ;
<sum> XO2 = A : 1E-13*RO2 ;
<pair> XO2 + YO2 + F = A : 1E-21 ;
)",
                   "recorder.kpp");
}

struct Recorded {
  Mechanism of = mechanism();
  std::vector<std::size_t> species = {0, 1, 2};
  ChemicalSystem system{of};
  std::vector<double> state{1e10, 2e8, 3e8};
  BoxRecorder recorder{of, species, "s"};

  Recorded() {
    system.set_environment({.cosine_zenith = 0.5});
    system.set_fixed(std::vector<double>{1e7});
  }
  const TimeSeries::Quantity& quantity(const std::string& name) const {
    for (const TimeSeries::Quantity& one : recorder.series().quantities)
      if (one.name == name) return one;
    throw Error("test", "a quantity " + name, "none");
  }
  const TimeSeries::Axis& axis(const std::string& name) const {
    for (const TimeSeries::Axis& one : recorder.series().axes)
      if (one.name == name) return one;
    throw Error("test", "an axis " + name, "none");
  }
  void take() { recorder.record(60, 0.5, system, state); }
};

}  // namespace

BOOST_AUTO_TEST_CASE(constants_rates_light_and_their_sum_are_those_of_the_time) {
  Recorded box;
  for (const std::string& kind : BoxRecorder::kinds()) box.recorder.add_kind(kind, box.system);
  box.take();
  const double light = mcm_photolysis_rates(0.5)[4];
  const std::vector<double> constants{light, 1e-13 * 5e8, 1e-21},
      rates{light * 1e10, 1e-13 * 5e8 * 2e8, 1e-21 * 2e8 * 3e8 * 1e7};
  for (std::size_t r = 0; r < 3; ++r) {
    BOOST_TEST(box.quantity("rate_constant").value[r] == constants[r], boost::test_tools::tolerance(1e-14));
    BOOST_TEST(box.quantity("reaction_rate").value[r] == rates[r], boost::test_tools::tolerance(1e-14));
  }
  BOOST_TEST(box.quantity("photolysis_rate").value[0] == light);
  BOOST_TEST(box.quantity("peroxy_radical_sum").value[0] == 5e8);
  BOOST_TEST(box.quantity("time").value[0] == 60);
  BOOST_TEST(box.quantity("YO2").value[0] == 3e8);
  const std::vector<std::string> units{"s-1", "s-1", "cm6 molecules-2 s-1"};
  // <sum> is of first order but its constant follows RO2.
  BOOST_TEST(box.axis("reaction").labels[2].text == units, boost::test_tools::per_element());
  BOOST_TEST(box.axis("photolysis").labels[0].text[0] == "J4");
}

BOOST_AUTO_TEST_CASE(the_jacobian_is_the_whole_derivative_of_the_tendency) {
  Recorded box;
  box.recorder.add_kind("jacobian", box.system);
  box.take();
  std::vector<double> whole(9, 0.0);
  const TimeSeries::Axis& axis = box.axis("jacobian_entry");
  for (std::size_t e = 0; e < axis.size(); ++e)
    whole[box.of.index_of(axis.labels[1].text[e]) * 3 + box.of.index_of(axis.labels[2].text[e])] =
        box.quantity("jacobian").value[e];
  for (std::size_t column = 0; column < 3; ++column) {
    std::vector<double> up = box.state, down = box.state, f_up(3), f_down(3);
    const double h = 1e-3 * box.state[column];
    up[column] += h;
    down[column] -= h;
    box.system.tendency(up, f_up);
    box.system.tendency(down, f_down);
    for (std::size_t row = 0; row < 3; ++row)
      // Central differences are exact for a tendency of second order, but for rounding.
      BOOST_TEST(whole[row * 3 + column] == (f_up[row] - f_down[row]) / (2 * h),
                 boost::test_tools::tolerance(1e-8));
  }
}

BOOST_AUTO_TEST_CASE(the_jacobian_is_of_what_is_written) {
  Mechanism of = mechanism();
  const ChemicalSystem system(of);
  const std::vector<std::size_t> species{1};
  BoxRecorder recorder(of, species, "s");
  recorder.add_kind("jacobian", system);
  BOOST_TEST_REQUIRE(recorder.series().axes.back().size() == 1u);
  BOOST_TEST(recorder.series().axes.back().labels[0].text[0] == "XO2/XO2");
}

BOOST_AUTO_TEST_CASE(budgets_are_from_one_time_to_the_next) {
  Mechanism of = mechanism();
  const std::vector<std::string> names{"A"};
  const auto budget = std::make_shared<const ReactionBudget>(of, names);
  const ChemicalSystem system(of);
  const std::vector<std::size_t> species{0};
  BoxRecorder recorder(of, species, "s");
  recorder.add_budget(budget);
  // A, XO2, YO2, then the turns of <light>, <sum> and <pair>.
  const std::vector<std::vector<double>> states{
      {100, 1, 1, 0, 0, 0}, {70, 1, 1, 50, 15, 5}, {61, 1, 1, 60, 15, 5}};
  for (const std::vector<double>& state : states) recorder.record(0, 0, system, state);
  const std::vector<double> shares{0, 0, 0, -50, 15, 5, -10, 0, 0}, changes{0, -30, -9}, open{0, 0, 1};
  for (const TimeSeries::Quantity& one : recorder.series().quantities) {
    if (one.name == "budget_A") BOOST_TEST(one.value == shares, boost::test_tools::per_element());
    if (one.name == "budget_A_change") BOOST_TEST(one.value == changes, boost::test_tools::per_element());
    if (one.name == "budget_A_closure_error") BOOST_TEST(one.value == open, boost::test_tools::per_element());
  }
  BOOST_TEST(recorder.series().quantities.back().name == "budget_A_closure_error");
  recorder.clear();
  BOOST_TEST(recorder.series().times() == 0u);
  recorder.record(0, 0, system, states[1]);
  BOOST_TEST(recorder.series().quantities.back().value[0] == 0);  // nothing is before the first
}

BOOST_AUTO_TEST_CASE(what_a_mechanism_does_not_have_is_an_error) {
  const Mechanism of = parse_kpp("#DEFVAR A = IGNORE;\n#EQUATIONS A = PROD : 1E-4;", "dark.kpp");
  const ChemicalSystem system(of);
  BoxRecorder recorder(of, {}, "s");
  BOOST_TEST(contains(message_of([&] { recorder.add_kind("ro2", system); }), "--write ro2"));
  BOOST_TEST(contains(message_of([&] { recorder.add_kind("photolysis", system); }), "--write photolysis"));
}
