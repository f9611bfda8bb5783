#pragma once
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <chemnne/support/number_text.hpp>
#include <chemnne/support/text.hpp>
#include <chemnne/support/version.hpp>
#include <chemnne/training/training_options.hpp>
#include <chemnne/training/training_set.hpp>

namespace chemnne {

/// All that the result of a training depends on, but for the clock: names and values. A checkpoint of a run
/// that differs in one of them is of another run.
using RunIdentity = std::vector<std::pair<std::string, std::string>>;

/// A fingerprint of numbers.
template <class T>
std::string hash_of(std::span<const T> values) {
  return hash_hex({reinterpret_cast<const char*>(values.data()), values.size_bytes()});
}

/// A fingerprint of all that training sees of a set.
inline std::string hash_of(const TrainingSet& set) {
  return hash_hex(hash_of(std::span(set.state)) + hash_of(std::span(set.condition)) +
                  hash_of(std::span(set.total)));
}

/// The identity of a training of `model` (architecture and configuration), whose loss has the constants
/// `loss` and whose windows are renewed by `source`.
inline RunIdentity run_identity(const std::string& model, const TrainingSet& train,
                                const TrainingSet& validation, const TrainingOptions& options,
                                const std::string& loss, const std::string& source) {
  // All members by name: who adds an option is told by the compiler that it belongs here.
  const auto& [optimiser, sampling, weights, linear_beyond, slow_importance, importance, epochs, minutes,
               patience, checkpoint, start, element_exact, resume] = options;
  const auto& [learning_rate, final_share, warm_up, beta_1, beta_2, epsilon, weight_decay, largest_norm,
               average_decay] = optimiser;
  const auto& [batch, any_start, seed] = sampling;
  const auto& [state_error, identity, first_derivative, second_derivative, conservation] = weights;
  return {{"chemnne", std::string(version)},
          {"model", model},
          {"data", hash_of(train)},
          {"validation data", hash_of(validation)},
          {"initial weights", start.empty() ? "drawn" : hash_of(std::span(start))},
          {"seed", std::to_string(seed)},
          {"batch", std::to_string(batch)},
          {"samples from", any_start ? "any frame" : "frame 0"},
          {"epochs", minutes > 0 ? "any number" : std::to_string(epochs)},
          {"minutes", number_text(minutes)},
          {"patience", std::to_string(patience)},
          {"learning rate", number_text(learning_rate)},
          {"final share", number_text(final_share)},
          {"warm-up", number_text(warm_up)},
          {"beta", number_text(beta_1) + ' ' + number_text(beta_2)},
          {"epsilon", number_text(epsilon)},
          {"weight decay", number_text(weight_decay)},
          {"largest norm", number_text(largest_norm)},
          {"average decay", number_text(average_decay)},
          {"linear beyond", number_text(linear_beyond)},
          {"importance of slow species", number_text(slow_importance)},
          {"importance of species", importance.empty() ? "by none" : hash_of(std::span(importance))},
          {"weights", number_text(state_error) + ' ' + number_text(identity) + ' ' +
                          number_text(first_derivative) + ' ' + number_text(second_derivative) + ' ' +
                          number_text(conservation)},
          {"element exact", element_exact ? "yes" : "no"},
          {"constants of the loss", loss},
          {"fresh windows", source}};
}

}  // namespace chemnne
