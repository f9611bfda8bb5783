#pragma once
#include <cstddef>
#include <cstdio>
#include <limits>

#include <CLI/CLI.hpp>

#include <chemnne/cli/mechanism_file.hpp>
#include <chemnne/cli/mechanism_summary.hpp>

namespace chemnne {

/// `info`: what is in a mechanism, and does it conserve its elements?
class MechanismInfoCommand {
 public:
  explicit MechanismInfoCommand(CLI::App& program)
      : command_(
            program.add_subcommand("info",
                                   "Counts species and reactions, lists the reactions that create or lose "
                                   "atoms and, at a state, tells how stiff the system is.")),
        mechanism_(*command_) {
    command_->add_flag("--json", json_, "write JSON, for other programs");
    command_->add_flag("--list", list_, "list every reaction that is not balanced, not only the first 20");
    command_->add_flag(
        "--all-elements", all_elements_,
        "balance H and O too; most published mechanisms leave H2O and O2 out and do not close them");
    command_->callback([this] { run(); });
  }

 private:
  void run() const {
    const Mechanism mechanism = mechanism_.read({.collect_unresolved = true});
    const MechanismSummary summary(mechanism, all_elements_);
    if (json_)
      std::printf("%s\n", summary.json().dump().c_str());
    else
      summary.print(list_ ? std::numeric_limits<std::size_t>::max() : 20);
  }

  CLI::App* command_;
  MechanismFile mechanism_;
  bool json_ = false, list_ = false, all_elements_ = false;
};

}  // namespace chemnne
