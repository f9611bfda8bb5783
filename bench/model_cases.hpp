#pragma once
#include <chemnne/model/chemnne.hpp>

/// The networks that are timed, here and by the peers.
namespace bench {

/// The default network of 49 compounds.
struct Default : chemnne::DefaultConfiguration<49, 49> {
  static constexpr const char* name = "default";
};

/// With all parts of the paper's network.
struct Paper : chemnne::PaperConfiguration<49, 49> {
  static constexpr const char* name = "paper";
};

/// One latent node a minute, as in the paper: 60 nodes of width 128, 16 Fourier modes.
struct Minutely : chemnne::PaperConfiguration<49, 49> {
  static constexpr const char* name = "minutely";
  static constexpr std::size_t nodes = 60;
  static constexpr std::size_t width = 128;
  static constexpr std::size_t modes = 16;
};

/// Without what a configuration may leave out: to be compared with, not timed.
struct Bare : chemnne::PaperConfiguration<49, 49> {
  static constexpr const char* name = "bare";
  static constexpr bool attention = false;
  static constexpr std::size_t exponentials = 0;
};

/// 49 compounds in, 400 out, for a mechanism the size of ARCA's.
struct ManyOutputs : chemnne::DefaultConfiguration<49, 400> {
  static constexpr const char* name = "many_outputs";
};

/// 49 compounds in, all 2439 of ARCA's Hyde scheme out.
struct AllOutputs : chemnne::DefaultConfiguration<49, 2439> {
  static constexpr const char* name = "all_outputs";
};

}  // namespace bench
