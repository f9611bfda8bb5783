#define BOOST_TEST_MODULE host_columns
#include <numeric>
#include <set>
#include <utility>
#include <vector>

#include <boost/test/unit_test.hpp>

#include <chemnne/host/columns.hpp>

using chemnne::Columns;

namespace {

constexpr std::size_t cells = 11, items = 3;

/// A layout, and where the host would put value `item` of `cell` by its own formula.
struct Layout {
  const char* name;
  Columns<int> columns;
  std::size_t (*place)(std::size_t cell, std::size_t item);
};

std::vector<Layout> layouts(int* data) {
  return {{"KPP", Columns<int>::cell_major(data, cells, items),
           [](std::size_t c, std::size_t i) { return c * items + i; }},
          {"CAM", Columns<int>::item_major(data, cells),
           [](std::size_t c, std::size_t i) { return i * cells + c; }},
          {"MICM, vectors of 4", Columns<int>::blocks(data, cells, items, 4),
           [](std::size_t c, std::size_t i) { return (c / 4) * items * 4 + i * 4 + c % 4; }},
          // NPROMA 4 with a level of another array between blocks: data[block][item][nproma + 1].
          {"NPROMA with a margin",
           {data, cells, 1, 5, 4, 5 * items},
           [](std::size_t c, std::size_t i) { return (c / 4) * 5 * items + i * 5 + c % 4; }},
          {"blocks of cells, species fastest",
           {data, cells, items, 1, 4, 4 * items + 7},
           [](std::size_t c, std::size_t i) { return (c / 4) * (4 * items + 7) + (c % 4) * items + i; }}};
}

}  // namespace

BOOST_AUTO_TEST_CASE(a_value_is_where_the_host_has_it) {
  std::vector<int> data(200);
  std::iota(data.begin(), data.end(), 0);
  for (const Layout& layout : layouts(data.data()))
    for (std::size_t cell = 0; cell < cells; ++cell)
      for (std::size_t item = 0; item < items; ++item)
        BOOST_TEST(static_cast<std::size_t>(layout.columns(cell, item)) == layout.place(cell, item),
                   layout.name << ", cell " << cell << ", item " << item);
}

BOOST_AUTO_TEST_CASE(each_meets_every_value_once_and_nothing_else) {
  std::vector<int> data(200);
  for (const Layout& layout : layouts(data.data()))
    for (const auto& [first, count] : std::vector<std::pair<std::size_t, std::size_t>>{
             {0, cells}, {0, 1}, {3, 1}, {3, 2}, {2, 9}, {4, 4}, {5, 6}, {7, 0}}) {
      std::set<std::pair<std::size_t, std::size_t>> seen;
      const auto meet = [&, first = first, count = count](std::size_t cell, std::size_t item, int& value) {
        BOOST_TEST((cell >= first && cell < first + count && item < items));
        BOOST_TEST(&value == &layout.columns(cell, item), layout.name);
        BOOST_TEST(seen.emplace(cell, item).second);
      };
      layout.columns.each(first, count, items, meet);
      BOOST_TEST(seen.size() == count * items, layout.name);
    }
}

BOOST_AUTO_TEST_CASE(a_view_for_reading_has_the_same_places) {
  std::vector<int> data(200);
  for (const Layout& layout : layouts(data.data())) {
    const Columns<const int> reading = layout.columns;
    BOOST_TEST(&reading(10, 2) == &layout.columns(10, 2));
  }
}
