#pragma once
#include <algorithm>
#include <array>
#include <bitset>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <span>
#include <utility>
#include <vector>

#include <chemnne/chemistry/rate_context.hpp>
#include <chemnne/chemistry/rate_graph.hpp>
#include <chemnne/chemistry/rate_program.hpp>
#include <chemnne/solver/lanes.hpp>

namespace chemnne {

/// Evaluates a RateProgram for a block of `cells` cells at once, one a lane, in double precision.
///
/// Inputs: double [program.inputs()][cells], in the program's order. Rates: T [program.reactions() +
/// program.slopes().size()][cells], the effective rate constants of all reactions, then the slopes. Both
/// aligned to 64 bytes. What T cannot hold becomes its largest number. What is computed for a cell does not
/// depend on the other lanes.
/// `evaluate` does not allocate or throw. It writes to memory of its own: copy it to give each thread one.
/// The program is referred to and must outlive it.
template <class T>
class LaneRates {
 public:
  using Lane = NativeLanes<double>;
  static constexpr std::size_t cells = NativeLanes<T>::count;

  explicit LaneRates(const RateProgram& program)
      : program_(&program), values_(program.size()), parameters_(program.parameters()) {
    for (std::size_t r = 0; r < program.reactions(); ++r) results_.push_back(program.rate(r));
    for (const RateProgram::Slope& slope : program.slopes()) results_.push_back(slope.node);
    for (const RateCall& call : program.calls())
      arguments_.resize(std::max(arguments_.size(), call.arguments.size()));
    schedule();
  }

  /// Number of rows that `evaluate` writes.
  std::size_t rates() const { return results_.size(); }

  /// Which cells are well: all rate constants, and the inputs that they follow, are finite. Those of other
  /// cells are not to be used.
  std::bitset<cells> evaluate(const double* inputs, T* rates) noexcept {
    std::uint32_t well = 0;
    for (std::size_t part = 0; part < cells / Lane::count; ++part) {
      const std::size_t first = part * Lane::count;
      for (const Run& run : runs_) execute(run, inputs + first);
      well |= static_cast<std::uint32_t>(finish(rates + first)) << first;
    }
    return well;
  }

 private:
  using Index = RateProgram::Index;
  using Operation = RateNodeOperation;

  struct alignas(64) Value {
    double lane[Lane::count];
  };
  struct Step {
    Index to, a, b, c;
  };
  /// Steps of one operation, none of which needs another: what is to be done is decided once a run, and
  /// exponentials need not wait for each other.
  struct Run {
    Operation operation;
    std::vector<Step> steps;
  };

  /// Always the operation of which most steps are ready.
  void schedule() {
    const std::span<const RateNode> nodes = program_->nodes();
    std::vector<std::size_t> waits(nodes.size(), 0);
    std::vector<std::vector<Index>> readers(nodes.size());
    std::array<std::vector<Step>, static_cast<std::size_t>(Operation::select) + 1> ready;
    const auto make_ready = [&](Index i) {
      const RateNode& node = nodes[i];
      ready[static_cast<std::size_t>(node.operation)].push_back({i, node.a, node.b, node.c});
    };
    for (Index i = 0; i < nodes.size(); ++i) {
      program_->for_each_operand(i, [&](Index operand) {
        readers[operand].push_back(i);
        ++waits[i];
      });
      if (waits[i] == 0) make_ready(i);
    }
    for (;;) {
      const auto most = std::max_element(ready.begin(), ready.end(), [](const auto& one, const auto& other) {
        return one.size() < other.size();
      });
      if (most->empty()) return;
      Run run{static_cast<Operation>(most - ready.begin()), std::exchange(*most, {})};
      for (const Step& step : run.steps)
        for (const Index reader : readers[step.to])
          if (--waits[reader] == 0) make_ready(reader);
      if (run.operation == Operation::input) inputs_ = run.steps;
      if (run.operation != Operation::constant)
        runs_.push_back(std::move(run));
      else
        for (const Step& step : run.steps)
          std::fill_n(values_[step.to].lane, Lane::count, nodes[step.to].number);
    }
  }

  Lane value(Index i) const { return Lane::load(values_[i].lane); }
  static Lane truth(const Lane::Mask& mask) { return select(mask, Lane(1.0), Lane(0.0)); }

  template <class F>
  void each(const Run& run, const F& operation) noexcept {
    for (const Step& step : run.steps) operation(step).store(values_[step.to].lane);
  }

  void execute(const Run& run, const double* inputs) noexcept {
    switch (run.operation) {
      case Operation::constant:
        return;
      case Operation::input:
        return each(run, [&](const Step& s) { return Lane::load(inputs + s.a * cells); });
      case Operation::call:
        for (std::size_t lane = 0; lane < Lane::count; ++lane) call_all(run, inputs, lane);
        return;
      case Operation::square_root:
        return each(run, [&](const Step& s) { return sqrt(value(s.a)); });
      case Operation::absolute:
        return each(run, [&](const Step& s) { return abs(value(s.a)); });
      case Operation::exponential:
        return each(run, [&](const Step& s) { return exp(value(s.a)); });
      case Operation::logarithm:
        return each(run, [&](const Step& s) { return log(value(s.a)); });
      case Operation::sine:
        return each(run, [&](const Step& s) { return sin(value(s.a)); });
      case Operation::cosine:
        return each(run, [&](const Step& s) { return cos(value(s.a)); });
      case Operation::truncate:
        return each(run, [&](const Step& s) { return trunc(value(s.a)); });
      case Operation::add:
        return each(run, [&](const Step& s) { return value(s.a) + value(s.b); });
      case Operation::subtract:
        return each(run, [&](const Step& s) { return value(s.a) - value(s.b); });
      case Operation::multiply:
        return each(run, [&](const Step& s) { return value(s.a) * value(s.b); });
      case Operation::divide:
        return each(run, [&](const Step& s) { return value(s.a) / value(s.b); });
      case Operation::minimum:
        return each(run, [&](const Step& s) { return min(value(s.b), value(s.a)); });
      case Operation::maximum:
        return each(run, [&](const Step& s) { return max(value(s.b), value(s.a)); });
      case Operation::power:
        return each(run, [&](const Step& s) { return pow(value(s.a), value(s.b)); });
      case Operation::arctangent:
        return each(run, [&](const Step& s) { return atan2(value(s.a), value(s.b)); });
      case Operation::less:
        return each(run, [&](const Step& s) { return truth(value(s.a) < value(s.b)); });
      case Operation::less_or_equal:
        return each(run, [&](const Step& s) { return truth(value(s.a) <= value(s.b)); });
      case Operation::equal:
        return each(run, [&](const Step& s) {
          return truth((value(s.a) <= value(s.b)) & (value(s.b) <= value(s.a)));
        });
      case Operation::select:
        return each(run,
                    [&](const Step& s) { return select(Lane(0.0) < value(s.a), value(s.b), value(s.c)); });
    }
  }

  /// The functions, one after the other, in the environment of one cell.
  void call_all(const Run& run, const double* inputs, std::size_t lane) noexcept {
    for (std::size_t p = 0; p < parameters_.size(); ++p)
      parameters_[p] = inputs[(environment_inputs + p) * cells + lane];
    RateContext context{};
    context.parameters = parameters_;
    for (const auto& [variable, node] : program_->context().variables)
      context.*variable = values_[node].lane[lane];
    for (const auto& [number, node] : program_->context().photolysis)
      context.photolysis[number] = values_[node].lane[lane];
    for (const Step& step : run.steps)
      values_[step.to].lane[lane] = call(program_->calls()[step.a], context, lane);
  }

  /// Not a number where the function throws.
  double call(const RateCall& call, const RateContext& context, std::size_t lane) noexcept {
    for (std::size_t a = 0; a < call.arguments.size(); ++a)
      arguments_[a] = values_[call.arguments[a]].lane[lane];
    try {
      return call.function->value(context, std::span(arguments_).first(call.arguments.size()));
    } catch (...) {
      return std::numeric_limits<double>::quiet_NaN();
    }
  }

  /// Writes the rates; a bit for each lane where all is finite.
  unsigned finish(T* rates) noexcept {
    const Lane largest(static_cast<double>(std::numeric_limits<T>::max()));
    Lane nothing(0.0);  // 0 x is no longer 0 where x is not finite
    for (const Step& input : inputs_) nothing += Lane(0.0) * value(input.to);
    for (std::size_t r = 0; r < results_.size(); ++r) {
      const Lane rate = value(results_[r]);
      nothing = multiply_add(Lane(0.0), rate, nothing);
      Value bounded;
      max(-largest, min(largest, rate)).store(bounded.lane);
      for (std::size_t lane = 0; lane < Lane::count; ++lane)
        rates[r * cells + lane] = static_cast<T>(bounded.lane[lane]);
    }
    Value sums;
    nothing.store(sums.lane);
    unsigned well = 0;
    for (std::size_t lane = 0; lane < Lane::count; ++lane) well |= unsigned{sums.lane[lane] == 0} << lane;
    return well;
  }

  const RateProgram* program_;
  std::vector<Run> runs_;
  std::vector<Step> inputs_;
  std::vector<Index> results_;
  std::vector<Value> values_;  ///< of the nodes
  std::vector<double> parameters_, arguments_;
};

}  // namespace chemnne
