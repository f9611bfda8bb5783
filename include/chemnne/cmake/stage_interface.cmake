# What CUDA adds for hosts whose arrays stay where they are, see device_interface.cmake.
string(APPEND c_more [=[

/* Steps on the GPU of arrays that stay on the host: parts of the cells are packed, copied, stepped and unpacked, two on
 * their way at a time. Takes all its memory here, for parts of `cells` cells (0: 16384); `half_widths`: whether steps may
 * ask for them. It must not outlive the device, and one thread at a time steps with it. */
typedef struct @target@_stage @target@_stage;
int @target@_stage_create(@target@_device* device, const chemnne_fields* fields, size_t cells, int half_widths,
                          @target@_stage** stage, char* message, size_t message_size);
void @target@_stage_free(@target@_stage* stage);

/* As @target@_advance, with the guards of a device, and waits. All arrays are of the host. After CHEMNNE_FAILED, where the GPU
 * fails on the way, cells that were not reached are as they were. */
int @target@_stage_advance(@target@_stage* stage, double* state, const chemnne_layout* state_layout,
                           const double* conditions, const chemnne_layout* conditions_layout, double seconds,
                           const chemnne_step* step, chemnne_status* status, char* message, size_t message_size);
int @target@_stage_advance_float(@target@_stage* stage, float* state, const chemnne_layout* state_layout,
                                 const float* conditions, const chemnne_layout* conditions_layout, double seconds,
                                 const chemnne_step* step, chemnne_status* status, char* message, size_t message_size);
]=])

string(APPEND fortran_declarations [=[

  ! Steps on the GPU of arrays that stay on the host.
  public :: stage_t
  type :: stage_t
    private
    type(c_ptr) :: handle = c_null_ptr
  contains
    procedure :: open => open_stage
    procedure :: close => close_stage
    procedure, private :: advance_stage_double
    procedure, private :: advance_stage_float
    generic :: advance => advance_stage_double, advance_stage_float
  end type
]=])

string(APPEND fortran_functions [=[

    function c_stage_create(device, fields, cells, half_widths, stage, message, message_size) &
      bind(C, name='@target@_stage_create')
      import
      type(c_ptr), value :: device
      type(fields_t), intent(in) :: fields
      integer(c_size_t), value :: cells
      integer(c_int), value :: half_widths
      type(c_ptr), intent(inout) :: stage
      character(kind=c_char), intent(out) :: message(*)
      integer(c_size_t), value :: message_size
      integer(c_int) :: c_stage_create
    end function
    subroutine c_stage_free(stage) &
      bind(C, name='@target@_stage_free')
      import
      type(c_ptr), value :: stage
    end subroutine]=])

string(APPEND fortran_procedures [=[

  ! Takes all memory of steps by parts of `cells` cells (16384); `half_widths`: whether steps may ask for them. Species,
  ! conditions, unit and molar masses as those of `bind`.
  subroutine open_stage(self, device, species, conditions, unit, molar_mass, cells, half_widths, status, message)
    class(stage_t), intent(inout) :: self
    class(device_t), intent(in) :: device
    character(len=*), intent(in), optional :: species(:), conditions(:)
    integer, intent(in), optional :: unit
    real(c_double), intent(in), optional :: molar_mass(:)
    integer, intent(in), optional :: cells
    logical, intent(in), optional :: half_widths
    integer, intent(out), optional :: status
    character(len=*), intent(inout), optional :: message
    character(kind=c_char) :: text(text_size)
    type(held_fields_t), target :: held
    logical :: fits
    integer(c_size_t) :: part
    integer(c_int) :: code, widths
    call self%close()
    call hold(held, fits, species, conditions, unit, molar_mass)
    if (.not. fits) then
      call complain('expected a molar mass of each species', status, message)
      return
    end if
    part = 0
    if (present(cells)) part = int(cells, c_size_t)
    if (part < 0) then
      call complain('expected parts of 1 cell or more', status, message)
      return
    end if
    widths = 0
    if (present(half_widths)) widths = merge(1_c_int, 0_c_int, half_widths)
    code = c_stage_create(device%handle, held%fields, part, widths, self%handle, text, text_size)
    call report(code, text, status, message)
  end subroutine

  subroutine close_stage(self)
    class(stage_t), intent(inout) :: self
    call c_stage_free(self%handle)
    self%handle = c_null_ptr
  end subroutine
]=])

foreach(precision double float)
  set(suffix "")
  if(precision STREQUAL "float")
    set(suffix _float)
  endif()
  string(APPEND fortran_functions [=[

    function c_stage_advance]=] ${suffix} [=[(stage, state, state_layout, conditions, conditions_layout, seconds, step, status, &
      message, message_size) &
      bind(C, name='@target@_stage_advance]=] ${suffix} [=[')
      import
      type(c_ptr), value :: stage, state, conditions
      type(layout_t), intent(in) :: state_layout, conditions_layout
      real(c_double), value :: seconds
      type(step_t), intent(in) :: step
      type(step_status_t), intent(out) :: status
      character(kind=c_char), intent(out) :: message(*)
      integer(c_size_t), value :: message_size
      integer(c_int) :: c_stage_advance]=] ${suffix} [=[

    end function]=])
  string(APPEND fortran_procedures [=[

  ! As `advance` of an emulator, with the guards of a device, of arrays of the host. Waits.
  subroutine advance_stage_]=] ${precision} [=[(self, state, conditions, seconds, species_dimension, counts, flags, score, half_width, &
                                  guard, status, message)
    class(stage_t), intent(in) :: self
    real(c_]=] ${precision} [=[), intent(inout), target :: state(:, :)
    real(c_]=] ${precision} [=[), intent(in), target :: conditions(:, :)
    real(c_double), intent(in) :: seconds
    integer, intent(in), optional :: species_dimension
    type(step_status_t), intent(out), optional :: counts
    integer(c_int8_t), intent(out), optional, target, contiguous :: flags(:)
    real(c_double), intent(out), optional, target, contiguous :: score(:)
    real(c_double), intent(out), optional, target :: half_width(:, :)
    integer, intent(in), optional :: guard
    integer, intent(out), optional :: status
    character(len=*), intent(inout), optional :: message
    character(kind=c_char) :: text(text_size)
    type(layout_t) :: state_layout
    type(layout_t), target :: half_width_layout
    type(step_t) :: step
    type(step_status_t) :: done
    character(len=100) :: wrong
    integer :: dimension
    integer(c_int) :: code
    dimension = 2
    if (present(species_dimension)) dimension = species_dimension
    if (dimension /= 1 .and. dimension /= 2) then
      call complain('expected species_dimension 1 or 2', status, message)
      return
    end if
    state_layout = layout_of_]=] ${precision} [=[(state, dimension)
    if (present(guard)) step%guard = int(guard, c_int)
    call want(step, state_layout, dimension, half_width_layout, wrong, flags, score, half_width)
    if (wrong /= '') then
      call complain(trim(wrong), status, message)
      return
    end if
    code = c_stage_advance]=] ${suffix} [=[(self%handle, start_of_]=] ${precision} [=[(state), state_layout, start_of_]=] ${precision} [=[(conditions), &
      layout_of_]=] ${precision} [=[(conditions, dimension), seconds, step, done, text, text_size)
    if (present(counts)) counts = done
    call report(code, text, status, message)
  end subroutine
]=])
endforeach()
