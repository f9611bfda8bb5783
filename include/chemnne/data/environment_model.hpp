#pragma once
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <chemnne/chemistry/mechanism.hpp>
#include <chemnne/chemistry/rate_compiler.hpp>
#include <chemnne/data/dataset.hpp>
#include <chemnne/data/range.hpp>
#include <chemnne/data/scenario.hpp>
#include <chemnne/support/error.hpp>

namespace chemnne {

/// Global radiation of a clear sky [W m-2], 1098 x exp(-0.059 / x), x cosine of the solar zenith angle.
///
/// Source: Haurwitz, J. Meteorol. 2, 154 (1945); constants as in Reno, Hansen, Stein, SAND2012-2389 (2012).
inline double clear_sky_radiation(double cosine_zenith) {
  return cosine_zenith <= 0 ? 0 : 1098 * cosine_zenith * std::exp(-0.059 / cosine_zenith);
}

/// A column of a data set's environment.
struct EnvironmentColumn {
  std::string name;
  std::string units;
  std::string long_name;
};

/// How the conditions of a scenario become what the rates of a mechanism feel, and what a data set keeps of
/// it.
///
/// Weather and parameters that were drawn stay, the sun moves. With J by table the light of a step is the
/// drawn photolysis scaling times the clear-sky radiation of the step's sun.
class EnvironmentModel {
 public:
  /// Errors: Error naming a parameter of [parameters] that the mechanism does not have, or one that its rates
  /// use and [parameters] does not give, a rule that does not compile, or two columns of one name.
  EnvironmentModel(const Mechanism& mechanism, const ScenarioRanges& ranges)
      : table_(ranges.photolysis.table),
        photolysis_(mechanism.photolysis.version),
        in_host_(ranges.host.has_value()),
        sources_(mechanism.parameters.size()) {
    for (std::size_t k = 0; k < ranges.parameters.size(); ++k)
      sources_[parameter(mechanism, ranges.parameters[k].range.name)].drawn = k;
    for (const ParameterRule& rule : ranges.rules)
      sources_[parameter(mechanism, rule.name)].rule = std::make_shared<const RateExpression>(compile(rule));
    require_used(mechanism);
    columns_ = {
        {"temperature", "K", "air temperature"},
        {"pressure", "Pa", "air pressure"},
        {"relative_humidity", "%", "relative humidity over liquid water"},
        {"cosine_zenith", "1", "cosine of the solar zenith angle in the middle of the window, 0 at night"}};
    if (table_)
      columns_.push_back(
          {ranges.photolysis.column, "W m-2", "light: factor on the table of photolysis rates"});
    else
      columns_.push_back({"photolysis_scaling", "1", "factor on every photolysis rate"});
    for (const ParameterRange& one : ranges.parameters)
      columns_.push_back({one.column, one.range.units, "parameter " + one.range.name + " of the mechanism"});
    for (const auto& column : diagnostics) columns_.push_back({column[0], column[1], column[2]});
    if (table_) columns_.push_back({"light_factor", "1", "light over the clear-sky radiation"});
    if (in_host_)
      columns_.push_back(
          {"dilution_factor", "1",
           "share of the air at the end of the window before in that at the start of this one"});
    for (std::size_t i = 0; i < columns_.size(); ++i)
      for (std::size_t k = 0; k < i; ++k)
        if (columns_[k].name == columns_[i].name)
          throw Error("scenario ranges, columns of the data set", "each name once",
                      "'" + columns_[i].name + "' twice");
  }

  /// The first five, then the parameters, are the conditions of an emulator; diagnostics follow, from which
  /// `conditions_of` continues the day.
  const std::vector<EnvironmentColumn>& columns() const { return columns_; }

  /// The constant environment of a step that starts `hours` later and lasts `length` hours.
  Environment at(const Conditions& conditions, double hours, double length = 1) const {
    Environment environment = environment_at(conditions, hours, length);
    if (table_) {
      environment.photolysis = table_;
      environment.photolysis_scaling *= clear_sky_radiation(environment.cosine_zenith);
    }
    set_parameters(environment, conditions.parameters);
    return environment;
  }

  /// How many of the columns an emulator has as conditions: all but the diagnostics.
  std::size_t condition_count() const {
    return columns_.size() - std::size(diagnostics) - (table_ ? 1 : 0) - (in_host_ ? 1 : 0);
  }

  /// The environment of which these are the conditions, values of the first `condition_count` columns.
  /// Errors: as check_environment.
  Environment of_conditions(std::span<const double> values) const {
    std::vector<double> parameters(sources_.size());
    Environment environment = of_conditions(values, parameters);
    environment.parameters = std::move(parameters);
    return environment;
  }

  /// The same without the parameters, which it writes to `parameters`, in the mechanism's order: without
  /// memory of its own. Errors: as check_environment.
  Environment of_conditions(std::span<const double> values, std::span<double> parameters) const {
    Environment environment{.temperature = values[0],
                            .pressure = values[1],
                            .relative_humidity = values[2],
                            .cosine_zenith = values[3],
                            .photolysis_scaling = values[4],
                            .photolysis = table_};
    check_environment(environment);
    if (!sources_.empty()) fill_parameters(environment, values.subspan(conditions_before), parameters);
    return environment;
  }

  /// The values of `columns` for a window that starts `hours` after the scenario and, in a host, keeps the
  /// share `kept` of the air of the window before.
  std::vector<double> row(const Conditions& conditions, double hours, const Environment& environment,
                          double kept = 1) const {
    const double hour = conditions.local_hour + hours;
    const double days = std::floor(hour / 24);
    std::vector<double> values{environment.temperature, environment.pressure, environment.relative_humidity,
                               environment.cosine_zenith, environment.photolysis_scaling};
    values.insert(values.end(), conditions.parameters.begin(), conditions.parameters.end());
    values.insert(values.end(), {air_number_density(environment), water_number_density(environment),
                                 conditions.latitude, conditions.day_of_year + days, hour - 24 * days});
    if (table_) values.push_back(conditions.photolysis_scaling);
    if (in_host_) values.push_back(kept);
    return values;
  }

  /// The conditions at the start of a window of a data set that the generator wrote with the same ranges, so
  /// that a roll-out can go on through the day. Errors: Error when the data set has no such environment value
  /// (ARCA's have not).
  Conditions conditions_of(const Dataset& data, std::size_t window) const {
    const auto value = [&](const std::string& name) {
      const auto found = std::find(data.environment_name.begin(), data.environment_name.end(), name);
      if (found == data.environment_name.end()) throw Error("data set", "environment value " + name, "none");
      return data.environment(window)[static_cast<std::size_t>(found - data.environment_name.begin())];
    };
    Conditions conditions{.temperature = value("temperature"),
                          .pressure = value("pressure"),
                          .relative_humidity = value("relative_humidity"),
                          .photolysis_scaling = value(table_ ? "light_factor" : "photolysis_scaling"),
                          .latitude = value("latitude"),
                          .day_of_year = value("day_of_year"),
                          .local_hour = value("local_hour")};
    for (std::size_t k = conditions_before; k < condition_count(); ++k)
      conditions.parameters.push_back(value(columns_[k].name));
    return conditions;
  }

 private:
  static constexpr std::size_t no_range = static_cast<std::size_t>(-1);
  static constexpr std::size_t conditions_before = 5;
  static constexpr const char* diagnostics[][3] = {
      {"air_number_density", "molecules cm-3", "number density of air"},
      {"water_vapour_number_density", "molecules cm-3", "number density of water vapour"},
      {"latitude", "degrees_north", "latitude"},
      {"day_of_year", "1", "day of the year at the start of the window, 1 is 1 January"},
      {"local_hour", "h", "local solar time at the start of the window"}};

  /// Where the value of a parameter comes from; from nowhere: 0, for no rate uses it.
  struct Source {
    std::size_t drawn = no_range;
    std::shared_ptr<const RateExpression> rule;
  };

  void set_parameters(Environment& environment, std::span<const double> drawn) const {
    if (sources_.empty()) return;
    environment.parameters.resize(sources_.size());
    fill_parameters(environment, drawn, environment.parameters);
  }

  void fill_parameters(const Environment& environment, std::span<const double> drawn,
                       std::span<double> parameters) const {
    const RateContext context = make_rate_context(environment, photolysis_);
    for (std::size_t p = 0; p < sources_.size(); ++p)
      parameters[p] = sources_[p].rule                ? sources_[p].rule->value(context)
                      : sources_[p].drawn != no_range ? drawn[sources_[p].drawn]
                                                      : 0.0;
  }

  static std::size_t parameter(const Mechanism& mechanism, const std::string& name) {
    const auto found = std::find_if(mechanism.parameters.begin(), mechanism.parameters.end(),
                                    [&](const Parameter& one) { return one.name == name; });
    if (found == mechanism.parameters.end())
      throw Error("scenario ranges: parameters." + name, "a parameter of the mechanism " + mechanism.name,
                  "none of this name");
    return static_cast<std::size_t>(found - mechanism.parameters.begin());
  }

  static RateExpression compile(const ParameterRule& rule) {
    const SourceText source("scenario ranges: parameters." + rule.name, rule.text);
    return compile_rate(SourceSpan{&source, 0, source.text().size()}, {});
  }

  void require_used(const Mechanism& mechanism) const {
    for (const Reaction& reaction : mechanism.reactions)
      for (const RateInstruction& instruction : reaction.rate.program())
        if (instruction.operation == RateOperation::parameter && !sources_[instruction.index].rule &&
            sources_[instruction.index].drawn == no_range)
          throw Error("scenario ranges, [parameters]",
                      "a range, a number or a rule for " + mechanism.parameters[instruction.index].name +
                          ", which reaction <" + reaction.label + "> uses",
                      "none");
  }

  std::shared_ptr<const PhotolysisTable> table_;
  McmVersion photolysis_;
  bool in_host_;
  std::vector<Source> sources_;
  std::vector<EnvironmentColumn> columns_;
};

}  // namespace chemnne
