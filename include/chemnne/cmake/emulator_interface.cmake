# What the interface of an emulator has and that of a solver has not, see chemnne_c_interface.cmake.
list(GET emulator_MODELS 0 emulator_first_model)
set(emulator_backend chemnne::DefaultBackend)
if(emulator_BF16)
  set(emulator_backend chemnne::Bf16Backend)
endif()
set(chemistry emulator)
set(a_chemistry "an emulator")
set(sizes_are "INPUTS, OUTPUTS and CONDITIONS of chemnne_add_emulator(${target}) are those of its first model")

set(c_sizes [=[
/* Compile-time constants of the network: species given, species predicted, conditions. */
enum { @target@_inputs = @emulator_INPUTS@, @target@_outputs = @emulator_OUTPUTS@, @target@_conditions = @emulator_CONDITIONS@ };
]=])
set(c_opening [=[
/* Reads a weights file. `options` may be null. */
int @target@_open(const char* file, const chemnne_options* options, @target@_emulator** emulator, char* message,
                  size_t message_size);
/* The same from the bytes of a weights file, which are not needed afterwards: embedded in the program, or sent
 * by the process that has read them. */
int @target@_open_bytes(const void* bytes, size_t size, const chemnne_options* options,
                        @target@_emulator** emulator, char* message, size_t message_size);]=])
set(c_about_step [=[
 * A step longer than the horizon is composed of several. Nothing is allocated. `step` is the guard, and arrays of
 * flags, scores and half-widths; null: clamp, none of them.]=])
set(c_more "")

set(cpp_interface [=[
#include <chemnne/emulator.hpp>
#include <chemnne/host/c_emulator.hpp>
@emulator_includes@

using Interface = chemnne::CEmulator<@emulator_first_model@, @emulator_backend@>;
]=])
set(cpp_opening [=[
int @target@_open(const char* file, const chemnne_options* options, @target@_emulator** emulator, char* message,
                  size_t message_size) {
  return Interface::open(file, options, emulator, {message, message_size});
}
int @target@_open_bytes(const void* bytes, size_t size, const chemnne_options* options,
                        @target@_emulator** emulator, char* message, size_t message_size) {
  return Interface::open_bytes(bytes, size, options, emulator, {message, message_size});
}]=])

set(fortran_use "")
set(fortran_bound [=[
    procedure :: open => open_file
    procedure :: open_bytes]=])
set(fortran_declarations [=[
  ! Species given, species predicted (the first are those given), conditions.
  integer, parameter, public :: inputs = @emulator_INPUTS@, outputs = @emulator_OUTPUTS@, conditions_of_a_cell = @emulator_CONDITIONS@

  type, bind(C) :: options_t
    type(c_ptr) :: fingerprint = c_null_ptr
    real(c_double) :: coverage = 0, budget_tolerance = 0
    integer(c_int) :: no_projection = 0
  end type
]=])
set(fortran_functions [=[
    function c_open(file, options, handle, message, message_size) &
      bind(C, name='@target@_open')
      import
      character(kind=c_char), intent(in) :: file(*)
      type(options_t), intent(in) :: options
      type(c_ptr), intent(inout) :: handle
      character(kind=c_char), intent(out) :: message(*)
      integer(c_size_t), value :: message_size
      integer(c_int) :: c_open
    end function
    function c_open_bytes(bytes, size, options, handle, message, message_size) &
      bind(C, name='@target@_open_bytes')
      import
      character(kind=c_char), intent(in) :: bytes(*)
      integer(c_size_t), value :: size
      type(options_t), intent(in) :: options
      type(c_ptr), intent(inout) :: handle
      character(kind=c_char), intent(out) :: message(*)
      integer(c_size_t), value :: message_size
      integer(c_int) :: c_open_bytes
    end function]=])
set(fortran_procedures [=[
  ! Reads a weights file, in the place of one that was open. `fingerprint`: of the mechanism that the host expects;
  ! without it any. `coverage`: nominal, of the half-widths, one that the file was calibrated for (0.9).
  ! `element_exact`: whether every step is projected on the totals of the elements that the chemistry conserves (true).
  ! `budget_tolerance`: relative change of such a total that is flagged where no step is projected (0.1).
  subroutine open_file(self, file, fingerprint, coverage, element_exact, budget_tolerance, status, message)
    class(emulator_t), intent(inout) :: self
    character(len=*), intent(in) :: file
    character(len=*), intent(in), optional :: fingerprint
    real(c_double), intent(in), optional :: coverage, budget_tolerance
    logical, intent(in), optional :: element_exact
    integer, intent(out), optional :: status
    character(len=*), intent(inout), optional :: message
    character(kind=c_char) :: text(text_size)
    character(kind=c_char), allocatable, target :: expected(:, :)
    type(options_t) :: options
    integer(c_int) :: code
    call self%close()
    options = options_of(coverage, element_exact, budget_tolerance)
    options%fingerprint = c_text(fingerprint, expected)
    code = c_open(trim(file)//c_null_char, options, self%handle, text, text_size)
    call report(code, text, status, message)
  end subroutine

  ! The same from the bytes of a weights file, which are not needed afterwards.
  subroutine open_bytes(self, bytes, fingerprint, coverage, element_exact, budget_tolerance, status, message)
    class(emulator_t), intent(inout) :: self
    character(len=*), intent(in) :: bytes
    character(len=*), intent(in), optional :: fingerprint
    real(c_double), intent(in), optional :: coverage, budget_tolerance
    logical, intent(in), optional :: element_exact
    integer, intent(out), optional :: status
    character(len=*), intent(inout), optional :: message
    character(kind=c_char) :: text(text_size)
    character(kind=c_char), allocatable, target :: expected(:, :)
    type(options_t) :: options
    integer(c_int) :: code
    call self%close()
    options = options_of(coverage, element_exact, budget_tolerance)
    options%fingerprint = c_text(fingerprint, expected)
    code = c_open_bytes(bytes, len(bytes, kind=c_size_t), options, self%handle, text, text_size)
    call report(code, text, status, message)
  end subroutine

  type(options_t) function options_of(coverage, element_exact, budget_tolerance) result(options)
    real(c_double), intent(in), optional :: coverage, budget_tolerance
    logical, intent(in), optional :: element_exact
    if (present(coverage)) options%coverage = not_default(coverage)
    if (present(budget_tolerance)) options%budget_tolerance = not_default(budget_tolerance)
    if (present(element_exact)) options%no_projection = merge(0_c_int, 1_c_int, element_exact)
  end function

  ! A text that ends with NUL; null where there is none.
  type(c_ptr) function c_text(text, memory)
    character(len=*), intent(in), optional :: text
    character(kind=c_char), allocatable, target, intent(out) :: memory(:, :)
    type(c_ptr), allocatable :: pointers(:)
    c_text = c_null_ptr
    if (.not. present(text)) return
    call c_texts([text], memory, pointers)
    c_text = pointers(1)
  end function
]=])
set(fortran_about_step [=[
  ! Score and half-widths are infinite where nothing is known, of weights that are not calibrated and of cells that keep
  ! their state. A step longer than the horizon is composed of several. Cells with a flag go to `solve` where it is given,
  ! which gets `user`; with `solve_every`, so does every so-many-th of the others, in each `turn` (the number of the step)
  ! another one, and what the network was off there corrects those that are alike: counts%sample_error says how much.]=])

set(kpp_opening [=[
  ! Reads a weights file, @target@.safetensors of the folder in which the program runs, and finds species and conditions.
  ! The first INTEGRATE does so; before it, and not by several threads at once, a host may, with another file. `status` and
  ! `message` as in the module @target@.
  subroutine OPEN_INTEGRATOR(file, status, message)
    character(len=*), intent(in), optional :: file
@kpp_open_declarations@
    if (present(file)) then
      call chemnne_chemistry%open(file, status=chemnne_code, message=text)
    else
      call chemnne_chemistry%open('@target@.safetensors', status=chemnne_code, message=text)
    end if
@kpp_open_binding@
]=])

set(derivative_header chemnne/host/step_derivative.hpp)
set(derivative_interface [=[
#include <chemnne/emulator.hpp>
#include <chemnne/host/c_derivative.hpp>
#include <chemnne/host/c_emulator.hpp>
#include <chemnne/host/step_derivative.hpp>
@emulator_includes@

using Model = @emulator_first_model@;
using Backend = chemnne::DefaultBackend;
using Interface = chemnne::CDerivative<chemnne::Emulator<Model, Backend>, chemnne::StepDerivative<Model, Backend>, chemnne::CGuard>;
]=])

if(emulator_MECHANISM OR emulator_WEIGHTS)
  set(emulator_species ${emulator_INPUTS})
  if(emulator_OUTPUTS GREATER emulator_INPUTS)
    set(emulator_species ${emulator_OUTPUTS})
  endif()
  configure_file("${templates}/interface_main.cpp.in" "${generated}/interface_main.cpp" @ONLY)
  add_executable(${target}_species EXCLUDE_FROM_ALL "${generated}/interface_main.cpp" ${emulator_texts})
  target_include_directories(${target}_species PRIVATE "${generated}")
  target_link_libraries(${target}_species PRIVATE chemnne::training)
  # It runs for a moment and compiles thrice as long when it is optimised.
  target_compile_options(${target}_species PRIVATE -O0)
  set(model "")
  if(emulator_WEIGHTS)
    cmake_path(ABSOLUTE_PATH emulator_WEIGHTS BASE_DIRECTORY "${CMAKE_CURRENT_SOURCE_DIR}")
    set(model --model "${emulator_WEIGHTS}")
  endif()
  set(made "${folder}/${target}_species.h" "${folder}/${target}_species.f90")
  add_custom_command(
    OUTPUT ${made}
    COMMAND ${target}_species interface ${model} --output "${folder}"
    DEPENDS ${target}_species ${emulator_WEIGHTS}
    COMMENT "Places of the species of ${target}"
    VERBATIM)
endif()
