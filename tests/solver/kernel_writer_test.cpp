#define BOOST_TEST_MODULE solver_kernel_writer
#include <algorithm>
#include <clocale>
#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "../data/data_test_tools.hpp"
#include <boost/test/unit_test.hpp>

#include <chemnne/chemistry/kpp_reader.hpp>
#include <chemnne/chemistry/mechanism_reader.hpp>
#include <chemnne/solver/kernel_writer.hpp>
#include <chemnne/solver/shared_sums.hpp>
#include <chemnne/support/random.hpp>

using namespace chemnne;
using test::contains;
using test::message_of;

namespace {

Mechanism peroxy_radicals() {
  return read_mechanism(CHEMNNE_SOURCE_DIRECTORY "/tests/solver/peroxy_radicals.eqn");
}

Mechanism with_rate(const std::string& rate, const ReadOptions& options = {}) {
  return parse_kpp("#DEFVAR\nA = IGNORE; B = IGNORE;\n#EQUATIONS\n<1> A = B : " + rate + " ;\n", "one.kpp",
                   options);
}

std::string text_of(const Mechanism& mechanism, const std::string& name = "Kernel") {
  return KernelWriter(mechanism, name).text();
}

std::size_t count(const std::string& text, const std::string& part) {
  std::size_t found = 0;
  for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++found;
  return found;
}

}  // namespace

BOOST_AUTO_TEST_CASE(the_text_is_the_same_each_time_and_in_every_locale) {
  const std::string first = text_of(peroxy_radicals());
  const bool german = std::setlocale(LC_ALL, "de_DE.UTF-8") != nullptr;
  if (!german) BOOST_TEST_MESSAGE("skipped: no locale de_DE.UTF-8");
  const std::string second = text_of(peroxy_radicals());
  std::setlocale(LC_ALL, "C");
  BOOST_TEST((first == second));
  BOOST_TEST(contains(first, "T(0.6) * "));
}

BOOST_AUTO_TEST_CASE(it_includes_the_lanes_and_nothing_else_of_ours) {
  const std::string text = text_of(peroxy_radicals());
  BOOST_TEST(count(text, "#include <chemnne/") == 1);
  BOOST_TEST(contains(text, "#include <chemnne/solver/lanes.hpp>"));
  BOOST_TEST(contains(text, "template <class Scalar>\nstruct Kernel {"));
}

BOOST_AUTO_TEST_CASE(names_are_literals_whatever_is_in_them) {
  Mechanism mechanism = with_rate("1");
  mechanism.name =
      "a\"b\\c\n?"
      "?/";
  mechanism.species[0].name = "\xc3\xa9\"1";
  const std::string text = text_of(mechanism);
  BOOST_TEST(contains(text, R"(mechanism = "a\"b\\c\012\077\077/")"));
  BOOST_TEST(contains(text, R"("\303\251\"1", "B")"));
  // The comment in which the name stands ends where it shall.
  BOOST_TEST(text.substr(0, 3) == "// ");
  BOOST_TEST(contains(text, "solver/kernel_writer.hpp says what is here.\n#pragma once"));
}

BOOST_AUTO_TEST_CASE(functions_are_short) {
  const std::string text =
      text_of(read_mechanism(CHEMNNE_SOURCE_DIRECTORY "/examples/mechanisms/troposphere.eqn"));
  std::size_t longest = 0, lines = 0;
  for (std::size_t at = 0, end = 0; at < text.size(); at = end + 1) {
    end = text.find('\n', at);
    lines = text.compare(at, 4, "  }\n") == 0 ? 0 : lines + 1;
    longest = std::max(longest, lines);
  }
  BOOST_TEST(longest > 50);
  BOOST_TEST(longest < 600);
}

BOOST_AUTO_TEST_CASE(what_cannot_be_written_is_an_error) {
  BOOST_TEST(contains(message_of([] { text_of(with_rate("1"), "two words"); }),
                      "name of a kernel: expected an identifier, found 'two words'"));
  ReadOptions options;
  options.functions.add("MINE", 1, [](const RateContext&, std::span<const double> p) { return p[0]; });
  BOOST_TEST(contains(message_of([&] { text_of(with_rate("MINE(TEMP)", options)); }),
                      "functions with a formula that can be written down, found 1 calls of others"));
  options.collect_unresolved = true;
  BOOST_TEST(contains(message_of([&] { text_of(with_rate("UNKNOWN", options)); }), "a finite rate constant"));
}

BOOST_AUTO_TEST_CASE(rates_that_follow_nothing_and_numbers_that_are_not_finite_have_text) {
  BOOST_TEST(contains(text_of(with_rate("2.5E-12")), "E(2.5e-12).store(v, 0);"));
  BOOST_TEST(contains(text_of(with_rate("MIN(TEMP, 1E300*1E300)")), "numeric_limits<double>::infinity()"));
}

BOOST_AUTO_TEST_CASE(elements_are_conserved_where_all_reactions_show_it) {
  const auto text = [](const std::string& equations) {
    return text_of(
        parse_kpp("#ATOMS\nN; O; S;\n#DEFVAR\nNO = N + O; NO2 = N + 2O; SO2 = S + 2O; SINK = IGNORE; "
                  "REST = IGNORE;\n#DEFFIX\nN2 = 2N; O3 = 3O;\n#EQUATIONS\n" +
                      equations,
                  "one.kpp"));
  };
  const auto has = [&](const std::string& equations, const std::string& reacts,
                       const std::string& conserved) {
    const std::string all = text(equations);
    return contains(all, "> reacts{{" + reacts + "}};\n") &&
           contains(all, "> conserved{{" + conserved + "}};\n");
  };
  // Oxygen comes from a fixed species; what no reaction changes needs no composition.
  BOOST_TEST(has("<1> NO + O3 = NO2 : 1;\n", "true, true", "true, false, true"));
  BOOST_TEST(has("<1> NO + REST = NO2 + REST : 1;\n", "true, true, false", "true, false, true"));
  BOOST_TEST(has("<1> 2NO = NO2 + 0.9NO : 1;\n", "true, true", "false, false, true"));
  BOOST_TEST(has("<1> N2 = 2NO : 1;\n", "true", "false, false, true"));
  BOOST_TEST(has("<1> NO = SINK : 1;\n", "true, true", "false, false, false"));
}

BOOST_AUTO_TEST_CASE(shared_sums_are_the_same_sums) {
  Random random(5);
  using Sum = detail::SharedSums::Sum;
  for (int repeat = 0; repeat < 50; ++repeat) {
    constexpr std::size_t items = 12;
    std::vector<Sum> sums(10);
    for (Sum& sum : sums)
      for (std::size_t i = 0; i < items; ++i)
        if (random.uniform() < 0.5)
          sum.push_back({random.uniform() < 0.5 ? -1.0 : 0.5, static_cast<detail::SharedSums::Index>(i)});
    const detail::SharedSums shared(sums, items);
    std::vector<double> values;
    for (std::size_t i = 0; i < items; ++i) values.push_back(static_cast<double>(random.index(100)));
    for (std::size_t i = items; i < shared.items(); ++i) {
      const auto& pair = shared.pair(static_cast<detail::SharedSums::Index>(i));
      BOOST_TEST((pair.a < i && pair.b < i));
      values.push_back(values[pair.a] + pair.ratio * values[pair.b]);
    }
    std::size_t before = 0, after = shared.items() - items;
    for (std::size_t s = 0; s < sums.size(); ++s) {
      const auto value = [&](const Sum& sum) {
        double total = 0;
        for (const auto& term : sum) total += term.coefficient * values[term.index];
        return total;
      };
      BOOST_TEST(value(shared.sums()[s]) == value(sums[s]));
      before += sums[s].size();
      after += shared.sums()[s].size();
    }
    BOOST_TEST(after < before);
  }
}
