#pragma once
#include <list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <chemnne/chemistry/mechanism.hpp>
#include <chemnne/chemistry/run_settings.hpp>
#include <chemnne/chemistry/source_text.hpp>

namespace chemnne::detail {

/// A name in a KPP file and where it stands.
struct KppName {
  SourceSpan place;
  std::string_view text() const { return place.text(); }
};

struct KppAtom {
  KppName element;
  int count;
};

struct KppSpecies {
  KppName name;
  std::vector<KppAtom> atoms;
  bool ignore = false;  ///< IGNORE among the atoms, or no composition
  bool fixed = false;
};

/// A species, or a group of them (ALL_SPEC, VAR_SPEC, FIX_SPEC), in #SETVAR or #SETFIX.
struct KppChange {
  KppName name;
  bool fixed;
};

struct KppTerm {
  KppName name;
  double coefficient;                  ///< its sign alone where `factor` is given
  std::optional<KppName> factor = {};  ///< the name of a constant, `name*Species`
};

struct KppEquation {
  std::string tag;  ///< empty without one
  std::vector<KppTerm> left;
  std::vector<KppTerm> right;
  SourceSpan rate;
  SourceSpan whole;  ///< from the first term to the end of the rate
};

struct KppInitialValue {
  KppName name;
  double value;
};

/// Fortran that rates may need.
struct KppInlineBlock {
  std::string type;  ///< F90_GLOBAL, F90_RATES, F90_UTIL or F90_RCONST
  SourceSpan text;
};

/// What the files of a KPP mechanism say, before any name is looked up; sections may come in any order.
struct KppDocument {
  std::list<SourceText> sources;  ///< a list: spans point into its members
  std::vector<std::string> elements;
  std::vector<KppSpecies> species;
  std::vector<KppChange> changes;  ///< in the order of the file
  std::vector<KppEquation> equations;
  std::vector<KppInitialValue> initial_values;
  std::vector<KppInlineBlock> inline_blocks;    ///< in the order of the file
  RunSettings run_settings = {};                ///< of F90_INIT blocks
  std::optional<PhotolysisVersion> photolysis;  ///< where a comment states the version of the MCM
  std::vector<KppName> missing_models;          ///< of #MODEL, files that are not there
  std::vector<std::string> remarks = {};        ///< what was passed over, with its place
};

}  // namespace chemnne::detail
