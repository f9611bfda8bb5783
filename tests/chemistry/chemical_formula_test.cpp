#define BOOST_TEST_MODULE chemistry_chemical_formula
#include <map>
#include <string>

#include <boost/test/unit_test.hpp>

#include <chemnne/chemistry/chemical_formula.hpp>

using namespace chemnne;

using Atoms = std::map<std::string, int>;

BOOST_AUTO_TEST_CASE(atoms_are_counted_wherever_they_stand) {
  BOOST_TEST((atoms_of_formula("O3") == Atoms{{"O", 3}}));
  BOOST_TEST((atoms_of_formula("CH3COCH2ONO2") == Atoms{{"C", 3}, {"H", 5}, {"N", 1}, {"O", 4}}));
  BOOST_TEST((atoms_of_formula("C10H16") == Atoms{{"C", 10}, {"H", 16}}));
  BOOST_TEST((atoms_of_formula("NH4HSO4") == Atoms{{"H", 5}, {"N", 1}, {"O", 4}, {"S", 1}}));
}

BOOST_AUTO_TEST_CASE(a_small_letter_belongs_to_the_symbol_before_it) {
  BOOST_TEST((atoms_of_formula("CO") == Atoms{{"C", 1}, {"O", 1}}));
  BOOST_TEST((atoms_of_formula("Co") == Atoms{{"Co", 1}}));
  BOOST_TEST((atoms_of_formula("CCl2FCClF2") == Atoms{{"C", 2}, {"Cl", 3}, {"F", 3}}));
  BOOST_TEST((atoms_of_formula("NaCl") == Atoms{{"Na", 1}, {"Cl", 1}}));
}

BOOST_AUTO_TEST_CASE(what_is_no_formula_has_no_atoms) {
  for (const char* const text : {"", "CLY", "bc_a1", "3O", "C(CH3)2", "O 3", "Abc", "Pls", "O99999",
                                 "O99999999999999999999", "\xc3\xbc"})
    BOOST_TEST(!atoms_of_formula(text).has_value(), text);
}
