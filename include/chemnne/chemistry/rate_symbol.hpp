#pragma once
#include <array>
#include <numbers>
#include <tuple>

#include <chemnne/chemistry/photolysis.hpp>
#include <chemnne/chemistry/rate_graph.hpp>
#include <chemnne/support/ideal_gas.hpp>

namespace chemnne {

/// A number whose value is not known yet: arithmetic with it writes nodes of a graph. A formula that is a
/// template over its number type is evaluated with double, and written down with this.
class RateSymbol {
 public:
  /// A known number, of no graph.
  RateSymbol(double number = 0) : number_(number) {}
  RateSymbol(RateGraph& graph, RateGraph::Index node) : graph_(&graph), node_(node) {}

  /// Its node in the graph that it is of, or may be of.
  RateGraph::Index node_in(RateGraph& graph) const { return graph_ ? node_ : graph.constant(number_); }

  static RateSymbol apply(RateNodeOperation operation, const RateSymbol& a, const RateSymbol& b) {
    RateGraph* const graph = a.graph_ ? a.graph_ : b.graph_;
    if (!graph) return rate_node_value(operation, a.number_, b.number_);
    return {*graph, graph->make(operation, a.node_in(*graph), b.node_in(*graph))};
  }

  friend RateSymbol operator+(const RateSymbol& a, const RateSymbol& b) {
    return apply(RateNodeOperation::add, a, b);
  }
  friend RateSymbol operator-(const RateSymbol& a, const RateSymbol& b) {
    return apply(RateNodeOperation::subtract, a, b);
  }
  friend RateSymbol operator*(const RateSymbol& a, const RateSymbol& b) {
    return apply(RateNodeOperation::multiply, a, b);
  }
  friend RateSymbol operator/(const RateSymbol& a, const RateSymbol& b) {
    return apply(RateNodeOperation::divide, a, b);
  }
  friend RateSymbol operator-(const RateSymbol& a) { return a * -1; }
  friend RateSymbol exp(const RateSymbol& a) { return apply(RateNodeOperation::exponential, a, a); }
  friend RateSymbol log(const RateSymbol& a) { return apply(RateNodeOperation::logarithm, a, a); }
  friend RateSymbol log10(const RateSymbol& a) { return log(a) * std::numbers::log10e; }
  friend RateSymbol sqrt(const RateSymbol& a) { return apply(RateNodeOperation::square_root, a, a); }
  friend RateSymbol abs(const RateSymbol& a) { return apply(RateNodeOperation::absolute, a, a); }
  friend RateSymbol pow(const RateSymbol& a, const RateSymbol& b) {
    return apply(RateNodeOperation::power, a, b);
  }
  /// To an ULP of 1, not of itself.
  friend RateSymbol tanh(const RateSymbol& a) { return 1 - 2 / (exp(2 * a) + 1); }
  friend RateSymbol min(const RateSymbol& a, const RateSymbol& b) {
    return apply(RateNodeOperation::minimum, a, b);
  }
  friend RateSymbol max(const RateSymbol& a, const RateSymbol& b) {
    return apply(RateNodeOperation::maximum, a, b);
  }
  friend RateSymbol sin(const RateSymbol& a) { return apply(RateNodeOperation::sine, a, a); }
  friend RateSymbol cos(const RateSymbol& a) { return apply(RateNodeOperation::cosine, a, a); }
  friend RateSymbol trunc(const RateSymbol& a) { return apply(RateNodeOperation::truncate, a, a); }
  friend RateSymbol atan2(const RateSymbol& a, const RateSymbol& b) {
    return apply(RateNodeOperation::arctangent, a, b);
  }
  /// `yes` where the condition is not 0, else `no`.
  friend RateSymbol select(const RateSymbol& condition, const RateSymbol& yes, const RateSymbol& no) {
    if (!condition.graph_) return condition.number_ != 0 ? yes : no;
    RateGraph& graph = *condition.graph_;
    return {graph, graph.select(condition.node_, yes.node_in(graph), no.node_in(graph))};
  }
  friend RateSymbol number_density_of_pressure(const RateSymbol& pressure, const RateSymbol& temperature) {
    return number_density_of_pressure(1.0, 1.0) * (pressure / temperature);
  }

 private:
  RateGraph* graph_ = nullptr;
  RateGraph::Index node_ = 0;
  double number_ = 0;
};

/// The members of RateContext that a rate function may read, as symbols.
struct RateSymbols {
  RateSymbol temperature, air, oxygen, nitrogen, water, pressure, relative_humidity, cosine_zenith, sun,
      photolysis_scaling;
  std::array<RateSymbol, std::tuple_size_v<PhotolysisRates>> photolysis;
};

}  // namespace chemnne
