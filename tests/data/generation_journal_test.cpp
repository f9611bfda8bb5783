#define BOOST_TEST_MODULE data_generation_journal
#include <filesystem>
#include <fstream>

#include "../support/small_disk.hpp"
#include "data_test_tools.hpp"
#include <boost/test/unit_test.hpp>

#include <chemnne/data/generation_journal.hpp>

using namespace chemnne;
using test::contains;
using test::message_of;
using test::TemporaryFolder;

namespace {

const std::map<std::string, std::string> identity{{"seed", "1"}, {"ranges", std::string(100, 'x')}};

ScenarioWindows windows_of(std::size_t scenario) {
  return {.scenario = scenario,
          .failure = scenario == 2 ? "too stiff" : "",
          .kind = {0, 2},
          .spin_up_length = {1.5, 0},
          .environment_value = {300.1, 1e5},
          .element_total = {1e12, 1e12 / 3},
          .concentration = {1.1f, 0.0f, 3e11f}};
}

}  // namespace

BOOST_AUTO_TEST_CASE(finished_scenarios_come_back_and_a_torn_or_altered_tail_is_dropped) {
  const TemporaryFolder folder;
  const std::string path = folder.file("journal");
  {
    GenerationJournal journal(path, identity);
    for (std::size_t scenario = 1; scenario <= 3; ++scenario) journal.append(windows_of(scenario));
  }
  const auto whole = std::filesystem::file_size(path);
  {
    const auto finished = GenerationJournal(path, identity).take_finished();
    BOOST_REQUIRE(finished.size() == 3u);
    BOOST_TEST(finished[1].scenario == 2u);
    BOOST_TEST(finished[1].failure == "too stiff");
    BOOST_TEST(finished[2].kind == windows_of(3).kind);
    BOOST_TEST(finished[2].spin_up_length == windows_of(3).spin_up_length);
    BOOST_TEST(finished[2].environment_value == windows_of(3).environment_value);
    BOOST_TEST(finished[2].element_total == windows_of(3).element_total);
    BOOST_TEST(finished[2].concentration == windows_of(3).concentration);
  }
  BOOST_TEST(std::filesystem::file_size(path) == whole);
  std::filesystem::resize_file(path, whole - 5);
  BOOST_TEST(GenerationJournal(path, identity).take_finished().size() == 2u);
  {
    GenerationJournal journal(path, identity);  // appends where the torn record was
    journal.append(windows_of(3));
  }
  BOOST_TEST(std::filesystem::file_size(path) == whole);
  {
    std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
    file.seekp(static_cast<std::streamoff>(whole) - 3);
    file.put('?');
  }
  BOOST_TEST(GenerationJournal(path, identity).take_finished().size() == 2u);
}

BOOST_AUTO_TEST_CASE(a_journal_cut_off_in_its_header_begins_anew) {
  const TemporaryFolder folder;
  { GenerationJournal journal(folder.file("journal"), identity); }
  std::filesystem::resize_file(folder.file("journal"), 20);
  GenerationJournal journal(folder.file("journal"), identity);
  BOOST_TEST(journal.take_finished().empty());
}

BOOST_AUTO_TEST_CASE(another_identity_or_file_is_refused_and_left_alone) {
  const TemporaryFolder folder;
  { GenerationJournal journal(folder.file("journal"), identity); }
  auto other = identity;
  other["ranges"] = "less";
  const auto size = std::filesystem::file_size(folder.file("journal"));
  const std::string message = message_of([&] { GenerationJournal(folder.file("journal"), other); });
  BOOST_TEST(contains(message, "ranges: expected less, found a text with the hash"), message);
  BOOST_TEST(std::filesystem::file_size(folder.file("journal")) == size);
  std::ofstream(folder.file("letter")) << "Dear reader, this is not a journal.";
  const std::string foreign = message_of([&] { GenerationJournal(folder.file("letter"), identity); });
  BOOST_TEST(contains(foreign, "another file"), foreign);
  BOOST_CHECK_THROW(GenerationJournal(folder.file("absent/journal"), identity), Error);
}

BOOST_AUTO_TEST_CASE(a_full_disk_is_an_error_and_what_was_whole_before_comes_back) {
  const TemporaryFolder folder;
  const std::string path = folder.file("journal");
  std::string message;
  {
    GenerationJournal journal(path, identity);
    journal.append(windows_of(1));
    const test::SmallDisk disk(std::filesystem::file_size(path) + 20);
    message = message_of([&] { journal.append(windows_of(3)); });
  }
  BOOST_TEST(contains(message, path), message);
  BOOST_TEST(GenerationJournal(path, identity).take_finished().size() == 1u);
}

BOOST_AUTO_TEST_CASE(a_journal_that_knows_more_or_less_is_refused_by_name) {
  const TemporaryFolder folder;
  const auto complaint = [&](const std::map<std::string, std::string>& there,
                             const std::map<std::string, std::string>& now) {
    std::filesystem::remove(folder.file("journal"));
    { GenerationJournal journal(folder.file("journal"), there); }
    return message_of([&] { GenerationJournal(folder.file("journal"), now); });
  };
  auto more = identity;
  more["light_step"] = "900";
  BOOST_TEST(contains(complaint(identity, more), "light_step: expected 900, found none"));
  BOOST_TEST(contains(complaint(more, identity), "light_step: expected none, found 900"));
}
