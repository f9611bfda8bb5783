#pragma once

/// Everything: what a program that generates data, trains and evaluates includes. Hosts take
/// chemnne/emulator.hpp.

#include <chemnne/autodiff/gradient_check.hpp>
#include <chemnne/chemistry/balance.hpp>
#include <chemnne/chemistry/kpp_reader.hpp>
#include <chemnne/data/dataset_file.hpp>
#include <chemnne/data/generator.hpp>
#include <chemnne/data/reference_sensitivity.hpp>
#include <chemnne/data/rollout.hpp>
#include <chemnne/data/scenario_ranges.hpp>
#include <chemnne/data/window_recorder.hpp>
#include <chemnne/emulator.hpp>
#include <chemnne/model/per_time_mlp.hpp>
#include <chemnne/training/calibration.hpp>
#include <chemnne/training/evaluation.hpp>
#include <chemnne/training/permutation_importance.hpp>
#include <chemnne/training/results_file.hpp>
#include <chemnne/training/sensitivity.hpp>
#include <chemnne/training/train.hpp>
#include <chemnne/training/trained_network.hpp>
