# What CUDA adds to the interface of an emulator, see chemnne_c_interface.cmake. Tests put another device in the place of
# CUDA's: they set device_type, device_header, device_language and device_library.
if(NOT DEFINED device_type)
  if(NOT TARGET chemnne::cuda)
    message(FATAL_ERROR "chemnne_add_emulator(${target}): CUDA needs the target chemnne::cuda: "
                        "find_package(chemnne COMPONENTS cuda), or set CHEMNNE_CUDA=ON")
  endif()
  if(NOT CMAKE_CUDA_COMPILER)
    message(FATAL_ERROR "chemnne_add_emulator(${target}): CUDA needs the language: project(... LANGUAGES CXX CUDA)")
  endif()
  chemnne_cuda_shared_kib(shared_kib)
  set(device_type "chemnne::CudaDevice<${shared_kib} * 1024>")
  set(device_header chemnne/host/cuda_emulator.cuh)
  set(device_language cu)
  set(device_library chemnne::cuda)
endif()

string(APPEND c_more [=[

/* The emulator on a GPU, for a host whose arrays lie there: steps in place, in the host's layout, order and unit, with the
 * words of the functions above.
 *
 * Arrays of a step (state, conditions, and flags, scores and half-widths of a chemnne_step) are in memory of the GPU.
 * `stream` is a cudaStream_t of it; null: the default stream. */
typedef struct @target@_device @target@_device;
typedef struct @target@_device_binding @target@_device_binding;
typedef struct @target@_suspects @target@_suspects;

/* Reads a weights file and copies what a step needs to a GPU. `number`: which, as CUDA counts; below 0: the current one.
 * `options` may be null. CHEMNNE_FAILED where there is no such GPU. */
int @target@_device_open(const char* file, const chemnne_options* options, int number, @target@_device** device,
                         char* message, size_t message_size);
int @target@_device_open_bytes(const void* bytes, size_t size, const chemnne_options* options, int number,
                               @target@_device** device, char* message, size_t message_size);
void @target@_device_close(@target@_device* device);

/* As @target@_bind; what `fields` points to is read here, on the host. */
int @target@_device_bind(const @target@_device* device, const chemnne_fields* fields, @target@_device_binding** binding,
                         char* message, size_t message_size);
void @target@_device_binding_free(@target@_device_binding* binding);

/* Starts a step on the stream and returns: it allocates, copies and waits for nothing. What the step did is counted on the
 * GPU. The guard of `step` is CHEMNNE_CLAMP, CHEMNNE_FLAG_ONLY or CHEMNNE_KEEP_OLD. `suspects`, which may be null,
 * becomes the list of the cells that have a flag. One thread at a time. */
int @target@_device_advance(@target@_device* device, const @target@_device_binding* binding, double* state,
                            const chemnne_layout* state_layout, const double* conditions,
                            const chemnne_layout* conditions_layout, double seconds, void* stream,
                            const chemnne_step* step, @target@_suspects* suspects, char* message, size_t message_size);
int @target@_device_advance_float(@target@_device* device, const @target@_device_binding* binding, float* state,
                                  const chemnne_layout* state_layout, const float* conditions,
                                  const chemnne_layout* conditions_layout, double seconds, void* stream,
                                  const chemnne_step* step, @target@_suspects* suspects, char* message,
                                  size_t message_size);
/* What all steps so far did, once those of the stream are done: waits for them. CHEMNNE_FAILED where one of them failed. */
int @target@_device_status(const @target@_device* device, void* stream, chemnne_status* status, char* message,
                           size_t message_size);

/* A list of suspicious cells for steps of so many cells, and its places in the call of the last step, from 0, ascending:
 * the first `room` of `count`. Waits for the steps of the stream. */
int @target@_suspects_create(const @target@_device* device, size_t most_cells, @target@_suspects** suspects,
                             char* message, size_t message_size);
void @target@_suspects_free(@target@_suspects* suspects);
int @target@_suspects_fetch(const @target@_suspects* suspects, void* stream, size_t* cells, size_t room, size_t* count,
                            char* message, size_t message_size);
]=])

string(APPEND fortran_declarations [=[

  ! The emulator on a GPU, for a host whose arrays lie there.
  public :: device_t, device_binding_t, suspects_t
  type :: device_binding_t
    private
    type(c_ptr) :: handle = c_null_ptr
  contains
    procedure :: close => close_device_binding
  end type

  ! The cells of the last step that have a flag.
  type :: suspects_t
    private
    type(c_ptr) :: handle = c_null_ptr
  contains
    procedure :: open => open_suspects
    procedure :: close => close_suspects
    procedure :: fetch => fetch_suspects
  end type

  type :: device_t
    private
    type(c_ptr) :: handle = c_null_ptr
  contains
    procedure :: open => open_device
    procedure :: open_bytes => open_device_bytes
    procedure :: close => close_device
    procedure :: bind => bind_device
    procedure :: fetch => fetch_counts
    procedure, private :: advance_on_device_double
    procedure, private :: advance_on_device_float
    generic :: advance => advance_on_device_double, advance_on_device_float
  end type
]=])

string(APPEND fortran_functions [=[

    subroutine c_device_close(handle) &
      bind(C, name='@target@_device_close')
      import
      type(c_ptr), value :: handle
    end subroutine
    function c_device_bind(handle, fields, binding, message, message_size) &
      bind(C, name='@target@_device_bind')
      import
      type(c_ptr), value :: handle
      type(fields_t), intent(in) :: fields
      type(c_ptr), intent(inout) :: binding
      character(kind=c_char), intent(out) :: message(*)
      integer(c_size_t), value :: message_size
      integer(c_int) :: c_device_bind
    end function
    subroutine c_device_binding_free(binding) &
      bind(C, name='@target@_device_binding_free')
      import
      type(c_ptr), value :: binding
    end subroutine
    function c_device_status(handle, stream, status, message, message_size) &
      bind(C, name='@target@_device_status')
      import
      type(c_ptr), value :: handle, stream
      type(step_status_t), intent(out) :: status
      character(kind=c_char), intent(out) :: message(*)
      integer(c_size_t), value :: message_size
      integer(c_int) :: c_device_status
    end function
    function c_suspects_create(handle, most_cells, suspects, message, message_size) &
      bind(C, name='@target@_suspects_create')
      import
      type(c_ptr), value :: handle
      integer(c_size_t), value :: most_cells
      type(c_ptr), intent(inout) :: suspects
      character(kind=c_char), intent(out) :: message(*)
      integer(c_size_t), value :: message_size
      integer(c_int) :: c_suspects_create
    end function
    subroutine c_suspects_free(suspects) &
      bind(C, name='@target@_suspects_free')
      import
      type(c_ptr), value :: suspects
    end subroutine
    function c_suspects_fetch(suspects, stream, cells, room, count, message, message_size) &
      bind(C, name='@target@_suspects_fetch')
      import
      type(c_ptr), value :: suspects, stream
      integer(c_size_t), intent(inout) :: cells(*)
      integer(c_size_t), value :: room
      integer(c_size_t), intent(inout) :: count
      character(kind=c_char), intent(out) :: message(*)
      integer(c_size_t), value :: message_size
      integer(c_int) :: c_suspects_fetch
    end function]=])

string(APPEND fortran_procedures [=[

  integer(c_int) function number_of(number)
    integer, intent(in), optional :: number
    number_of = -1
    if (present(number)) number_of = int(number, c_int)
  end function

  subroutine close_device(self)
    class(device_t), intent(inout) :: self
    call c_device_close(self%handle)
    self%handle = c_null_ptr
  end subroutine

  ! As that of an emulator.
  subroutine bind_device(self, binding, species, conditions, unit, molar_mass, status, message)
    class(device_t), intent(in) :: self
    type(device_binding_t), intent(inout) :: binding
    character(len=*), intent(in), optional :: species(:), conditions(:)
    integer, intent(in), optional :: unit
    real(c_double), intent(in), optional :: molar_mass(:)
    integer, intent(out), optional :: status
    character(len=*), intent(inout), optional :: message
    character(kind=c_char) :: text(text_size)
    type(held_fields_t), target :: held
    logical :: fits
    integer(c_int) :: code
    call binding%close()
    call hold(held, fits, species, conditions, unit, molar_mass)
    if (.not. fits) then
      call complain('expected a molar mass of each species', status, message)
      return
    end if
    code = c_device_bind(self%handle, held%fields, binding%handle, text, text_size)
    call report(code, text, status, message)
  end subroutine

  subroutine close_device_binding(self)
    class(device_binding_t), intent(inout) :: self
    call c_device_binding_free(self%handle)
    self%handle = c_null_ptr
  end subroutine

  ! What all steps so far did, once those of the stream are done: waits for them.
  subroutine fetch_counts(self, counts, stream, status, message)
    class(device_t), intent(in) :: self
    type(step_status_t), intent(out) :: counts
    type(c_ptr), intent(in), optional :: stream
    integer, intent(out), optional :: status
    character(len=*), intent(inout), optional :: message
    character(kind=c_char) :: text(text_size)
    integer(c_int) :: code
    code = c_device_status(self%handle, stream_of(stream), counts, text, text_size)
    call report(code, text, status, message)
  end subroutine

  type(c_ptr) function stream_of(stream)
    type(c_ptr), intent(in), optional :: stream
    stream_of = c_null_ptr
    if (present(stream)) stream_of = stream
  end function

  ! For steps of so many cells.
  subroutine open_suspects(self, device, most_cells, status, message)
    class(suspects_t), intent(inout) :: self
    class(device_t), intent(in) :: device
    integer, intent(in) :: most_cells
    integer, intent(out), optional :: status
    character(len=*), intent(inout), optional :: message
    character(kind=c_char) :: text(text_size)
    integer(c_int) :: code
    call self%close()
    code = c_suspects_create(device%handle, int(most_cells, c_size_t), self%handle, text, text_size)
    call report(code, text, status, message)
  end subroutine

  subroutine close_suspects(self)
    class(suspects_t), intent(inout) :: self
    call c_suspects_free(self%handle)
    self%handle = c_null_ptr
  end subroutine

  ! Their places in the call of the last step, from 1, ascending, once the steps of the stream are done: waits for them.
  subroutine fetch_suspects(self, cells, stream, status, message)
    class(suspects_t), intent(in) :: self
    integer, allocatable, intent(out) :: cells(:)
    type(c_ptr), intent(in), optional :: stream
    integer, intent(out), optional :: status
    character(len=*), intent(inout), optional :: message
    character(kind=c_char) :: text(text_size)
    integer(c_size_t), allocatable :: places(:)
    integer(c_size_t) :: count
    integer(c_int) :: code
    count = 0
    allocate (places(0))
    code = c_suspects_fetch(self%handle, stream_of(stream), places, 0_c_size_t, count, text, text_size)
    if (code == ok .and. count > 0) then
      deallocate (places)
      allocate (places(count))
      code = c_suspects_fetch(self%handle, stream_of(stream), places, count, count, text, text_size)
    end if
    cells = int(places) + 1
    call report(code, text, status, message)
  end subroutine
]=])

# From a file, and from its bytes.
foreach(source file bytes)
  if(source STREQUAL "file")
    set(suffix "")
    set(length "")
    set(length_declaration "")
    set(given "trim(file)//c_null_char")
    set(about "
  ! Reads a weights file and copies what a step needs to a GPU, in the place of what was open. `number`: which, as CUDA
  ! counts, from 0; without it the current one. The others as those of an emulator.")
  else()
    set(suffix _bytes)
    set(length "size, ")
    set(length_declaration "      integer(c_size_t), value :: size\n")
    set(given "bytes, len(bytes, kind=c_size_t)")
    set(about "
  ! The same from the bytes of a weights file, which are not needed afterwards.")
  endif()
  string(APPEND fortran_functions [=[

    function c_device_open]=] ${suffix} [=[(]=] ${source} [=[, ]=] "${length}" [=[options, number, handle, message, message_size) &
      bind(C, name='@target@_device_open]=] ${suffix} [=[')
      import
      character(kind=c_char), intent(in) :: ]=] ${source} [=[(*)
]=] "${length_declaration}" [=[      type(options_t), intent(in) :: options
      integer(c_int), value :: number
      type(c_ptr), intent(inout) :: handle
      character(kind=c_char), intent(out) :: message(*)
      integer(c_size_t), value :: message_size
      integer(c_int) :: c_device_open]=] ${suffix} [=[

    end function]=])
  string(APPEND fortran_procedures "${about}" [=[

  subroutine open_device]=] ${suffix} [=[(self, ]=] ${source} [=[, number, fingerprint, coverage, element_exact, budget_tolerance, status, &
                         message)
    class(device_t), intent(inout) :: self
    character(len=*), intent(in) :: ]=] ${source} [=[

    integer, intent(in), optional :: number
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
    code = c_device_open]=] ${suffix} [=[(]=] "${given}" [=[, options, number_of(number), self%handle, text, text_size)
    call report(code, text, status, message)
  end subroutine
]=])
endforeach()

foreach(precision double float)
  set(suffix "")
  if(precision STREQUAL "float")
    set(suffix _float)
  endif()
  string(APPEND fortran_functions [=[

    function c_device_advance]=] ${suffix} [=[(handle, binding, state, state_layout, conditions, conditions_layout, seconds, stream, &
      step, suspects, message, message_size) &
      bind(C, name='@target@_device_advance]=] ${suffix} [=[')
      import
      type(c_ptr), value :: handle, binding, state, conditions, stream, suspects
      type(layout_t), intent(in) :: state_layout, conditions_layout
      real(c_double), value :: seconds
      type(step_t), intent(in) :: step
      character(kind=c_char), intent(out) :: message(*)
      integer(c_size_t), value :: message_size
      integer(c_int) :: c_device_advance]=] ${suffix} [=[

    end function]=])
  string(APPEND fortran_procedures [=[

  ! Starts a step on the stream and returns: it waits for nothing. Arrays are those of the GPU, inside of
  ! !$acc host_data use_device(...) or !$omp target data use_device_addr(...), and have their dimensions as `advance` of an
  ! emulator has them. `guard` is clamp, flag_only or keep_old. `suspects` becomes the list of the cells that have a flag.
  subroutine advance_on_device_]=] ${precision} [=[(self, binding, state, conditions, seconds, stream, suspects, species_dimension, flags, &
                                         score, half_width, guard, status, message)
    class(device_t), intent(in) :: self
    type(device_binding_t), intent(in) :: binding
    real(c_]=] ${precision} [=[), intent(inout), target :: state(:, :)
    real(c_]=] ${precision} [=[), intent(in), target :: conditions(:, :)
    real(c_double), intent(in) :: seconds
    type(c_ptr), intent(in), optional :: stream
    type(suspects_t), intent(in), optional :: suspects
    integer, intent(in), optional :: species_dimension
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
    type(c_ptr) :: list
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
    list = c_null_ptr
    if (present(suspects)) list = suspects%handle
    code = c_device_advance]=] ${suffix} [=[(self%handle, binding%handle, start_of_]=] ${precision} [=[(state), state_layout, &
      start_of_]=] ${precision} [=[(conditions), layout_of_]=] ${precision} [=[(conditions, dimension), seconds, stream_of(stream), &
      step, list, text, text_size)
    call report(code, text, status, message)
  end subroutine
]=])
endforeach()
include("${templates}/stage_interface.cmake")
