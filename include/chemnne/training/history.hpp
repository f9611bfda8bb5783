#pragma once
#include <cstddef>
#include <string>
#include <vector>

#include <chemnne/support/number_text.hpp>

namespace chemnne {

/// What is remembered of one epoch.
template <class Loss>
struct Epoch {
  std::size_t epoch = 0;
  double seconds = 0;        ///< of training, since its start
  double learning_rate = 0;  ///< at the end of the epoch
  double loss = 0;           ///< mean of the weighted sum over the epoch
  typename Loss::Values terms{};
  double validation_rmse = 0;  ///< standardised, averaged weights
};

/// The history as a CSV text: a header, then a line an epoch.
template <class Loss>
std::string history_csv(const std::vector<Epoch<Loss>>& history) {
  std::string text = "epoch,seconds,learning_rate,training_loss";
  for (const char* name : Loss::names) text += std::string(",") + name;
  text += ",validation_rmse\n";
  for (const Epoch<Loss>& row : history) {
    text += std::to_string(row.epoch) + ',' + fixed_text(row.seconds, 3) + ',' +
            number_text(row.learning_rate, 6) + ',' + number_text(row.loss, 6);
    for (const double term : row.terms) text += ',' + number_text(term, 6);
    text += ',' + number_text(row.validation_rmse, 6) + '\n';
  }
  return text;
}

/// The history as one array of numbers, for a checkpoint.
template <class Loss>
std::vector<double> history_to_numbers(const std::vector<Epoch<Loss>>& history) {
  std::vector<double> numbers;
  for (const Epoch<Loss>& row : history) {
    numbers.insert(numbers.end(), {static_cast<double>(row.epoch), row.seconds, row.learning_rate, row.loss});
    numbers.insert(numbers.end(), row.terms.begin(), row.terms.end());
    numbers.push_back(row.validation_rmse);
  }
  return numbers;
}

/// The history of `history_to_numbers`; numbers of an epoch that is not whole are left out.
template <class Loss>
std::vector<Epoch<Loss>> history_from_numbers(const std::vector<double>& numbers) {
  std::vector<Epoch<Loss>> history;
  for (std::size_t at = 0; at + Loss::size + 5 <= numbers.size(); at += Loss::size + 5) {
    Epoch<Loss> row{
        static_cast<std::size_t>(numbers[at]), numbers[at + 1], numbers[at + 2], numbers[at + 3], {}, 0};
    for (std::size_t i = 0; i < Loss::size; ++i) row.terms[i] = numbers[at + 4 + i];
    row.validation_rmse = numbers[at + 4 + Loss::size];
    history.push_back(row);
  }
  return history;
}

}  // namespace chemnne
