! fortran_device_host WEIGHTS STATE RESULT: the host of c_device_host.c in Fortran. Its arrays of the device are pointers to
! memory of it, as a compiler hands them over inside of host_data or use_device_addr.
program fortran_device_host
  use, intrinsic :: iso_c_binding
  use chemnne_small
  implicit none
  integer, parameter :: cells = 7, species = 4
  character(len=1), parameter :: names(species) = ['C', 'X', 'A', 'B']
  integer, parameter :: places(3) = [3, 4, 1]  ! of A, B, C
  interface
    type(c_ptr) function twin_allocate(bytes) bind(C)
      import
      integer(c_size_t), value :: bytes
    end function
    subroutine twin_release(memory) bind(C)
      import
      type(c_ptr), value :: memory
    end subroutine
    subroutine twin_copy_in(to, from, bytes) bind(C)
      import
      type(c_ptr), value :: to, from
      integer(c_size_t), value :: bytes
    end subroutine
    subroutine twin_copy_out(to, from, bytes) bind(C)
      import
      type(c_ptr), value :: to, from
      integer(c_size_t), value :: bytes
    end subroutine
  end interface
  type(device_t) :: device
  type(device_binding_t) :: binding
  type(suspects_t) :: suspects
  type(stage_t) :: stage
  type(step_status_t) :: counts
  real(c_double) :: given(3, cells), result(3, cells)
  real(c_double), target :: weather(2, cells), state(cells, species), before(cells, species), score(cells), half_width(3, cells)
  real(c_double), target :: columns(species, cells), weather_rows(cells, 2), widths(cells, 3)
  real(c_double) :: rows(13, 2, 9)
  real(c_float), target :: single(cells, species), single_weather(cells, 2)
  integer(c_int8_t), target :: flags(cells)
  type(c_ptr) :: memory(9)
  real(c_double), pointer :: on_device(:, :), columns_on_device(:, :), weather_on_device(:, :), rows_on_device(:, :)
  real(c_double), pointer, contiguous :: score_on_device(:), widths_on_device(:, :)
  real(c_float), pointer :: single_on_device(:, :), single_weather_on_device(:, :)
  integer(c_int8_t), pointer, contiguous :: flags_on_device(:)
  integer, allocatable :: found(:)
  character(len=200) :: message
  character(len=:), allocatable :: bytes
  integer :: unit, status, i, length

  open (newunit=unit, file=argument(2), access='stream', form='unformatted', status='old')
  read (unit) given, weather
  close (unit)
  state = -1
  do i = 1, 3
    state(:, places(i)) = given(i, :)
  end do
  weather_rows = transpose(weather)
  columns = transpose(state)
  before = state
  do i = 1, 9
    memory(i) = twin_allocate(int(8*cells*species, c_size_t))
  end do
  call c_f_pointer(memory(1), on_device, [cells, species])
  call c_f_pointer(memory(2), rows_on_device, [cells, 2])
  call c_f_pointer(memory(3), score_on_device, [cells])
  call c_f_pointer(memory(4), widths_on_device, [cells, 3])
  call c_f_pointer(memory(5), columns_on_device, [species, cells])
  call c_f_pointer(memory(6), weather_on_device, [2, cells])
  call c_f_pointer(memory(7), single_on_device, [cells, species])
  call c_f_pointer(memory(8), single_weather_on_device, [cells, 2])
  call c_f_pointer(memory(9), flags_on_device, [cells])
  call twin_copy_in(memory(1), c_loc(state), c_sizeof(state))
  call twin_copy_in(memory(2), c_loc(weather_rows), c_sizeof(weather_rows))
  call twin_copy_in(memory(5), c_loc(columns), c_sizeof(columns))
  call twin_copy_in(memory(6), c_loc(weather), c_sizeof(weather))

  call device%open('/no/such/file', status=status, message=message)
  call check(status == bad_file .and. index(message, '/no/such/file') > 0, 'a file that is missing is a code and a message')
  call device%open(argument(1), number=2, status=status, message=message)
  call check(status == failed .and. index(message, 'found 2') > 0, 'there is no third device')
  call device%open(argument(1), coverage=0d0, status=status, message=message)
  call check(status == bad_argument .and. index(message, 'coverage') > 0, 'an argument of zero is not the default')
  open (newunit=unit, file=argument(1), access='stream', form='unformatted', status='old')
  inquire (unit, size=length)
  allocate (character(len=length) :: bytes)
  read (unit) bytes
  close (unit)
  call device%open_bytes(bytes, fingerprint='another', status=status, message=message)
  call check(status == bad_file .and. index(message, "'another' (the host's)") > 0, 'another mechanism is refused')
  call device%open_bytes(bytes, number=1)
  call device%open(argument(1), number=0, fingerprint='0123456789abcdef')
  call device%bind(binding, species=names(1:2), status=status, message=message)
  call check(status == bad_name .and. index(message, "'A'") > 0, 'a species is missing')
  call device%bind(binding, species=names, molar_mass=[1d0], status=status, message=message)
  call check(status == bad_argument .and. index(message, 'molar mass') > 0, 'a mass each')
  call device%bind(binding, species=names)
  call suspects%open(device, cells)

  call device%advance(binding, on_device, rows_on_device, 1800d0, species_dimension=3, status=status)
  call check(status == bad_argument, 'no third dimension')
  call device%advance(binding, on_device, rows_on_device, 1800d0, score=score_on_device(2:), status=status, message=message)
  call check(status == bad_argument .and. index(message, 'scores of all cells') > 0, 'a score each')
  call device%advance(binding, on_device, rows_on_device, 1800d0, guard=fall_back, status=status, message=message)
  call check(status == bad_argument .and. index(message, 'that a device has') > 0, 'no solver there')
  call device%advance(binding, state, weather_rows, 1800d0, status=status)
  call check(status == failed .and. all(state == before), 'arrays of the host are none of the device')

  call device%advance(binding, on_device, rows_on_device, 1800d0, stream=c_null_ptr, suspects=suspects, flags=flags_on_device, &
                      score=score_on_device, half_width=widths_on_device, guard=flag_only)
  call twin_copy_out(c_loc(state), memory(1), c_sizeof(state))
  call twin_copy_out(c_loc(score), memory(3), c_sizeof(score))
  call twin_copy_out(c_loc(widths), memory(4), c_sizeof(widths))
  call twin_copy_out(c_loc(flags), memory(9), c_sizeof(flags))
  call suspects%fetch(found)
  call check(size(found) == 0 .and. all(flags == 0), 'no cell is suspicious')
  call check(all(state(:, 2) == -1), 'a species that the emulator does not know stays')
  do i = 1, 3
    result(i, :) = state(:, places(i))
  end do
  half_width = transpose(widths)
  call device%advance(binding, columns_on_device, weather_on_device, 1800d0, species_dimension=1, guard=flag_only)
  call twin_copy_out(c_loc(columns), memory(5), c_sizeof(columns))
  call check(all(columns(places, :) == result), 'both orders of an array have one result')

  weather_rows([3, 6], 1) = 1000  ! too hot
  state = before
  call twin_copy_in(memory(1), c_loc(state), c_sizeof(state))
  call twin_copy_in(memory(2), c_loc(weather_rows), c_sizeof(weather_rows))
  call device%advance(binding, on_device, rows_on_device, 1800d0, suspects=suspects, guard=keep_old)
  call twin_copy_out(c_loc(state), memory(1), c_sizeof(state))
  call suspects%fetch(found, stream=c_null_ptr)
  call check(size(found) == 2, 'two cells are too hot')
  call check(all(found == [3, 6]) .and. all(state(found, :) == before(found, :)), 'they are kept and listed')
  call device%fetch(counts)
  call check(counts%cells == 3*cells .and. counts%left_unchanged == 2, 'all steps are counted')

  single = real(before, c_float)
  single_weather = real(transpose(weather), c_float)
  call twin_copy_in(memory(7), c_loc(single), c_sizeof(single))
  call twin_copy_in(memory(8), c_loc(single_weather), c_sizeof(single_weather))
  call device%advance(binding, single_on_device, single_weather_on_device, 1800d0, guard=flag_only)
  call twin_copy_out(c_loc(single), memory(7), c_sizeof(single))
  call check(all(abs(transpose(single(:, places))/result - 1) < 1e-3), 'float is nearly double')

  ! Arrays that stay on the host, by parts, in sections of larger arrays.
  call stage%open(device, species=names, cells=-1, status=status, message=message)
  call check(status == bad_argument, 'a part has cells')
  call stage%open(device, species=names, cells=2, half_widths=.true.)
  rows = -2
  rows(::2, 2, 2:8:2) = before
  weather_rows = transpose(weather)
  call stage%advance(rows(::2, 2, 2:8:2), weather_rows, 1800d0, guard=fall_back, status=status, message=message)
  call check(status == bad_argument .and. index(message, 'that a device has') > 0, 'no solver there')
  widths = -1
  call stage%advance(rows(::2, 2, 2:8:2), weather_rows, 1800d0, counts=counts, flags=flags, half_width=widths, guard=flag_only)
  call check(counts%cells == cells .and. all(flags == 0), 'all cells are counted')
  call check(all(transpose(rows(::2, 2, 2*places)) == result) .and. all(transpose(widths) == half_width), 'parts are the whole')
  call check(count(rows == -2) == size(rows) - cells*species, 'nothing around the section is touched')
  columns = transpose(before)
  call stage%advance(columns, weather, 1800d0, species_dimension=1, guard=flag_only)
  call check(all(columns(places, :) == result), 'in the other order, too')
  single = real(before, c_float)
  call stage%advance(single, single_weather, 1800d0, guard=flag_only)
  call check(all(abs(transpose(single(:, places))/result - 1) < 1e-3), 'in float, too')
  call stage%close()

  call suspects%close()
  call binding%close()
  call device%close()
  do i = 1, 9
    call twin_release(memory(i))
  end do
  open (newunit=unit, file=argument(3), access='stream', form='unformatted', status='replace')
  write (unit) result, score, half_width
  close (unit)

contains

  subroutine check(holds, text)
    logical, intent(in) :: holds
    character(len=*), intent(in) :: text
    if (holds) return
    print '(3a)', 'not so: ', text, trim(message)
    error stop
  end subroutine

  function argument(i) result(text)
    integer, intent(in) :: i
    character(len=:), allocatable :: text
    integer :: length
    call get_command_argument(i, length=length)
    allocate (character(len=length) :: text)
    call get_command_argument(i, text)
  end function
end program
