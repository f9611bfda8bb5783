#pragma once
#include <memory>
#include <type_traits>

#include <chemnne/host/c_interface.hpp>

namespace chemnne {

/// Derivatives of a step behind functions that C can call (CInterface): `Derivative` is the StepDerivative of
/// the emulator `Chemistry`, whose guard is a `Guard`, or the SolverDerivative of a solver, which has none
/// (`void`).
template <class Chemistry, class Derivative, class Guard = void>
class CDerivative : public CInterface<Chemistry> {
  using Base = CInterface<Chemistry>;
  struct Owned {
    Owned(const Chemistry& of, double longest_step) : chemistry(&of), derivative(made(of, longest_step)) {}
    static Derivative made(const Chemistry& of, [[maybe_unused]] double longest_step) {
      if constexpr (std::is_constructible_v<Derivative, const Chemistry&, double>)
        return Derivative(of, longest_step);
      else
        return Derivative(of);
    }
    const Chemistry* chemistry;
    Derivative derivative;
  };

 public:
  template <class OpaqueChemistry, class Opaque>
  static int create(const OpaqueChemistry* chemistry, double longest_step, Opaque** derivative,
                    CMessage message) noexcept {
    if (!chemistry || !derivative)
      return message.refuse("an emulator or solver and a place for the derivative");
    return message.run(CHEMNNE_BAD_ARGUMENT, [&] {
      *derivative = Base::template opaque<Opaque>(std::make_unique<Owned>(Base::of(chemistry), longest_step));
    });
  }
  template <class Opaque>
  static void free(Opaque* derivative) noexcept {
    delete reinterpret_cast<Owned*>(derivative);
  }

  /// Arguments of `tangent` and `adjoint`: of the step, and of the derivative, of which `of_conditions` may
  /// be null, as may layouts that are those of the state and the conditions.
  template <class Opaque, class Binding, class Conditions>
  struct Call {
    Opaque* derivative;
    const Binding* binding;
    const double* state;
    const chemnne_layout* state_layout;
    const double* conditions;
    const chemnne_layout* conditions_layout;
    double seconds;
    const chemnne_step* step;
    double* of_state;
    const chemnne_layout* of_state_layout;
    Conditions* of_conditions;
    const chemnne_layout* of_conditions_layout;
    chemnne_status* status;
    CMessage message;
  };

  template <class Opaque, class Binding>
  static int tangent(const Call<Opaque, Binding, const double>& call) noexcept {
    return made(call, [](Derivative& derivative, auto&&... arguments) {
      return derivative.template tangent<double>(arguments...);
    });
  }
  template <class Opaque, class Binding>
  static int adjoint(const Call<Opaque, Binding, double>& call) noexcept {
    return made(call, [](Derivative& derivative, auto&&... arguments) {
      return derivative.template adjoint<double>(arguments...);
    });
  }

 private:
  template <class AnyCall, class F>
  static int made(const AnyCall& call, const F& f) noexcept {
    const CMessage& message = call.message;
    if (call.status) *call.status = chemnne_status{};
    auto* const owned = reinterpret_cast<Owned*>(call.derivative);
    const Chemistry* const chemistry = owned ? owned->chemistry : nullptr;
    const int code = Base::check(chemistry, call.binding, owned, call.state, call.state_layout,
                                 call.conditions, call.conditions_layout, call.seconds, message);
    if (code != CHEMNNE_OK) return code;
    const chemnne_layout &state = call.of_state_layout ? *call.of_state_layout : *call.state_layout,
                         &conditions =
                             call.of_conditions_layout ? *call.of_conditions_layout : *call.conditions_layout;
    if (!fits(state, *call.state_layout) || !distinct(state) || !fits(conditions, *call.conditions_layout) ||
        (call.state_layout->cells > 0 && !call.of_state))
      return message.refuse("directions or slopes of all cells, as many as species and conditions");
    const auto with = [&](auto&... guard) {
      return f(owned->derivative, reinterpret_cast<const typename Base::Bound*>(call.binding)->binding,
               Base::columns(call.state, *call.state_layout),
               Base::columns(call.conditions, *call.conditions_layout), call.seconds,
               Base::columns(call.of_state, state), Base::columns(call.of_conditions, conditions), guard...);
    };
    StepStatus done;
    if constexpr (std::is_void_v<Guard>) {
      done = with();
    } else {
      Guard guard(call.step ? *call.step : chemnne_step{});
      if (!guard.valid())
        return message.refuse("a guard of enum chemnne_guard, with a solver to fall back to");
      done = with(guard);
    }
    if (!done.valid_step)
      return message.refuse("a step no longer than the derivative was made for", CHEMNNE_BAD_STEP);
    if (call.status) *call.status = Base::counts(done);
    return CHEMNNE_OK;
  }
  static bool fits(const chemnne_layout& one, const chemnne_layout& other) noexcept {
    return one.cells == other.cells && one.items == other.items && plausible(one);
  }
};

}  // namespace chemnne
