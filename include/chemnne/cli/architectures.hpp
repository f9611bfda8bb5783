#pragma once
#include <string>

#include <chemnne/io/weights_file.hpp>
#include <chemnne/model/per_time_mlp.hpp>

namespace chemnne {

/// Calls f.template operator()<Model>() with the model of configuration C that `architecture` names.
/// Errors: Error for another name.
template <class C, class F>
auto with_architecture(const std::string& architecture, const std::string& where, const F& f) {
  if (architecture == ChemNNE<C>::architecture) return f.template operator()<ChemNNE<C>>();
  if (architecture == PerTimeMlp<C>::architecture) return f.template operator()<PerTimeMlp<C>>();
  throw Error(where + ", architecture", "'chemnne' or 'mlp'", "'" + architecture + "'");
}

/// The architecture that a weights file is of. Errors: see description_of.
inline std::string architecture_of(const std::string& weights) {
  return description_of(read_safetensors(weights), weights).architecture;
}

}  // namespace chemnne
