#define BOOST_TEST_MODULE host_layout_check
#include <cstddef>
#include <cstdint>
#include <set>

#include <boost/test/unit_test.hpp>

#include <chemnne/host/columns.hpp>
#include <chemnne/host/layout_check.hpp>

using namespace chemnne;

namespace {

/// Whether each value has a place of its own, by looking at all of them.
bool each_has_its_place(const chemnne_layout& layout) {
  static char memory[1 << 16];
  const Columns<char> columns{memory,        layout.cells,       layout.cell_stride, layout.item_stride,
                              layout.length, layout.block_stride};
  std::set<const char*> places;
  for (std::size_t cell = 0; cell < layout.cells; ++cell)
    for (std::size_t item = 0; item < layout.items; ++item) places.insert(&columns(cell, item));
  return places.size() == layout.cells * layout.items;
}

}  // namespace

BOOST_AUTO_TEST_CASE(a_layout_that_passes_never_overlaps) {
  std::size_t passed = 0, refused = 0;
  for (const std::size_t cells : {1u, 2u, 5u, 8u})
    for (const std::size_t items : {1u, 2u, 3u})
      for (std::size_t cell_stride = 0; cell_stride < 8; ++cell_stride)
        for (std::size_t item_stride = 0; item_stride < 12; ++item_stride)
          for (const std::size_t length : {0u, 1u, 2u, 4u})
            for (std::size_t block_stride = 0; block_stride < 26; ++block_stride) {
              const chemnne_layout layout{cells, items, cell_stride, item_stride, length, block_stride};
              BOOST_TEST_REQUIRE(plausible(layout));
              if (distinct(layout)) BOOST_TEST_REQUIRE(each_has_its_place(layout));
              ++(distinct(layout) ? passed : refused);
            }
  BOOST_TEST(passed > 1000u);
  BOOST_TEST(refused > 1000u);
}

BOOST_AUTO_TEST_CASE(the_layouts_of_hosts_pass) {
  const std::size_t pcols = 16, ncol = 13, levels = 32, tracers = 40;
  for (const chemnne_layout& layout :
       {chemnne_cell_major(100, tracers), chemnne_item_major(100, tracers), chemnne_blocks(100, tracers, 8),
        chemnne_layout{ncol * levels, tracers, 1, pcols * levels, ncol, pcols},  // CAM
        chemnne_layout{11 * 30, tracers, 1, 15 * 30 * 20, 11, 15},               // WRF, one j
        chemnne_layout{5 * levels, tracers, 1, pcols * levels, 5, pcols},
        chemnne_layout{}}) {  // NPROMA's last
    BOOST_TEST(plausible(layout));
    BOOST_TEST(distinct(layout));
  }
}

BOOST_AUTO_TEST_CASE(strides_that_were_negative_are_not_plausible) {
  const auto negative = static_cast<std::size_t>(-1);
  BOOST_TEST(!plausible({10, 3, negative, 10, 0, 0}));
  BOOST_TEST(!plausible({10, 3, 1, static_cast<std::size_t>(-10), 0, 0}));
  BOOST_TEST(!plausible({10, 3, 1, 10, 4, negative}));
  BOOST_TEST(!plausible({SIZE_MAX, 3, 1, 10, 0, 0}));
  BOOST_TEST(!plausible({10, SIZE_MAX, 3, 1, 0, 0}));
}
