#pragma once
#include <chemnne/layers/chain.hpp>
#include <chemnne/layers/compose.hpp>
#include <chemnne/layers/map.hpp>
#include <chemnne/layers/select_step.hpp>

namespace chemnne {

namespace detail {
template <class L, std::size_t Step>
struct AtStep;
}  // namespace detail

/// The layer that gives step `Step` of the output of L, [1, Width], from the same parameters, and computes
/// what that step needs: the selection moves towards the input through all that treats each step by itself.
template <class L, std::size_t Step>
using AtStep = typename detail::AtStep<L, Step>::type;

namespace detail {

template <class S, std::size_t Step>
struct SelectOf;
template <std::size_t Steps, std::size_t Width, std::size_t Step>
struct SelectOf<Shape<Steps, Width>, Step> {
  using type = SelectStep<Steps, Step, Width>;
};

/// Any layer: all steps, then the selection.
template <class L, std::size_t Step>
struct AtStep {
  using type = Chain<L, typename SelectOf<typename L::Output, Step>::type>;
};

template <std::size_t Steps, class L, std::size_t Step>
struct AtStep<EachStep<Steps, L>, Step> {
  using type = Chain<typename SelectOf<typename EachStep<Steps, L>::Input, Step>::type, EachStep<1, L>>;
};
template <class F, std::size_t Steps, std::size_t Width, std::size_t Step>
struct AtStep<Map<F, Steps, Width>, Step> {
  using type = Chain<SelectStep<Steps, Step, Width>, Map<F, 1, Width>>;
};
template <class S, std::size_t Step>
struct AtStep<Identity<S>, Step> {
  using type = typename SelectOf<S, Step>::type;
};
template <class L, std::size_t Step>
struct AtStep<Skip<L>, Step> {
  using type = Sum<chemnne::AtStep<L, Step>, typename SelectOf<typename L::Input, Step>::type>;
};
template <class F, class G, std::size_t Step>
struct AtStep<Sum<F, G>, Step> {
  using type = Sum<chemnne::AtStep<F, Step>, chemnne::AtStep<G, Step>>;
};
template <class Label, class L, std::size_t Step>
struct AtStep<Labelled<Label, L>, Step> {
  using type = Labelled<Label, chemnne::AtStep<L, Step>>;
};

/// Before: layers whose outputs are needed at all steps; Last: the layer whose output is selected.
template <class Before, class Last, std::size_t Step>
struct AtStepOfLast;
template <class... Before, class Last, std::size_t Step>
struct AtStepOfLast<Chain<Before...>, Last, Step> {
  using type = Chain<Before..., Last>;
};
/// A selection at the front of Last goes on to the layers before.
template <class... Before, std::size_t Steps, std::size_t Width, class... Rest, std::size_t Step>
struct AtStepOfLast<Chain<Before...>, Chain<SelectStep<Steps, Step, Width>, Rest...>, Step> {
  using type = Chain<chemnne::AtStep<Chain<Before...>, Step>, Rest...>;
};

/// The last of some layers, and those before it.
template <class Before, class... Layers>
struct LastOf;
template <class... Before, class Last>
struct LastOf<Chain<Before...>, Last> {
  using before = Chain<Before...>;
  using last = Last;
};
template <class... Before, class First, class Second, class... Rest>
struct LastOf<Chain<Before...>, First, Second, Rest...> : LastOf<Chain<Before..., First>, Second, Rest...> {};

template <class L, std::size_t Step>
struct AtStep<Chain<L>, Step> {
  using type = chemnne::AtStep<L, Step>;
};
template <class First, class Second, class... Rest, std::size_t Step>
struct AtStep<Chain<First, Second, Rest...>, Step> {
  using Split = LastOf<Chain<First>, Second, Rest...>;
  using type =
      typename AtStepOfLast<typename Split::before, chemnne::AtStep<typename Split::last, Step>, Step>::type;
};

}  // namespace detail

}  // namespace chemnne
