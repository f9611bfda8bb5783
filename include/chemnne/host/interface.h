/** @file
 * What the C interfaces of all emulators and solvers share: codes, layouts, guards, counts. C99.
 *
 * An emulator or solver `x` adds its own functions, x_open, x_bind, x_advance, ..., in the generated header x.h. */
#ifndef CHEMNNE_HOST_INTERFACE_H
#define CHEMNNE_HOST_INTERFACE_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/** What a function returns. Whatever is not CHEMNNE_OK has changed nothing. */
enum chemnne_code {
  CHEMNNE_OK = 0,
  CHEMNNE_BAD_ARGUMENT = 1, /**< a null pointer, a layout that does not fit, an unknown choice */
  CHEMNNE_BAD_FILE = 2,     /**< weights that are not there, damaged, of another network or mechanism, or without the
                                 coverage asked for */
  CHEMNNE_BAD_NAME = 3,     /**< a species or condition that is missing or there twice, or a unit that is not known */
  CHEMNNE_BAD_STEP = 4,     /**< a step length that is not positive and finite, or far too long */
  CHEMNNE_NO_MEMORY = 5,
  CHEMNNE_FAILED = 6 /**< anything else */
};

/** What a host's numbers for a species are. */
enum chemnne_unit {
  CHEMNNE_NUMBER_DENSITY = 0,   /**< molecules cm-3 */
  CHEMNNE_MOLE_FRACTION = 1,    /**< mol mol-1 of air, moist if the pressure among the conditions is */
  CHEMNNE_MASS_MIXING_RATIO = 2 /**< kg kg-1 of air */
};

/** What there is to say of a cell after a step, a union of these. */
enum chemnne_flag {
  CHEMNNE_OUTSIDE_TRAINING = 1, /**< a species or condition is outside the range of the training data */
  CHEMNNE_UNCERTAIN = 2,        /**< unlike the training data as the network sees them (calibrated weights only) */
  CHEMNNE_LIMITED = 4,          /**< a species would have been taken beyond the training data */
  CHEMNNE_NOT_FINITE = 8,       /**< input or result is not finite, or the result is negative */
  CHEMNNE_BUDGET = 16,          /**< the total of a conserved element changes by more than the host allows */
  CHEMNNE_KEPT = 32,            /**< the state is as it was before */
  CHEMNNE_SOLVED = 64,          /**< the fallback solver's result */
  CHEMNNE_UNPHYSICAL = 128      /**< a condition that is not legal: temperature or pressure of 0, a cosine above 1 */
};

/** Where the values of an array lie, in items (not bytes): value i of cell c is
 *
 *     data[(c / length) * block_stride + (c % length) * cell_stride + i * item_stride],
 *
 * with cells in blocks of `length`, or all in one block where it is 0. Cells beyond the last, in a tail block,
 * are not touched. The three functions below make the usual ones. */
typedef struct chemnne_layout {
  size_t cells;
  size_t items; /**< species or conditions of a cell, as many as were bound */
  size_t cell_stride, item_stride;
  size_t length, block_stride;
} chemnne_layout;

/** Species of a cell together, data[cells][items]: KPP boxes, GEOS-Chem gathers. */
static inline chemnne_layout chemnne_cell_major(size_t cells, size_t items) {
  const chemnne_layout layout = {cells, items, items, 1, 0, 0};
  return layout;
}
/** Cells of a species together, data[items][cells]: CAM, WRF, CMAQ. */
static inline chemnne_layout chemnne_item_major(size_t cells, size_t items) {
  const chemnne_layout layout = {cells, items, 1, cells, 0, 0};
  return layout;
}
/** Blocks of `length` cells, the last perhaps in part, data[blocks][items][length]: MICM, NPROMA. */
static inline chemnne_layout chemnne_blocks(size_t cells, size_t items, size_t length) {
  const chemnne_layout layout = {cells, items, 1, length, length, items * length};
  return layout;
}

/** How an emulator runs; a null pointer in its place, or all zero, is the default. */
typedef struct chemnne_options {
  const char* fingerprint; /**< of the mechanism that the host expects; null: any */
  double coverage;         /**< nominal, of the half-widths, one that the file was calibrated for; 0: 0.9 */
  double budget_tolerance; /**< relative change of a conserved element's total that is flagged where no step is projected;
                                0: 0.1 */
  int no_projection;       /**< 1: no step is projected on the totals of the elements that the chemistry conserves */
} chemnne_options;

/** How a solver runs; a null pointer in its place, or all zero, is the default. */
typedef struct chemnne_solver_options {
  double relative_tolerance; /**< of a step's local error; 0: 1e-3 */
  double absolute_tolerance; /**< the same whatever the value [molecules cm-3]; 0: 1e3 */
  int no_projection;         /**< 1: no step is projected on the totals of the elements that the reactions conserve */
} chemnne_solver_options;

/** A host's arrays by the names of what is in them. All pointers are read during x_bind only. */
typedef struct chemnne_fields {
  const char* const* species; /**< [species_count]; null: those of the emulator or solver, in order */
  size_t species_count;
  const char* const* conditions; /**< [conditions_count]; null: those of the emulator or solver */
  size_t conditions_count;
  int unit;                 /**< enum chemnne_unit */
  const double* molar_mass; /**< [species_count], g mol-1, for mass mixing ratios; else it may be null */
} chemnne_fields;

/** One of the cells that are given to the host's solver. Number densities in molecules cm-3, in the emulator's order. */
typedef struct chemnne_cell {
  size_t cell; /**< of the call */
  size_t inputs, outputs, conditions;
  const double* before;          /**< [inputs] */
  const double* condition_value; /**< [conditions] */
  double seconds;                /**< of this step: a long one is composed of several */
  double* after;                 /**< [outputs], the network's; the solver's, where `solved` is 1 */
  int flags;                     /**< union of enum chemnne_flag */
  int solved;                    /**< 0; 1: by the solver */
} chemnne_cell;

/** Puts the state at the end of the step into the `after` of each of these cells and sets its `solved` to 1, or
 * touches nothing of it: it is then clamped, or kept when it has no result that may be written. Called by the thread
 * that steps the cells, with all of a block that have a flag or are of the sample, one to 64. */
typedef void (*chemnne_solver)(chemnne_cell* cells, size_t count, void* user);

/** What is done with a cell after a step. A cell without a result that is finite, not negative and (where steps are
 * projected) of the totals before keeps its state in any case. */
enum chemnne_guard {
  CHEMNNE_CLAMP = 0,     /**< no species goes further beyond the training data than it was; the default */
  CHEMNNE_FLAG_ONLY = 1, /**< the network's result as it is */
  CHEMNNE_KEEP_OLD = 2,  /**< a cell with a flag keeps its state */
  CHEMNNE_FALL_BACK = 3  /**< cells with a flag are given to `solve` */
};

/** How a step is made and what is wanted of each cell beside the state; a null pointer in its place, or all zero, is
 * the default. Arrays are written by the step, those that are null are not wanted. Scores and half-widths are infinite
 * where nothing is known: of a solver, of weights that are not calibrated, and of a cell that keeps its state. Of a
 * composed step they are those of its last part, half-widths those of a step of the horizon for any length. */
typedef struct chemnne_step {
  int guard;            /**< enum chemnne_guard; a solver has none, and looks at `flags`, `score` and `half_width` alone */
  chemnne_solver solve; /**< of CHEMNNE_FALL_BACK */
  void* user;           /**< handed to `solve` */
  uint8_t* flags;       /**< [cells], union of enum chemnne_flag */
  double* score;        /**< [cells], in units of the threshold: above 1 the cell is CHEMNNE_UNCERTAIN */
  double* half_width;   /**< [cells][outputs], decades, in the emulator's order: log10 of the state is within +- this */
  const chemnne_layout* half_width_layout; /**< of cells and outputs; null: species of a cell together */
  size_t solve_every; /**< of CHEMNNE_FALL_BACK: every so-many-th cell of the call is given to `solve` too, and what the
                           network was off there corrects those of the same block that are alike; 0: none */
  size_t turn;        /**< number of the host's step: in each, others are given to `solve` */
} chemnne_step;

/** What a step did. Cells are counted, never hidden. */
typedef struct chemnne_status {
  size_t cells;            /**< of the call, those left unchanged included */
  size_t outside_training; /**< of these, CHEMNNE_OUTSIDE_TRAINING, and so on */
  size_t uncertain;
  size_t limited;
  size_t budget;
  size_t left_unchanged; /**< CHEMNNE_KEPT: by the guard, or because there is no result that may be written */
  size_t solved;         /**< by the fallback solver */
  double sample_error;   /**< of the network in the cells of `solve_every`, before the correction: root mean square over
                              all species [decades]; 0: none was solved */
} chemnne_status;

#ifdef __cplusplus
}
#endif

#endif
