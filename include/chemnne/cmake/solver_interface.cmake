# What the interface of a solver has and that of an emulator has not, see chemnne_c_interface.cmake.
set(chemistry solver)
set(a_chemistry "a solver")
set(sizes_are "the constants are those of the mechanism")

set(c_sizes [=[
/* Compile-time constants of the mechanism, x_inputs, x_outputs (as many) and x_conditions, and places of species. */
#include "@target@_species.h"
]=])
set(c_opening [=[
/* Makes a solver. `options` may be null. */
int @target@_open(const chemnne_solver_options* options, @target@_solver** solver, char* message,
                  size_t message_size);]=])
set(c_about_step [=[
 * At most 1e9 s. Nothing is allocated. `step` is arrays of flags, scores and half-widths (infinite: nothing is known of
 * a solver's); its guard is not looked at. Null: none of them.]=])
set(c_more [=[

/* The solver as what an emulator of the same mechanism falls back to, one for each thread; it must not outlive the
 * solver. `emulator`: the names of all its species and of all its conditions, in its order (its x_species_name and
 * x_condition_name). CHEMNNE_BAD_NAME where one of the two has a species that the other lacks, or the solver needs
 * another condition. */
typedef struct @target@_fallback @target@_fallback;
int @target@_fallback_create(const @target@_solver* solver, const chemnne_fields* emulator,
                             @target@_fallback** fallback, char* message, size_t message_size);
void @target@_fallback_free(@target@_fallback* fallback);
/* What CHEMNNE_FALL_BACK takes: `solve` of a chemnne_step, with such a fallback as its `user`. */
void @target@_solve(chemnne_cell* cells, size_t count, void* fallback);
]=])

set(cpp_interface [=[
#include "@target@_kernel.hpp"

#include <chemnne/host/c_solver.hpp>
#include <chemnne/solver.hpp>

using Interface = chemnne::CSolver<chemnne::Solver<@target@_kernel>>;
]=])
set(cpp_opening [=[
int @target@_open(const chemnne_solver_options* options, @target@_solver** solver, char* message,
                  size_t message_size) {
  return Interface::open(options, solver, {message, message_size});
}
int @target@_fallback_create(const @target@_solver* solver, const chemnne_fields* emulator,
                             @target@_fallback** fallback, char* message, size_t message_size) {
  return Interface::fallback_create(solver, emulator, fallback, {message, message_size});
}
void @target@_fallback_free(@target@_fallback* fallback) { Interface::fallback_free(fallback); }
void @target@_solve(chemnne_cell* cells, size_t count, void* fallback) { Interface::solve(cells, count, fallback); }
]=])

set(fortran_use [=[
  use @target@_species, only: inputs, outputs, conditions_of_a_cell
]=])
set(fortran_bound [=[
    procedure :: open => open_solver]=])
set(fortran_declarations [=[
  ! Variable species, the same again, conditions.
  public :: inputs, outputs, conditions_of_a_cell
  ! The solver as what an emulator of the same mechanism falls back to, one for each thread: `solve` and `user` of its
  ! `advance` are then `solve` and `user()`.
  public :: fallback_t, solve

  type :: fallback_t
    private
    type(c_ptr) :: handle = c_null_ptr
  contains
    procedure :: open => open_fallback
    procedure :: close => close_fallback
    procedure :: user => user_of_fallback
  end type

  type, bind(C) :: options_t
    real(c_double) :: relative_tolerance = 0, absolute_tolerance = 0
    integer(c_int) :: no_projection = 0
  end type
]=])
set(fortran_functions [=[
    function c_open(options, handle, message, message_size) &
      bind(C, name='@target@_open')
      import
      type(options_t), intent(in) :: options
      type(c_ptr), intent(inout) :: handle
      character(kind=c_char), intent(out) :: message(*)
      integer(c_size_t), value :: message_size
      integer(c_int) :: c_open
    end function
    function c_fallback_create(solver, emulator, fallback, message, message_size) &
      bind(C, name='@target@_fallback_create')
      import
      type(c_ptr), value :: solver
      type(fields_t), intent(in) :: emulator
      type(c_ptr), intent(inout) :: fallback
      character(kind=c_char), intent(out) :: message(*)
      integer(c_size_t), value :: message_size
      integer(c_int) :: c_fallback_create
    end function
    subroutine c_fallback_free(fallback) &
      bind(C, name='@target@_fallback_free')
      import
      type(c_ptr), value :: fallback
    end subroutine
    subroutine solve(cells, count, user) &
      bind(C, name='@target@_solve')
      import
      integer(c_size_t), value :: count
      type(cell_t), intent(inout) :: cells(count)
      type(c_ptr), value :: user
    end subroutine]=])
set(fortran_procedures [=[
  ! Makes a solver, in the place of one that was. `relative_tolerance` (1e-3) and `absolute_tolerance` [molecules cm-3]
  ! (1e3) of a step's local error. `element_exact`: whether every step is projected on the totals of the elements that
  ! the reactions conserve (true).
  subroutine open_solver(self, relative_tolerance, absolute_tolerance, element_exact, status, message)
    class(solver_t), intent(inout) :: self
    real(c_double), intent(in), optional :: relative_tolerance, absolute_tolerance
    logical, intent(in), optional :: element_exact
    integer, intent(out), optional :: status
    character(len=*), intent(inout), optional :: message
    character(kind=c_char) :: text(text_size)
    type(options_t) :: options
    integer(c_int) :: code
    call self%close()
    if (present(relative_tolerance)) options%relative_tolerance = not_default(relative_tolerance)
    if (present(absolute_tolerance)) options%absolute_tolerance = not_default(absolute_tolerance)
    if (present(element_exact)) options%no_projection = merge(0_c_int, 1_c_int, element_exact)
    code = c_open(options, self%handle, text, text_size)
    call report(code, text, status, message)
  end subroutine

  ! For an emulator with these species and conditions: all of its own, by name, in its order.
  subroutine open_fallback(self, solver, species, conditions, status, message)
    class(fallback_t), intent(inout) :: self
    class(solver_t), intent(in) :: solver
    character(len=*), intent(in) :: species(:), conditions(:)
    integer, intent(out), optional :: status
    character(len=*), intent(inout), optional :: message
    character(kind=c_char) :: text(text_size)
    character(kind=c_char), allocatable, target :: species_text(:, :), condition_text(:, :)
    type(c_ptr), allocatable, target :: species_pointer(:), condition_pointer(:)
    type(fields_t) :: fields
    integer(c_int) :: code
    call self%close()
    call c_texts(species, species_text, species_pointer)
    call c_texts(conditions, condition_text, condition_pointer)
    fields%species = c_loc(species_pointer)
    fields%species_count = size(species, kind=c_size_t)
    fields%conditions = c_loc(condition_pointer)
    fields%conditions_count = size(conditions, kind=c_size_t)
    code = c_fallback_create(solver%handle, fields, self%handle, text, text_size)
    call report(code, text, status, message)
  end subroutine

  subroutine close_fallback(self)
    class(fallback_t), intent(inout) :: self
    call c_fallback_free(self%handle)
    self%handle = c_null_ptr
  end subroutine

  type(c_ptr) function user_of_fallback(self)
    class(fallback_t), intent(in) :: self
    user_of_fallback = self%handle
  end function
]=])
set(fortran_about_step [=[
  ! Score and half-widths are infinite: nothing is known of a solver's. `guard`, `solve` and `user` are for emulators and
  ! not looked at. At most 1e9 s.]=])

set(kpp_opening [=[
  ! Makes the solver and finds species and conditions. The first INTEGRATE does so; before it, and not by several threads
  ! at once, a host may, with tolerances of a step's local error: relative (1e-3) and absolute [molecules cm-3] (1e3).
  ! `status` and `message` as in the module @target@.
  subroutine OPEN_INTEGRATOR(relative_tolerance, absolute_tolerance, status, message)
    real(chemnne_double), intent(in), optional :: relative_tolerance, absolute_tolerance
@kpp_open_declarations@
    call chemnne_chemistry%open(relative_tolerance, absolute_tolerance, status=chemnne_code, message=text)
@kpp_open_binding@
]=])

set(derivative_header chemnne/host/solver_derivative.hpp)
set(derivative_interface [=[
#include "@target@_kernel.hpp"

#include <chemnne/host/c_derivative.hpp>
#include <chemnne/host/solver_derivative.hpp>

using Interface = chemnne::CDerivative<chemnne::Solver<@target@_kernel>, chemnne::SolverDerivative<@target@_kernel>>;
]=])

set(made "${folder}/${target}_species.h" "${folder}/${target}_species.f90" "${folder}/${target}_kernel.hpp")
add_custom_command(
  OUTPUT ${made}
  COMMAND ${program} interface "${solver_MECHANISM}" --output "${folder}" --name ${target}
  COMMAND ${program} kernel "${solver_MECHANISM}" --output "${folder}/${target}_kernel.hpp" --name ${target}_kernel
  DEPENDS ${program} "${solver_MECHANISM}" ${solver_DEPENDS}
  COMMENT "Interface of ${solver_MECHANISM}"
  VERBATIM)
