#define BOOST_TEST_MODULE chemistry_facsimile_reader
#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <map>
#include <string>
#include <vector>

#include <boost/test/unit_test.hpp>

#include <chemnne/chemistry/chemical_system.hpp>
#include <chemnne/chemistry/facsimile_reader.hpp>
#include <chemnne/chemistry/kpp_reader.hpp>
#include <chemnne/support/random.hpp>

using namespace chemnne;

namespace {

const std::string head = "VARIABLE A B\n CH3O2 O3 ;\n";

const std::string small = head + R"(* What * begins; and what follows in its line ;
* is a comment ;
KX = 2.0D-12*EXP(360/TEMP) ; KY = KX*2 ;
KX = 10@-2*(TEMP/300)@-1 ;
KP = PRESS/1013.25 ;
RO2 = CH3O2
 + A ;
% KX : A + A = B ;% KY*0.5 : A = ; % J<4>
 : B =
 A + A ;
% RO2*(1-0.25) : = O3 ;
% KP + BLHEIGHT*0.5 + ROOF : O3 + CH3O2 = B ;
)";

Mechanism parse(const std::string& text) { return parse_facsimile(text, "test.fac"); }

bool refuses(const std::string& text, const std::string& place, const std::string& part_of_message) {
  try {
    parse(text);
  } catch (const Error& error) {
    const std::string message = error.what();
    if (error.where() == "test.fac, line " + place && message.find(part_of_message) != std::string::npos)
      return true;
    BOOST_TEST_MESSAGE(message);
  }
  return false;
}

/// Path of a file of ../shared, empty (and said) when it is not there.
std::string shared_file(const std::string& file) {
  const std::string path = std::string(CHEMNNE_SHARED_DIRECTORY) + "/mechanisms/mcm/" + file;
  if (file_exists(path)) return path;
  std::printf("skipped: %s is not there\n", path.c_str());
  return {};
}

/// The number that follows a text in the last line of a file, "No. of Species = 611".
std::size_t stated(const std::string& text, const std::string& what) {
  const std::size_t found = text.rfind(what + " = ");
  BOOST_REQUIRE(found != std::string::npos);
  return static_cast<std::size_t>(std::atoi(text.c_str() + found + what.size() + 3));
}

RateContext context_of(const Environment& environment, double peroxy_radicals) {
  RateContext context = make_rate_context(environment);
  context.peroxy_radicals = peroxy_radicals;
  return context;
}

/// "A + B = C + D" with sorted sides.
std::string equation(const Mechanism& mechanism, const Reaction& reaction) {
  std::string text;
  for (const std::vector<Term>* const side : {&reaction.reactants, &reaction.products}) {
    std::map<std::string, double> sorted;
    for (const Term& term : *side) sorted[mechanism.species[term.species].name] += term.coefficient;
    for (const auto& [name, coefficient] : sorted) text += std::to_string(coefficient) + " " + name + " ";
    text += "= ";
  }
  return text;
}

/// Rate constants, those of the same equation summed.
std::map<std::string, double> rate_constants(const Mechanism& mechanism, const RateContext& context) {
  std::map<std::string, double> sums;
  for (const Reaction& reaction : mechanism.reactions)
    sums[equation(mechanism, reaction)] += reaction.rate.value(context);
  return sums;
}

// A few roundings.
const auto rounding = boost::test_tools::tolerance(1e-14);

}  // namespace

BOOST_AUTO_TEST_CASE(statements_end_where_their_semicolon_stands) {
  const Mechanism mechanism = parse(small);
  BOOST_TEST(mechanism.name == "test");
  BOOST_TEST(mechanism.species.size() == 4u);
  BOOST_TEST(mechanism.variable_species == 4u);
  BOOST_TEST(!mechanism.species[0].composition_known);
  const auto& r = mechanism.reactions;
  BOOST_TEST_REQUIRE(r.size() == 5u);
  BOOST_TEST(r[0].reactants[0].coefficient == 2.0);
  BOOST_TEST(r[1].products.empty());
  BOOST_TEST(r[2].products[0].coefficient == 2.0);
  BOOST_TEST(r[2].photolysis);
  BOOST_TEST(r[2].line == 10u);
  BOOST_TEST(r[2].text == "J<4> : B = A + A");
  BOOST_TEST(r[2].label == "3");
  BOOST_TEST(r[3].reactants.empty());
  BOOST_TEST(mechanism.peroxy_radicals == (std::vector<std::size_t>{0, 2}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(rates_by_hand) {
  const Mechanism mechanism = parse(small);
  const Environment environment{.temperature = 285, .pressure = 9e4, .cosine_zenith = 0.6};
  RateContext context = context_of(environment, 8e8);
  const std::vector<double> parameters{1000, 0.25};  // BLHEIGHT, ROOF: those that rates use
  context.parameters = parameters;
  BOOST_TEST_REQUIRE(mechanism.parameters.size() == 2u);
  BOOST_TEST(mechanism.parameters[0].name == "BLHEIGHT");
  BOOST_TEST(mechanism.parameters[1].name == "ROOF");
  const auto rate = [&](std::size_t r) { return mechanism.reactions[r].rate.value(context); };
  BOOST_TEST(rate(0) == 0.01 * 300 / 285, rounding);              // the later KX
  BOOST_TEST(rate(1) == 2e-12 * std::exp(360. / 285), rounding);  // KY is twice the earlier KX
  BOOST_TEST(rate(2) == mcm_photolysis_rate(4, 0.6), rounding);
  BOOST_TEST(rate(3) == 6e8, rounding);
  BOOST_TEST(rate(4) == 900 / 1013.25 + 500 + 0.25, rounding);  // hPa
}

BOOST_AUTO_TEST_CASE(reserved_names_that_the_file_sets_are_no_parameters) {
  BOOST_TEST(parse(head + "DILUTE = 2 ;% DILUTE : A = ;").parameters.empty());
  BOOST_TEST(parse(head + "RO2 = ;% RO2*1 : A = ;").peroxy_radicals.empty());
  BOOST_TEST(parse(head + "RO2 = A ; RO2 = CH3O2 ;% RO2*1 : A = ;").peroxy_radicals[0] == 2u);
  BOOST_TEST(parse("% KMT18 : A = ; VARIABLE A ;").reactions.size() == 1u);
  ReadOptions collect{.collect_unresolved = true};
  const Mechanism unresolved = parse_facsimile(head + "% KNEW : A = ;% 1 : B = ;", "test.fac", collect);
  BOOST_TEST_REQUIRE(unresolved.unresolved.size() == 1u);
  BOOST_TEST(unresolved.unresolved[0].name == "KNEW");
}

BOOST_AUTO_TEST_CASE(without_a_list_the_species_are_those_of_the_reactions) {
  const Mechanism mechanism = parse(
      "* no list ;\nRO2 = C + LOST ;\n% 1.0D-4*RO2 : A + B = 2C + D ;\n% J<4> : D = 0.5 E5 + A ;\n% 1 : = E "
      ";");
  const std::vector<std::string> names{"A", "B", "C", "D", "E5", "E"};
  BOOST_TEST_REQUIRE(mechanism.species.size() == names.size());
  for (std::size_t i = 0; i < names.size(); ++i) BOOST_TEST(mechanism.species[i].name == names[i]);
  BOOST_TEST(mechanism.variable_species == names.size());
  BOOST_TEST(mechanism.peroxy_radicals == std::vector<std::size_t>{2}, boost::test_tools::per_element());
  BOOST_TEST(mechanism.remarks.at(0) ==
             "test.fac, line 2, column 11, the sum RO2: LOST is in no reaction, and passed over");
}

BOOST_AUTO_TEST_CASE(species_may_have_numbers) {
  const Mechanism mechanism = parse(head + "% 1 : 2A + A + O3 = 0.5 B + 2CH3O2 + 1.25D-1B ;");
  const Reaction& reaction = mechanism.reactions.at(0);
  BOOST_TEST_REQUIRE(reaction.reactants.size() == 2u);
  BOOST_TEST(reaction.reactants[0].coefficient == 3);  // the order in A
  BOOST_TEST_REQUIRE(reaction.products.size() == 2u);
  BOOST_TEST(reaction.products[0].coefficient == 0.625);
  BOOST_TEST(reaction.products[1].coefficient == 2);
}

BOOST_AUTO_TEST_CASE(a_species_that_is_listed_twice_is_one) {
  const Mechanism mechanism = parse("VARIABLE A B A ;\nVARIABLE B C ;\n% 1 : A = B + C ;");
  BOOST_TEST(mechanism.species.size() == 3u);
  BOOST_TEST_REQUIRE(mechanism.remarks.size() == 2u);
  BOOST_TEST(mechanism.remarks[0] == "test.fac, line 1, column 14: A is listed before, and passed over");
  BOOST_TEST(mechanism.remarks[1].find("line 2, column 10: B") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(photolysis_is_that_of_the_version) {
  const auto rate = [](const std::string& header, const std::string& number) {
    const Mechanism mechanism = parse(header + head + "% J<" + number + "> : A = B ;");
    ChemicalSystem system(mechanism);
    system.set_environment({.cosine_zenith = 0.6, .photolysis_scaling = 0.5});
    return system.effective_rate_constants()[0];
  };
  // l, m, n of AtChem2's lists of MCM v3.1 and v3.2, and of v3.3.1.
  const auto by_hand = [](double l, double m, double n) {
    return 0.5 * l * std::pow(0.6, m) * std::exp(-n / 0.6);
  };
  for (const std::string header : {"* Chemical Mechanism, MCM v3.1 (ref), via website: ;\n",
                                   "* MCMv3.2 Subset generated for ;\n", "* CRI v2 (full) ;\n"}) {
    BOOST_TEST(rate(header, "18") == by_hand(1.140e-5, 0.396, 0.298), rounding);
    BOOST_TEST(rate(header, "24") == by_hand(1.836e-5, 0.395, 0.296), rounding);
    BOOST_TEST(rate(header, "57") == by_hand(3.363e-6, 1.296, 0.322), rounding);
  }
  for (const std::string header : {"", "* MCM v3.3.1 (ref) ;\n", "* CRI v2.2 ;\n"})
    BOOST_TEST(rate(header, "18") == by_hand(1.482e-6, 0.396, 0.298), rounding);
  BOOST_TEST(rate("", "57") == by_hand(3.363e-6, 1.296, 0.322), rounding);
}

/// What ../shared/cases/README.md says is right.
BOOST_AUTO_TEST_CASE(cases_of_the_grammar) {
  const std::string folder = std::string(CHEMNNE_SHARED_DIRECTORY) + "/cases/";
  if (!file_exists(folder + "README.md")) return static_cast<void>(std::printf("skipped: no shared data\n"));
  for (const char* file : {"f01_no_variable.fac", "f17_bom.fac"}) {
    const Mechanism mechanism = read_facsimile(folder + file);
    BOOST_TEST_REQUIRE(mechanism.species.size() == 2u);
    BOOST_TEST(mechanism.species[0].name == "A");
    BOOST_TEST(mechanism.reactions.at(0).rate.value(make_rate_context({})) == 1e-4);
  }
}

BOOST_AUTO_TEST_CASE(errors_say_where_and_what) {
  BOOST_TEST(
      refuses(head + "% 1 : A + C = B ;", "3, column 11, reaction <1>", "a species that VARIABLE lists"));
  BOOST_TEST(refuses(head + "% 1 : A = B C ;", "3, column 13, reaction <1>", "'+' between the products"));
  BOOST_TEST(refuses(head + "% 1 : A B = B ;", "3, column 9, reaction <1>", "'+' or '='"));
  BOOST_TEST(refuses(head + "% 1 : A + = B ;", "3, column 11, reaction <1>", "a species, found '='"));
  BOOST_TEST(refuses(head + "% 1 : A ;", "3, column 9, reaction <1>", "'=' between"));
  BOOST_TEST(refuses(head + "% 1  A = B ;", "3, column 12, reaction <1>", "':' after the rate"));
  BOOST_TEST(refuses(head + "% KNEW : A = B ;", "3, column 3, reaction <1>", "unknown name 'KNEW'"));
  BOOST_TEST(refuses(head + "K = KNEW*2 ;\n% K : A = B ;", "3, column 5, constant K", "unknown name 'KNEW'"));
  BOOST_TEST(refuses(head + "% RO2 : A = ;", "3, column 3, reaction <1>", "which species RO2 is the sum of"));
  BOOST_TEST(refuses(head + "RO2 = A ;% RO2*RO2 : A = ;", "3, column 20, reaction <1>", "linear in RO2"));
  BOOST_TEST(refuses(head + "RO2 = A + C ;", "3, column 11, the sum RO2", "'C'"));
  BOOST_TEST(refuses(head + "RO2 = A + A ;", "3, column 11, the sum RO2", "once"));
  BOOST_TEST(refuses(head + "RO2 = 2 ;", "3, column 7, the sum RO2", "a species"));
  BOOST_TEST(refuses(head + "% 1 : 0.5A = B ;", "3, column 3, reaction <1>", "found 0.5 A"));
  BOOST_TEST(refuses(head + "% 1 : A = 2 ;", "3, column 13, reaction <1>", "a species"));
  BOOST_TEST(refuses("VARIABLE A, B ;", "1, column 11", "a species, or ';'"));
  BOOST_TEST(refuses(head + "COMPILE GENERAL ;", "3, column 1", "found 'COMPILE'"));
  BOOST_TEST(refuses(head + "% 1 : A = B", "3, column 12", "';' after the statement that begins in line 3"));
  BOOST_TEST(refuses(head + "* no end\n% 1 : A = B ;", "4, column 1", "';' after the comment"));
  BOOST_TEST(
      refuses(head + "% 1 : A+A+A+A+A+A+A+A+A+A = B ;", "3, column 3, reaction <1>", "from 1 to 9 times"));
  BOOST_CHECK_THROW(parse(""), Error);
  BOOST_CHECK_THROW(parse(head), Error);
  BOOST_CHECK_THROW(read_facsimile("/nowhere/at.all"), Error);
}

/// The last line counts a dummy species of the MCM that VARIABLE does not list.
BOOST_AUTO_TEST_CASE(counts_are_those_that_the_files_state) {
  for (const char* name : {"mcm_methane.fac", "mcm_isoprene.fac", "mcm_diel.fac"}) {
    const std::string path = shared_file(name);
    if (path.empty()) return;
    const std::string text = read_text_file(path);
    const Mechanism mechanism = parse_facsimile(text, name);
    BOOST_TEST(mechanism.species.size() + 1 == stated(text, "No. of Species"), name);
    BOOST_TEST(mechanism.reactions.size() == stated(text, "No. of Reactions"), name);
    BOOST_TEST(mechanism.parameters.empty(), name);
  }
}

BOOST_AUTO_TEST_CASE(rates_of_methane_by_hand) {
  const std::string path = shared_file("mcm_methane.fac");
  if (path.empty()) return;
  const Mechanism mechanism = read_facsimile(path);
  // KMT03 at 300 K and M = 2e19: k0 = 3.6e-30*2e19 = 7.2e-11, kinf = 1.9e-12, r = 37.894737, log10 r
  // = 1.578579; Fc = 0.35: N = 0.75 + 1.27*0.455932 = 1.329034; (1.578579/1.329034)^2 = 1.410785; F =
  // 0.35^(1/2.410785) = 10^(-0.189122) = 0.646961; k = 7.2e-11/38.894737 * F = 1.851150e-12*F = 1.197622e-12.
  RateContext context = context_of({.temperature = 300}, 1e9);
  context.air = 2e19;
  const std::map<std::string, double> rates = rate_constants(mechanism, context);
  const auto rate = [&](const std::string& reaction) { return rates.at(reaction); };
  BOOST_TEST(rate("1.000000 NO2 1.000000 NO3 = 1.000000 N2O5 = ") == 1.197622e-12,
             boost::test_tools::tolerance(2e-6));
  // CH3O2 with RO2 = 1e9: 2*1.03e-13*exp(365/300)*1e9 = 2.06e-4*3.375916 = 6.954387e-4, and
  // 7.18*exp(-885/300) = 7.18*0.05233971 = 0.3757991 of it makes CH3O: 2.613452e-4.
  BOOST_TEST(rate("1.000000 CH3O2 = 1.000000 CH3O = ") == 2.613452e-4, boost::test_tools::tolerance(2e-6));
}

/// Reactions that the MCM revised between the two exports: CH3CO3 + RO2 (1e-11 became a geometric mean),
/// CISOPCO2 + RO2 (2e-12, 2.4e-12), PROPGLY + OH (2.1e-11, 1.2e-11), and NO2 as a product of M3BU3ECO3 + HO2.
bool is_revised(const Mechanism& mechanism, const Reaction& reaction) {
  const std::string text = equation(mechanism, reaction), reactants = text.substr(0, text.find(" ="));
  if (reactants == "1.000000 CH3CO3" || reactants == "1.000000 CISOPCO2")
    return reaction.rate.uses_peroxy_radicals();
  return reactants == "1.000000 OH 1.000000 PROPGLY" ||
         (reactants == "1.000000 HO2 1.000000 M3BU3ECO3" && text.find("C45O2") != std::string::npos);
}

/// Without the revised reactions, so many of which there are.
Mechanism read_common(Mechanism mechanism, std::ptrdiff_t revised) {
  auto& reactions = mechanism.reactions;
  const auto end = std::remove_if(reactions.begin(), reactions.end(),
                                  [&](const Reaction& one) { return is_revised(mechanism, one); });
  BOOST_TEST(std::distance(end, reactions.end()) == revised);
  reactions.erase(end, reactions.end());
  return mechanism;
}

BOOST_AUTO_TEST_CASE(both_exports_of_isoprene_have_the_same_rate_constants) {
  const std::string fac = shared_file("mcm_isoprene.fac"), eqn = shared_file("mcm_isoprene.eqn");
  if (fac.empty() || eqn.empty()) return;
  const Mechanism facsimile = read_common(read_facsimile(fac), 8), kpp = read_common(read_kpp(eqn), 8);
  for (const Environment& environment :
       {Environment{},
        Environment{.temperature = 255, .pressure = 4e4, .relative_humidity = 20, .cosine_zenith = 0.4}}) {
    const RateContext context = context_of(environment, 1e9);
    const auto a = rate_constants(facsimile, context), b = rate_constants(kpp, context);
    for (const auto& [name, value] : a) {
      BOOST_TEST_REQUIRE(b.contains(name), name);
      BOOST_TEST(value == b.at(name), boost::test_tools::tolerance(1e-13) << name);
    }
    BOOST_TEST(a.size() == b.size());
    BOOST_TEST(a.size() == 1936u);
  }
}

BOOST_AUTO_TEST_CASE(both_exports_of_isoprene_have_the_same_tendencies) {
  const std::string fac = shared_file("mcm_isoprene.fac"), eqn = shared_file("mcm_isoprene.eqn");
  if (fac.empty() || eqn.empty()) return;
  const Mechanism facsimile = read_common(read_facsimile(fac), 8), kpp = read_common(read_kpp(eqn), 8);
  ChemicalSystem a(facsimile), b(kpp);
  a.set_environment(Environment{});
  b.set_environment(Environment{});
  BOOST_TEST_REQUIRE(a.size() == b.size());
  Random random{3, 0};
  std::vector<double> c(a.size()), d(a.size()), dcdt(a.size()), dddt(a.size()), made(a.size()),
      lost(a.size());
  for (std::size_t i = 0; i < a.size(); ++i) {
    c[i] = std::pow(10, 4 + 6 * random.uniform());
    d[kpp.index_of(facsimile.species[i].name)] = c[i];
  }
  a.tendency(c, dcdt);
  a.turnover(c, made, lost);
  b.tendency(d, dddt);
  for (std::size_t i = 0; i < a.size(); ++i) {
    const std::string& name = facsimile.species[i].name;
    BOOST_TEST(std::abs(dcdt[i] - dddt[kpp.index_of(name)]) <= 1e-12 * (made[i] + lost[i]), name);
  }
}
