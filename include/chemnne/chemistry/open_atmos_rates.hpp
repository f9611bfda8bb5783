#pragma once
#include <cmath>
#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include <chemnne/chemistry/environment.hpp>
#include <chemnne/chemistry/host_parameters.hpp>
#include <chemnne/chemistry/mechanism_builder.hpp>
#include <chemnne/chemistry/open_atmos_formulas.hpp>
#include <chemnne/chemistry/open_atmos_lambda.hpp>
#include <chemnne/chemistry/open_atmos_types.hpp>
#include <chemnne/chemistry/rate_call.hpp>
#include <chemnne/chemistry/rate_expression.hpp>
#include <chemnne/chemistry/yaml_document.hpp>
#include <chemnne/chemistry/yaml_fields.hpp>

namespace chemnne::detail {

/// What a surface reaction asks of its gas; not a number: the file does not say.
struct GasProperties {
  double molecular_weight;  ///< kg mol-1
  double diffusion;         ///< m2 s-1
};

/// In what the rate constants of a configuration count: mol m-3 in version 1, molecules cm-3 in CAMP's.
enum class OpenAtmosUnits : unsigned char { moles, molecules };

/// From the entry of an OpenAtmos reaction to its rate in molecules cm-3 and s: the pre-factor takes the
/// change of units, which depends on the order of the reaction.
class OpenAtmosRates {
 public:
  /// `name_key`: of what a parameter is called.
  OpenAtmosRates(MechanismBuilder& builder, OpenAtmosUnits units, std::string name_key)
      : parameters_(builder), units_(units), name_key_(std::move(name_key)) {}

  /// All types but SURFACE and BRANCHED_NO_RO2. Errors: Error naming the place of a number that cannot be.
  RateExpression rate(OpenAtmosKind kind, const YamlFields& fields, int order) {
    switch (kind) {
      case OpenAtmosKind::troe:
        return call(fields, open_atmos_troe(), fall_off_constants(fields, order));
      case OpenAtmosKind::ternary:
        return call(fields, open_atmos_ternary(), fall_off_constants(fields, order));
      case OpenAtmosKind::tunneling:
        return call(
            fields, open_atmos_tunneling(),
            {fields.number("A", 1) * unit_factor(order), fields.number("B", 0), fields.number("C", 0)});
      case OpenAtmosKind::taylor_series:
        return taylor_series(fields, order);
      case OpenAtmosKind::lambda:
        return lambda(fields, order);
      case OpenAtmosKind::photolysis:
        return scaled_parameter(fields, "PHOTO.", "s-1", order);
      case OpenAtmosKind::emission:
        return scaled_parameter(fields, "EMIS.", units_of_order(order), order);
      case OpenAtmosKind::first_order_loss:
        return scaled_parameter(fields, "LOSS.", "s-1", order);
      case OpenAtmosKind::user_defined:
        return scaled_parameter(fields, "USER.", units_of_order(order), order);
      default:
        return call(fields, open_atmos_arrhenius(), arrhenius_constants(fields, order));
    }
  }

  /// One branch of BRANCHED_NO_RO2. Errors: as above.
  RateExpression branch(const YamlFields& fields, SharedRateFunction function, int order) const {
    const double atoms = fields.number("n", 0), share = fields.positive("a0", 1);
    if (share > 1) fields.require("a0").fail("a share of at most 1");
    return call(fields, std::move(function),
                {fields.number("X", 1) * unit_factor(order), fields.number("Y", 0), atoms,
                 nitrate_yield_complement(share, atoms)});
  }

  /// Errors: also Error when the file lacks a property of the gas.
  RateExpression surface(const YamlFields& fields, const YamlNode& species, const GasProperties& gas) {
    if (!(gas.molecular_weight > 0) || !(gas.diffusion > 0))
      species.fail(
          "a species with 'molecular weight [kg mol-1]' and, in its phase, 'diffusion coefficient [m2 "
          "s-1]'",
          gas.molecular_weight > 0 ? "no diffusion coefficient" : "no molecular weight");
    const std::string name = "SURF." + fields.text(name_key_);
    std::vector<RateInstruction> program{parameters_.take(name + ".effective radius", "m"),
                                         parameters_.take(name + ".particle number concentration", "m-3")};
    const double constants[] = {gas.diffusion, gas.molecular_weight,
                                fields.not_negative("reaction probability", 1)};
    for (const RateInstruction& instruction : call_with(open_atmos_surface(), constants))
      program.push_back(instruction);
    return RateExpression(program);
  }

 private:
  static constexpr std::size_t most_coefficients = 100;

  static RateExpression call(const YamlFields& fields, SharedRateFunction function,
                             const std::vector<double>& constants) {
    return RateExpression(call_with(std::move(function), checked(fields, constants)));
  }

  static const std::vector<double>& checked(const YamlFields& fields, const std::vector<double>& constants) {
    for (const double constant : constants)
      if (!std::isfinite(constant))
        fields.node().fail("numbers whose rate constant is within the range of double precision",
                           "others in " + fields.what());
    return constants;
  }

  /// Of a rate constant of this order; the host's numbers are always in moles.
  double unit_factor(int order) const { return units_ == OpenAtmosUnits::moles ? order_factor(order) : 1; }

  std::vector<double> arrhenius_constants(const YamlFields& fields, int order) const {
    const YamlNode* const energy = fields.find("Ea");
    if (energy && fields.find("C")) energy->fail("either 'C' or 'Ea'", "both");
    const double c = energy ? -yaml_number(*energy) / boltzmann_constant : fields.number("C", 0);
    return {fields.number("A", 1) * unit_factor(order), fields.number("B", 0), c, fields.positive("D", 300),
            fields.number("E", 0)};
  }

  /// The formulas have [M] in mol m-3 beside k0.
  std::vector<double> fall_off_constants(const YamlFields& fields, int order) const {
    const double factor = unit_factor(order);
    const double low_factor = units_ == OpenAtmosUnits::moles ? factor : 1 / mol_per_cubic_metre;
    return {fields.not_negative("k0_A", 1) * low_factor,
            fields.number("k0_B", 0),
            fields.number("k0_C", 0),
            fields.positive("kinf_A", 1) * factor,
            fields.number("kinf_B", 0),
            fields.number("kinf_C", 0),
            fields.positive("Fc", 0.6),
            fields.positive("N", 1)};
  }

  /// The Arrhenius form times sum_i c_i T^i, by Horner's rule. The format's documentation writes a sum of
  /// both; this is what MICM evaluates, and what makes sense of the default, c_0 = 1 alone.
  RateExpression taylor_series(const YamlFields& fields, int order) const {
    std::vector<double> coefficients{1};
    if (const YamlNode* const list = fields.find("taylor coefficients")) {
      coefficients.clear();
      for (const YamlNode& one : list->items) coefficients.push_back(yaml_number(one));
      if (list->kind != YamlNode::Kind::sequence || coefficients.empty() ||
          coefficients.size() > most_coefficients)
        list->fail("a list of 1 to 100 numbers");
    }
    std::vector<RateInstruction> program{{.number = coefficients.back()}};
    for (std::size_t i = coefficients.size() - 1; i > 0; --i) {
      program.push_back({.operation = RateOperation::variable, .variable = &RateContext::temperature});
      program.push_back({.operation = RateOperation::multiply});
      program.push_back({.number = coefficients[i - 1]});
      program.push_back({.operation = RateOperation::add});
    }
    const std::vector<double> constants = arrhenius_constants(fields, order);
    for (const RateInstruction& instruction : call_with(open_atmos_arrhenius(), checked(fields, constants)))
      program.push_back(instruction);
    program.push_back({.operation = RateOperation::multiply});
    return RateExpression(program);
  }

  RateExpression lambda(const YamlFields& fields, int order) const {
    std::vector<RateInstruction> program = lambda_program(fields.require("lambda function"));
    program.push_back({.number = unit_factor(order)});
    program.push_back({.operation = RateOperation::multiply});
    return RateExpression(program);
  }

  /// What the host sets under the name of the reaction, times the entry's `scaling factor`.
  RateExpression scaled_parameter(const YamlFields& fields, const char* prefix, const std::string& units,
                                  int order) {
    const double factor = fields.number("scaling factor", 1) * order_factor(order);
    checked(fields, {factor});
    return parameters_.scaled(factor, prefix + fields.text(name_key_), units);
  }

  /// (mol m-3)^(1-n) s-1, written out.
  static std::string units_of_order(int order) {
    if (order == 0) return "mol m-3 s-1";
    if (order == 1) return "s-1";
    const std::string moles = std::to_string(1 - order);
    return "m" + std::to_string(3 * (order - 1)) + " mol" + moles + " s-1";
  }

  HostParameters parameters_;
  OpenAtmosUnits units_;
  std::string name_key_;
};

}  // namespace chemnne::detail
