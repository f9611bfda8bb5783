#define BOOST_TEST_MODULE solver_kinetics_program
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "solver_cases.hpp"
#include <Eigen/Dense>
#include <boost/test/unit_test.hpp>

#include <chemnne/solver/kinetics_program.hpp>

using namespace chemnne;

namespace {

constexpr double epsilon = std::numeric_limits<double>::epsilon();

/// The example, all of the shared files that are mechanisms, and small ones at random.
const std::vector<Mechanism>& all_mechanisms() {
  static const std::vector<Mechanism> all = [] {
    std::vector<Mechanism> mechanisms{test::troposphere()};
    ReadOptions options;
    options.collect_unresolved = true;
    for (const std::string& path : test::shared_mechanism_files()) {
      try {
        mechanisms.push_back(read_mechanism(path, options));
      } catch (const Error&) {
        // A part of a mechanism, or a list of something else.
      }
    }
    Random random{3};
    for (int repeat = 0; repeat < 200; ++repeat) mechanisms.push_back(test::random_mechanism(random));
    return mechanisms;
  }();
  return all;
}

/// A sum, and the sum of the sizes of what it is made of.
struct Sum {
  double value = 0, size = 0;
  void add(double term) {
    value += term;
    size += std::abs(term);
  }
};

/// One value of each reaction's k and each species' c in the mechanism's order.
struct Numbers {
  std::vector<double> k, c;
  Numbers(const Mechanism& mechanism, Random& random)
      : k(test::random_state(mechanism.reactions.size(), -3, 3, random)),
        c(test::random_state(mechanism.variable_species, -2, 2, random)) {}
};

/// k prod c^order, of which the power of species `less` is one lower; from the reaction as it was read.
double power_product(const Mechanism& mechanism, const Reaction& reaction, double k,
                     const std::vector<double>& c, std::size_t less = static_cast<std::size_t>(-1)) {
  for (const Term& term : reaction.reactants)
    if (term.species < mechanism.variable_species)
      k *= std::pow(c[term.species], term.coefficient - (term.species == less ? 1 : 0));
  return k;
}

/// visit(species, coefficient) for what a reaction makes and takes of variable species.
void for_each_change(const Mechanism& mechanism, const Reaction& reaction, const auto& visit) {
  for (const Term& term : reaction.reactants)
    if (term.species < mechanism.variable_species) visit(term.species, -term.coefficient);
  for (const Term& term : reaction.products)
    if (term.species < mechanism.variable_species) visit(term.species, term.coefficient);
}

/// J at one state in the order of the program, row by row, from the reactions as they were read.
std::vector<std::vector<std::pair<std::size_t, Sum> > > jacobian_rows(const Mechanism& mechanism,
                                                                      const KineticsProgram& program,
                                                                      const Numbers& at) {
  std::vector<std::vector<std::pair<std::size_t, Sum> > > rows(program.size());
  for (std::size_t r = 0; r < mechanism.reactions.size(); ++r)
    for (const Term& factor : mechanism.reactions[r].reactants) {
      if (factor.species >= mechanism.variable_species) continue;
      const double derivative = factor.coefficient * power_product(mechanism, mechanism.reactions[r], at.k[r],
                                                                   at.c, factor.species);
      const std::size_t column = program.place()[factor.species];
      for_each_change(mechanism, mechanism.reactions[r], [&](std::size_t species, double coefficient) {
        auto& row = rows[program.place()[species]];
        auto found =
            std::find_if(row.begin(), row.end(), [&](const auto& one) { return one.first == column; });
        if (found == row.end()) found = row.insert(row.end(), {column, Sum{}});
        found->second.add(coefficient * derivative);
      });
    }
  return rows;
}

/// Values of products at c in the program's order.
std::vector<double> evaluate(std::span<const KineticsProgram::Product> products, const std::vector<double>& k,
                             const std::vector<double>& c) {
  std::vector<double> values;
  for (const KineticsProgram::Product& product : products) {
    values.push_back(k[product.rate]);
    for (const auto factor : product.factors) values.back() *= c[factor];
  }
  return values;
}

double evaluate(const std::vector<KineticsProgram::Term>& terms, const std::vector<double>& of) {
  double sum = 0;
  for (const KineticsProgram::Term& term : terms) sum += term.coefficient * of[term.index];
  return sum;
}

std::vector<double> in_order(const KineticsProgram& program, const std::vector<double>& c) {
  std::vector<double> ordered;
  for (const std::size_t i : program.species()) ordered.push_back(c[i]);
  return ordered;
}

/// m as the header says.
std::vector<double> factors(const KineticsProgram& program, const Numbers& at, double s) {
  const std::vector<double> d = evaluate(program.derivatives(), at.k, in_order(program, at.c));
  std::vector<double> m;
  for (const KineticsProgram::Entry& entry : program.entries()) {
    double value = (entry.row == entry.column ? 1 : 0) - s * evaluate(entry.terms, d);
    for (const auto& update : entry.updates) value -= m[update.lower] * m[update.upper];
    if (entry.column < entry.row) value *= m[program.diagonal()[entry.column]];
    m.push_back(entry.row == entry.column ? 1 / value : value);
  }
  return m;
}

/// visit(column, value) for row i of L (unit diagonal) or of U.
void for_each_lower(const KineticsProgram& program, const std::vector<double>& m, std::size_t i,
                    const auto& visit) {
  for (std::size_t e = program.row_begin()[i]; e < program.diagonal()[i]; ++e)
    visit(program.entries()[e].column, m[e]);
  visit(i, 1.0);
}
void for_each_upper(const KineticsProgram& program, const std::vector<double>& m, std::size_t i,
                    const auto& visit) {
  visit(i, 1 / m[program.diagonal()[i]]);
  for (std::size_t e = program.diagonal()[i] + 1; e < program.row_begin()[i + 1]; ++e)
    visit(program.entries()[e].column, m[e]);
}

}  // namespace

BOOST_AUTO_TEST_CASE(the_order_is_a_permutation_and_its_inverse) {
  for (const Mechanism& mechanism : all_mechanisms()) {
    const KineticsProgram program(mechanism);
    BOOST_TEST(program.size() == mechanism.variable_species);
    BOOST_TEST(program.reactions() == mechanism.reactions.size());
    BOOST_REQUIRE(program.species().size() == program.size());
    BOOST_REQUIRE(program.place().size() == program.size());
    const std::set<std::size_t> distinct(program.species().begin(), program.species().end());
    BOOST_TEST(distinct.size() == program.size());
    bool inverse = true;
    for (std::size_t p = 0; p < program.size(); ++p)
      inverse =
          inverse && program.species()[p] < program.size() && program.place()[program.species()[p]] == p;
    BOOST_TEST(inverse, mechanism.name);
  }
}

BOOST_AUTO_TEST_CASE(entries_stand_row_by_row_and_cover_the_pattern_of_the_jacobian) {
  for (const Mechanism& mechanism : all_mechanisms()) {
    const KineticsProgram program(mechanism);
    const ChemicalSystem system(mechanism);
    std::set<std::pair<std::size_t, std::size_t> > entries, with_terms, pattern;
    BOOST_REQUIRE(program.row_begin().size() == program.size() + 1);
    BOOST_TEST(program.row_begin().back() == program.entries().size());
    bool ordered = true;
    for (std::size_t i = 0; i < program.size(); ++i)
      for (std::size_t e = program.row_begin()[i]; e < program.row_begin()[i + 1]; ++e) {
        const KineticsProgram::Entry& entry = program.entries()[e];
        ordered = ordered && entry.row == i && (entry.column == i) == (program.diagonal()[i] == e) &&
                  (e == program.row_begin()[i] || program.entries()[e - 1].column < entry.column);
        entries.emplace(i, entry.column);
        if (!entry.terms.empty()) with_terms.emplace(i, entry.column);
      }
    BOOST_TEST(ordered, mechanism.name);
    for (std::size_t j = 0; j < program.size(); ++j)
      for (int e = system.column_pointers()[j]; e < system.column_pointers()[j + 1]; ++e)
        pattern.emplace(
            program.place()[static_cast<std::size_t>(system.row_indices()[static_cast<std::size_t>(e)])],
            program.place()[j]);
    BOOST_TEST(std::includes(entries.begin(), entries.end(), pattern.begin(), pattern.end()), mechanism.name);
    BOOST_TEST(std::includes(pattern.begin(), pattern.end(), with_terms.begin(), with_terms.end()),
               mechanism.name);
  }
}

BOOST_AUTO_TEST_CASE(pivots_fill_least_and_the_fill_is_that_of_elimination_by_hand) {
  for (const Mechanism& mechanism : all_mechanisms()) {
    if (mechanism.variable_species > 100) continue;  // by hand it costs the third power
    const KineticsProgram program(mechanism);
    const ChemicalSystem system(mechanism);
    const std::size_t size = program.size();
    Eigen::MatrixXi left = Eigen::MatrixXi::Zero(Eigen::Index(size), Eigen::Index(size));
    for (std::size_t j = 0; j < size; ++j)
      for (int e = system.column_pointers()[j]; e < system.column_pointers()[j + 1]; ++e)
        left(system.row_indices()[static_cast<std::size_t>(e)], Eigen::Index(j)) = 1;
    std::vector<Eigen::Index> remaining;
    for (std::size_t i = 0; i < size; ++i) remaining.push_back(Eigen::Index(i));
    std::size_t count = 0;
    for (const std::size_t pivot : program.species()) {
      const auto cost = [&](Eigen::Index i) {
        int row = -1, column = -1;
        for (const Eigen::Index j : remaining) {
          row += left(i, j);
          column += left(j, i);
        }
        return row * column;
      };
      const Eigen::Index p = Eigen::Index(pivot);
      for (const Eigen::Index i : remaining) BOOST_REQUIRE(cost(p) <= cost(i));
      for (const Eigen::Index i : remaining) {
        count += static_cast<std::size_t>(left(i, p) + (i == p ? 0 : left(p, i)));
        for (const Eigen::Index j : remaining)
          if (left(i, p) && left(p, j)) left(i, j) = 1;
      }
      std::erase(remaining, p);
    }
    BOOST_TEST(count == program.entries().size(), mechanism.name);
  }
}

BOOST_AUTO_TEST_CASE(the_example_has_429_entries) {
  const KineticsProgram program(test::troposphere());
  BOOST_TEST(program.size() == 49u);
  BOOST_TEST(program.entries().size() == 429u);
}

BOOST_AUTO_TEST_CASE(gains_of_the_program_are_the_tendency_of_the_reactions) {
  Random random{11};
  for (const Mechanism& mechanism : all_mechanisms()) {
    const KineticsProgram program(mechanism);
    const Numbers at(mechanism, random);
    std::vector<Sum> expected(program.size());
    for (std::size_t r = 0; r < mechanism.reactions.size(); ++r) {
      const double rate = power_product(mechanism, mechanism.reactions[r], at.k[r], at.c);
      for_each_change(mechanism, mechanism.reactions[r], [&](std::size_t species, double coefficient) {
        expected[species].add(coefficient * rate);
      });
    }
    const std::vector<double> rates = evaluate(program.rates(), at.k, in_order(program, at.c));
    double worst = 0;
    for (std::size_t p = 0; p < program.size(); ++p) {
      const Sum& sum = expected[program.species()[p]];
      // A rounding a term, and some for its powers and coefficient.
      const double allowed = (static_cast<double>(program.gains()[p].size()) + 10) * epsilon * sum.size;
      const double error = std::abs(evaluate(program.gains()[p], rates) - sum.value);
      if (!(error <= allowed)) test::keep_largest(worst, error / sum.size);
    }
    BOOST_TEST(worst == 0.0, mechanism.name);
  }
}

BOOST_AUTO_TEST_CASE(slope_gains_are_the_terms_of_reactions_that_follow_the_peroxy_radicals) {
  std::size_t seen = 0;
  for (const Mechanism& mechanism : all_mechanisms()) {
    const KineticsProgram program(mechanism);
    std::vector<std::size_t> sloped, radicals;
    for (std::size_t r = 0; r < mechanism.reactions.size(); ++r)
      if (mechanism.reactions[r].rate.uses_peroxy_radicals()) sloped.push_back(r);
    BOOST_TEST(std::ranges::equal(program.sloped(), sloped));
    for (const auto place : program.peroxy_radicals()) radicals.push_back(program.species()[place]);
    BOOST_TEST(std::ranges::equal(radicals, mechanism.peroxy_radicals));
    seen += sloped.size();
    if (sloped.empty()) continue;
    bool alike = true;
    for (std::size_t p = 0; p < program.size(); ++p) {
      std::vector<std::pair<std::size_t, double> > expected, found;
      for (const auto& term : program.gains()[p])
        if (std::ranges::binary_search(sloped, std::size_t{term.index}))
          expected.emplace_back(term.index, term.coefficient);
      for (const auto& term : program.slope_gains()[p])
        found.emplace_back(sloped[term.index], term.coefficient);
      alike = alike && expected == found;
    }
    BOOST_TEST(alike, mechanism.name);
  }
  BOOST_TEST(seen > 50u);
}

BOOST_AUTO_TEST_CASE(lower_times_upper_is_the_matrix_to_the_rounding_of_elimination) {
  Random random{13};
  for (const Mechanism& mechanism : all_mechanisms()) {
    const KineticsProgram program(mechanism);
    const Numbers at(mechanism, random);
    const double s = std::pow(10, random.uniform(-2, 2));
    const std::vector<double> m = factors(program, at, s);
    const auto jacobian = jacobian_rows(mechanism, program, at);
    std::vector<double> product(program.size()), sizes(program.size());
    double worst = 0;
    for (std::size_t i = 0; i < program.size(); ++i) {
      std::fill(product.begin(), product.end(), 0.0);
      std::fill(sizes.begin(), sizes.end(), 0.0);
      std::size_t count = 0;
      for_each_lower(program, m, i, [&](std::size_t k, double lower) {
        ++count;
        for_each_upper(program, m, k, [&](std::size_t j, double upper) {
          product[j] += lower * upper;
          sizes[j] += std::abs(lower * upper);
        });
      });
      product[i] -= 1;
      sizes[i] += 1;
      for (const auto& [j, sum] : jacobian[i]) {
        product[j] += s * sum.value;
        sizes[j] += s * sum.size;
      }
      // |L U - A| <= n eps |L| |U|, whatever the pivots (Higham, Accuracy and Stability of Numerical
      // Algorithms, theorem 9.3); n terms of an entry, once in m and once in this product; besides the sums
      // that A is made of.
      for (std::size_t j = 0; j < program.size(); ++j)
        if (product[j] != 0)
          test::keep_largest(worst, std::abs(product[j]) / sizes[j] /
                                        (static_cast<double>(2 * count + jacobian[i].size() + 20) * epsilon));
    }
    BOOST_TEST(worst <= 1.0, mechanism.name);
  }
}

BOOST_AUTO_TEST_CASE(factors_are_those_of_eigen_in_the_same_order) {
  Random random{17};
  for (const Mechanism& mechanism : all_mechanisms()) {
    if (mechanism.variable_species > 100) continue;
    const KineticsProgram program(mechanism);
    const Numbers at(mechanism, random);
    const double s = 1e-3;
    const Eigen::Index size = Eigen::Index(program.size());
    Eigen::MatrixXd matrix = Eigen::MatrixXd::Identity(size, size), product = matrix, upper = matrix;
    const auto jacobian = jacobian_rows(mechanism, program, at);
    for (Eigen::Index i = 0; i < size; ++i)
      for (const auto& [j, sum] : jacobian[std::size_t(i)]) matrix(i, Eigen::Index(j)) -= s * sum.value;
    const std::vector<double> m = factors(program, at, s);
    Eigen::MatrixXd lower = Eigen::MatrixXd::Zero(size, size);
    upper.setZero();
    for (Eigen::Index i = 0; i < size; ++i) {
      for_each_lower(program, m, std::size_t(i),
                     [&](std::size_t j, double v) { lower(i, Eigen::Index(j)) = v; });
      for_each_upper(program, m, std::size_t(i),
                     [&](std::size_t j, double v) { upper(i, Eigen::Index(j)) = v; });
    }
    const Eigen::VectorXd b = Eigen::VectorXd::Ones(size);
    const Eigen::PartialPivLU<Eigen::MatrixXd> lu(matrix);
    const Eigen::VectorXd expected = lu.solve(b), found = upper.triangularView<Eigen::Upper>().solve(
                                                      lower.triangularView<Eigen::UnitLower>().solve(b));
    // Both solutions are off by some roundings times the condition number; eliminating without pivoting let
    // the entries grow by less than 100 (s J is small).
    const double allowed = 100 * static_cast<double>(size) * epsilon / lu.rcond();
    BOOST_TEST((found - expected).norm() <= allowed * expected.norm(), mechanism.name);
  }
}
