#pragma once
#include "configurations.hpp"

#include <chemnne/model/chemnne.hpp>

/// ChemNNE of task 1 in several sizes: which is worth its time?
namespace arca {

/// A size as a model under its name.
template <class Size>
struct Sized : chemnne::ChemNNE<Size> {
  static constexpr const char* architecture = Size::name;
};

template <std::size_t Layers, bool Skips = true, std::size_t Width = 256>
struct Encoded : chemnne::DefaultConfiguration<49, 49> {
  static constexpr std::size_t encoder_layers = Layers, encoder_width = Width;
  static constexpr bool encoder_skips = Skips;
};

struct Plain3 : Encoded<3, false> {
  static constexpr const char* name = "plain-3";
};
struct Residual3 : Encoded<3> {
  static constexpr const char* name = "residual-3";
};
struct Residual5 : Encoded<5> {
  static constexpr const char* name = "residual-5";
};
struct Residual7 : Encoded<7> {
  static constexpr const char* name = "residual-7";
};
struct Residual12 : Encoded<12> {
  static constexpr const char* name = "residual-12";
};
struct Narrow9 : Encoded<9, true, 128> {
  static constexpr const char* name = "narrow-9";
};
struct Wide5 : Encoded<5, true, 384> {
  static constexpr const char* name = "wide-5";
};
/// Modes of each output straight from the code.
struct OwnModes : Encoded<3, false> {
  static constexpr const char* name = "own-modes-3";
  static constexpr std::size_t exponential_width = 0;
  static constexpr bool production_loss = false;
};
/// All parts of the paper's network behind residual layers.
struct PaperResidual : chemnne::PaperConfiguration<49, 49> {
  static constexpr const char* name = "paper-residual-5";
  static constexpr std::size_t encoder_layers = 5;
  static constexpr bool encoder_skips = true;
};
struct Paper : chemnne::PaperConfiguration<49, 49> {
  static constexpr const char* name = "paper";
};

}  // namespace arca
