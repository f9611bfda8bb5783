# What DERIVATIVES adds to the interface of an emulator or solver; <kind>_interface.cmake has `derivative_interface`, the
# C++ behind it, and its header.
string(APPEND c_more [=[

/* Derivatives of a step: with J = d after / d (before, conditions) of x_advance, J v (x_tangent) and J^T w (x_adjoint) of
 * each cell, in the host's layout, order and unit. What is differentiated, and which side of a kink is taken:
 * @derivative_header@. The memory of one thread, for steps of at most `longest_step` seconds; it must not
 * outlive the @chemistry@. */
typedef struct @target@_derivative @target@_derivative;
int @target@_derivative_create(const @target@_@chemistry@* @chemistry@, double longest_step,
                               @target@_derivative** derivative, char* message, size_t message_size);
void @target@_derivative_free(@target@_derivative* derivative);

/* State and conditions are those before the step, and only read. Of `step`, which may be null, the guard is looked at.
 * `direction` is v of the state and becomes J v; `condition_direction`, v of the conditions, may be null: 0. Layouts of
 * directions that are null are those of the state and of the conditions. `status`, which may be null: of the step. */
int @target@_tangent(@target@_derivative* derivative, const @target@_binding* binding, const double* state,
                     const chemnne_layout* state_layout, const double* conditions,
                     const chemnne_layout* conditions_layout, double seconds, const chemnne_step* step,
                     double* direction, const chemnne_layout* direction_layout, const double* condition_direction,
                     const chemnne_layout* condition_direction_layout, chemnne_status* status, char* message,
                     size_t message_size);
/* `slope` is w = dL/d after, and becomes dL/d before; dL/d conditions is added to `condition_slope`, which may be null. */
int @target@_adjoint(@target@_derivative* derivative, const @target@_binding* binding, const double* state,
                     const chemnne_layout* state_layout, const double* conditions,
                     const chemnne_layout* conditions_layout, double seconds, const chemnne_step* step,
                     double* slope, const chemnne_layout* slope_layout, double* condition_slope,
                     const chemnne_layout* condition_slope_layout, chemnne_status* status, char* message,
                     size_t message_size);
]=])

string(APPEND fortran_declarations [=[

  ! Derivatives of a step, in the memory of one thread.
  public :: derivative_t
  type :: derivative_t
    private
    type(c_ptr) :: handle = c_null_ptr
  contains
    procedure :: open => open_derivative
    procedure :: close => close_derivative
    procedure :: tangent
    procedure :: adjoint
  end type
]=])

string(APPEND fortran_functions [=[

    function c_derivative_create(emulator, longest_step, handle, message, message_size) &
      bind(C, name='@target@_derivative_create')
      import
      type(c_ptr), value :: emulator
      real(c_double), value :: longest_step
      type(c_ptr), intent(inout) :: handle
      character(kind=c_char), intent(out) :: message(*)
      integer(c_size_t), value :: message_size
      integer(c_int) :: c_derivative_create
    end function
    subroutine c_derivative_free(handle) &
      bind(C, name='@target@_derivative_free')
      import
      type(c_ptr), value :: handle
    end subroutine]=])
foreach(product tangent adjoint)
  string(APPEND fortran_functions [=[

    function c_]=] ${product} [=[(handle, binding, state, state_layout, conditions, conditions_layout, seconds, step, of_state, &
                       of_state_layout, of_conditions, of_conditions_layout, status, message, message_size) &
      bind(C, name='@target@_]=] ${product} [=[')
      import
      type(c_ptr), value :: handle, binding, state, conditions, of_state, of_conditions
      type(layout_t), intent(in) :: state_layout, conditions_layout, of_state_layout, of_conditions_layout
      real(c_double), value :: seconds
      type(step_t), intent(in) :: step
      type(step_status_t), intent(out) :: status
      character(kind=c_char), intent(out) :: message(*)
      integer(c_size_t), value :: message_size
      integer(c_int) :: c_]=] ${product} [=[

    end function]=])
endforeach()

string(APPEND fortran_procedures [=[

  ! Of steps of at most `longest_step` seconds.
  subroutine open_derivative(self, @chemistry@, longest_step, status, message)
    class(derivative_t), intent(inout) :: self
    class(@chemistry@_t), intent(in) :: @chemistry@
    real(c_double), intent(in) :: longest_step
    integer, intent(out), optional :: status
    character(len=*), intent(inout), optional :: message
    character(kind=c_char) :: text(text_size)
    integer(c_int) :: code
    call self%close()
    code = c_derivative_create(@chemistry@%handle, longest_step, self%handle, text, text_size)
    call report(code, text, status, message)
  end subroutine

  subroutine close_derivative(self)
    class(derivative_t), intent(inout) :: self
    call c_derivative_free(self%handle)
    self%handle = c_null_ptr
  end subroutine
]=])
set(about_tangent [=[
  ! J v with J = d after / d (before, conditions) of `advance`: `of_state` is v of the state and becomes J v, `of_conditions`
  ! is v of the conditions (without: 0).]=])
set(about_adjoint [=[
  ! J^T w with J = d after / d (before, conditions) of `advance`: `of_state` is w = dL/d after and becomes dL/d before;
  ! dL/d conditions is added to `of_conditions`.]=])
foreach(product tangent adjoint)
  set(intent in)
  if(product STREQUAL "adjoint")
    set(intent inout)
  endif()
  string(APPEND fortran_procedures "\n${about_${product}}" [=[ State and conditions are those before the step. All arrays have their
  ! dimensions as `advance` has them; sections are not copied. `counts` are those of the step.
  recursive subroutine ]=] ${product} [=[(self, binding, state, conditions, seconds, of_state, of_conditions, species_dimension, counts, &
                               guard, status, message)
    class(derivative_t), intent(in) :: self
    type(binding_t), intent(in) :: binding
    real(c_double), intent(in), target :: state(:, :), conditions(:, :)
    real(c_double), intent(in) :: seconds
    real(c_double), intent(inout), target :: of_state(:, :)
    real(c_double), intent(]=] ${intent} [=[), target, optional :: of_conditions(:, :)
    integer, intent(in), optional :: species_dimension, guard
    type(step_status_t), intent(out), optional :: counts
    integer, intent(out), optional :: status
    character(len=*), intent(inout), optional :: message
    character(kind=c_char) :: text(text_size)
    type(layout_t) :: conditions_layout, of_conditions_layout
    type(c_ptr) :: start
    type(step_t) :: step
    type(step_status_t) :: done
    integer :: dimension
    integer(c_int) :: code
    dimension = 2
    if (present(species_dimension)) dimension = species_dimension
    if (dimension /= 1 .and. dimension /= 2) then
      call complain('expected species_dimension 1 or 2', status, message)
      return
    end if
    if (present(guard)) step%guard = int(guard, c_int)
    conditions_layout = layout_of_double(conditions, dimension)
    of_conditions_layout = conditions_layout
    start = c_null_ptr
    if (present(of_conditions)) then
      of_conditions_layout = layout_of_double(of_conditions, dimension)
      start = start_of_double(of_conditions)
    end if
    code = c_]=] ${product} [=[(self%handle, binding%handle, start_of_double(state), layout_of_double(state, dimension), &
      start_of_double(conditions), conditions_layout, seconds, step, start_of_double(of_state), &
      layout_of_double(of_state, dimension), start, of_conditions_layout, done, text, text_size)
    if (present(counts)) counts = done
    call report(code, text, status, message)
  end subroutine
]=])
endforeach()
