#pragma once
#include <string>
#include <string_view>
#include <vector>

#include <chemnne/chemistry/yaml_document.hpp>
#include <chemnne/chemistry/yaml_fields.hpp>

namespace chemnne::detail {

enum class OpenAtmosKind : unsigned char {
  arrhenius,
  troe,
  ternary,
  branched,
  tunneling,
  taylor_series,
  surface,
  photolysis,
  emission,
  first_order_loss,
  user_defined,
  lambda
};

/// A reaction type of OpenAtmos version 1 and the keys of its entries.
struct OpenAtmosType {
  std::string_view name;
  OpenAtmosKind kind;
  std::vector<std::string_view> keys;
};

inline const std::vector<OpenAtmosType>& open_atmos_types() {
  using Kind = OpenAtmosKind;
  static const std::vector<OpenAtmosType> types{
      {"ARRHENIUS",
       Kind::arrhenius,
       {"type", "name", "gas phase", "reactants", "products", "A", "B", "C", "D", "E", "Ea"}},
      {"TROE",
       Kind::troe,
       {"type", "name", "gas phase", "reactants", "products", "k0_A", "k0_B", "k0_C", "kinf_A", "kinf_B",
        "kinf_C", "Fc", "N"}},
      {"TERNARY_CHEMICAL_ACTIVATION",
       Kind::ternary,
       {"type", "name", "gas phase", "reactants", "products", "k0_A", "k0_B", "k0_C", "kinf_A", "kinf_B",
        "kinf_C", "Fc", "N"}},
      {"BRANCHED_NO_RO2",
       Kind::branched,
       {"type", "name", "gas phase", "reactants", "alkoxy products", "nitrate products", "X", "Y", "a0",
        "n"}},
      {"TUNNELING", Kind::tunneling, {"type", "name", "gas phase", "reactants", "products", "A", "B", "C"}},
      {"TAYLOR_SERIES",
       Kind::taylor_series,
       {"type", "name", "gas phase", "reactants", "products", "A", "B", "C", "D", "E", "Ea",
        "taylor coefficients"}},
      {"SURFACE",
       Kind::surface,
       {"type", "name", "gas phase", "condensed phase", "gas-phase species", "gas-phase products",
        "reaction probability"}},
      {"PHOTOLYSIS",
       Kind::photolysis,
       {"type", "name", "gas phase", "reactants", "products", "scaling factor"}},
      {"EMISSION", Kind::emission, {"type", "name", "gas phase", "products", "scaling factor"}},
      {"FIRST_ORDER_LOSS",
       Kind::first_order_loss,
       {"type", "name", "gas phase", "reactants", "products", "scaling factor"}},
      {"USER_DEFINED",
       Kind::user_defined,
       {"type", "name", "gas phase", "reactants", "products", "scaling factor"}},
      {"LAMBDA_RATE_CONSTANT",
       Kind::lambda,
       {"type", "name", "gas phase", "reactants", "products", "lambda function"}}};
  return types;
}

/// The type of a reaction's entry. Errors: Error naming its place, the type and those that are known.
inline const OpenAtmosType& open_atmos_type(const YamlNode& entry) {
  if (entry.kind != YamlNode::Kind::map) entry.fail("a reaction, a map");
  const YamlNode* const type = entry.find("type");
  if (!type) entry.fail("the key 'type' in a reaction", "none");
  std::string known;
  for (const OpenAtmosType& one : open_atmos_types()) {
    if (one.name == yaml_text(*type)) return one;
    known += (known.empty() ? "" : ", ") + std::string(one.name);
  }
  type->fail("one of the reaction types " + known);
}

}  // namespace chemnne::detail
