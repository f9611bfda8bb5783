! fortran_host WEIGHTS STATE RESULT: the host of c_host.c in Fortran, with sections of larger arrays, which must not be
! copied (-Warray-temporaries -Werror).
module solver_of_host
  use, intrinsic :: iso_c_binding
  use chemnne_small, only: cell_t
  use chemnne_small_species
  implicit none
contains
  subroutine solve(cells, count, user) bind(C)
    integer(c_size_t), value :: count
    type(cell_t), intent(inout) :: cells(count)
    type(c_ptr), value :: user
    integer(c_int), pointer :: calls
    real(c_double), pointer :: before(:), after(:)
    integer(c_size_t) :: i, extent(1)
    call c_f_pointer(user, calls)
    calls = calls + 1
    do i = 1, count
      extent = cells(i)%inputs
      call c_f_pointer(cells(i)%before, before, extent)
      extent = cells(i)%outputs
      call c_f_pointer(cells(i)%after, after, extent)
      after(ind_B) = before(ind_B)
      cells(i)%solved = 1
    end do
  end subroutine
end module

program fortran_host
  use, intrinsic :: iso_c_binding
  use chemnne_small
  use chemnne_small_species
  use solver_of_host, only: solve
  implicit none
  integer, parameter :: cells = 7, species = 4
  character(len=1), parameter :: names(species) = ['C', 'X', 'A', 'B']
  integer, parameter :: places(3) = [3, 4, 1]  ! of A, B, C
  type(emulator_t) :: emulator, from_memory
  type(binding_t) :: binding
  type(workspace_t) :: workspace
  type(step_status_t) :: counts
  real(c_double) :: given(3, cells), weather(2, cells), hot(2, cells)
  real(c_double) :: shares(inputs)
  real(c_double) :: rows(13, 2, 9), before(13, 2, 9), result(3, cells), score(cells), hot_score(cells)
  real(c_double) :: half_width(3, cells), widths(9, 9)
  real(c_double), allocatable :: columns(:, :, :), weather_rows(:, :)
  real(c_float), allocatable :: single(:, :), single_columns(:, :, :), single_weather(:, :), single_weather_columns(:, :)
  integer(c_int8_t) :: flags(cells)
  integer(c_int), target :: calls
  character(len=:), allocatable :: bytes
  character(len=200) :: message
  character(len=9) :: short
  integer :: unit, status, i, length

  open (newunit=unit, file=argument(2), access='stream', form='unformatted', status='old')
  read (unit) given, weather
  close (unit)

  call emulator%open('/no/such/file', status=status, message=message)
  call check(status == bad_file .and. index(message, '/no/such/file') > 0, 'a file that is missing is a code and a message')
  call emulator%open('/no/such/file', status=status, message=short)
  call check(short == '/no/such/', 'a message is cut to its length')
  call emulator%open(argument(1), fingerprint='another', status=status, message=message)
  call check(status == bad_file .and. index(message, "'another' (the host's)") > 0, 'another mechanism is refused')
  call emulator%open(argument(1), coverage=0d0, status=status, message=message)
  call check(status == bad_argument .and. index(message, 'coverage') > 0, 'an argument of zero is not the default')
  call emulator%open(argument(1), budget_tolerance=-1d0, status=status, message=message)
  call check(status == bad_argument .and. index(message, 'budget_tolerance') > 0, 'no tolerance below zero')
  call emulator%open(argument(1), fingerprint='0123456789abcdef', coverage=0.9d0, element_exact=.true., budget_tolerance=0.2d0)
  call workspace%open()
  call emulator%bind(binding, species=names)
  call check(emulator%species_index('A') == ind_A .and. emulator%species_index('B') == ind_B .and. ind_C == 3, &
           'constants are places')
  call check(emulator%condition_index('sun') == 2 .and. emulator%condition_name(2) == 'sun', 'conditions have names')
  call check(emulator%species_name(3) == 'C' .and. len(emulator%species_name(4)) == 0, 'species have names')
  i = emulator%species_index('D', status, message)
  call check(i == 0 .and. status == bad_name .and. index(message, "'D'") > 0, 'an unknown species is none')
  shares = emulator%lumping('B')
  call check(all(shares == [0d0, 1d0, 0d0]), 'a tracer enters itself')
  shares = emulator%lumping('D', status, message)
  call check(all(shares == 0) .and. status == bad_name, 'an unknown species enters none')
  call check(emulator%calibrated(), 'the weights know how sure they are')

  ! state(cells, species), every other row of 13 and every other column of 9, and whole conditions.
  rows = -1
  do i = 1, 3
    rows(::2, 2, 2*places(i)) = given(i, :)
  end do
  before = rows
  allocate (weather_rows(cells, 2))
  weather_rows = transpose(weather)
  call emulator%advance(binding, workspace, rows(13:1:-2, 2, 2:8:2), weather_rows, 1800d0, status=status, message=message)
  call check(status == bad_argument .and. index(message, 'negative') > 0 .and. all(rows == before), 'no step backwards')
  call emulator%advance(binding, workspace, rows(::2, 2, 2:6:2), weather_rows, 1800d0, status=status)
  call check(status == bad_argument .and. all(rows == before), 'species are missing')
  call emulator%advance(binding, workspace, rows(::2, 2, 2:8:2), weather_rows, 1800d0, species_dimension=3, status=status)
  call check(status == bad_argument .and. all(rows == before), 'no third dimension')
  call emulator%advance(binding, workspace, rows(::2, 2, 2:8:2), weather_rows, 1800d0, score=score(2:), status=status, &
                        message=message)
  call check(status == bad_argument .and. index(message, 'scores of all cells') > 0 .and. all(rows == before), 'a score each')
  call emulator%advance(binding, workspace, rows(::2, 2, 2:8:2), weather_rows, 1800d0, half_width=half_width, &
                        status=status, message=message)
  call check(status == bad_argument .and. index(message, 'dimensions as those of the state') > 0 .and. all(rows == before), &
           'half-widths lie as the state does')
  widths = -1
  call emulator%advance(binding, workspace, rows(::2, 2, 2:8:2), weather_rows, 1800d0, guard=flag_only, counts=counts, &
                        half_width=widths(2:8, 4:8:2))
  call check(counts%cells == cells, 'all cells are counted')
  do i = 1, 3
    result(i, :) = rows(::2, 2, 2*places(i))
    rows(::2, 2, 2*places(i)) = given(i, :)
  end do
  call check(all(rows == before), 'nothing around the section is touched')

  ! state(species, cells) in an allocatable array, and conditions as they were read.
  allocate (columns(9, 13, 2))
  columns = -1
  do i = 1, 3
    columns(2*places(i), ::2, 1) = given(i, :)
  end do
  call emulator%advance(binding, workspace, columns(2:8:2, ::2, 1), weather, 1800d0, species_dimension=1, guard=flag_only, &
                        flags=flags, score=score, half_width=half_width)
  call check(all(columns(2*places, ::2, 1) == result), 'both orders of an array have one result')
  call check(all(widths(2:8, 4:8:2) == transpose(half_width)) .and. count(widths == -1) == 60, 'half-widths have, too')

  ! In real(c_float), again in both orders.
  allocate (single(cells, species), single_columns(2, species, cells), single_weather(cells, 2))
  do i = 1, species
    single(:, i) = real(given(modulo(i, 3) + 1, :), c_float)
    single_columns(2, i, :) = single(:, i)
  end do
  single_weather = real(weather_rows, c_float)
  allocate (single_weather_columns(2, cells))
  single_weather_columns = transpose(single_weather)
  call emulator%advance(binding, workspace, single, single_weather, 1800d0)
  call emulator%advance(binding, workspace, single_columns(2, :, :), single_weather_columns, 1800d0, &
                        species_dimension=1)
  call check(all(single_columns(2, :, :) == transpose(single)), 'so they have in single precision')

  ! The host's own solver, for two cells that are too hot.
  hot = weather
  hot(1, [3, 6]) = 1000
  calls = 0
  columns(2*places, ::2, 1) = given
  call emulator%advance(binding, workspace, columns(2:8:2, ::2, 1), hot, 1800d0, species_dimension=1, counts=counts, &
                        flags=flags, score=hot_score, solve=solve, user=c_loc(calls))
  call check(calls == 1 .and. counts%solved == 2 .and. all(iand(int(flags([3, 6])), solved) /= 0), 'the solver has its cells')
  call check(columns(2*places(2), 5, 1) == given(2, 3) .and. columns(2*places(2), 11, 1) == given(2, 6), 'and its answers count')
  call check(all((hot_score > 1) .eqv. (iand(int(flags), uncertain) /= 0)) .and. hot_score(3) > 1, 'a score above 1 is a flag')
  columns(2*places, ::2, 1) = given
  call emulator%advance(binding, workspace, columns(2:8:2, ::2, 1), hot, 1800d0, species_dimension=1, counts=counts, &
                        solve=solve, user=c_loc(calls), solve_every=3, turn=0)
  call check(counts%solved == 5 .and. counts%sample_error > 0, 'a third is solved, too')
  call emulator%advance(binding, workspace, columns(2:8:2, ::2, 1), hot, 1800d0, species_dimension=1, solve=solve, &
                        user=c_loc(calls), solve_every=-3, status=status, message=message)
  call check(status == bad_argument .and. index(message, 'solve_every') > 0, 'a sample is of every so-many-th cell')

  ! No cells, and weights from memory.
  call emulator%advance(binding, workspace, rows(1:0, 1, 1:4), weather_rows(1:0, :), 1800d0, counts=counts)
  call check(counts%cells == 0, 'a part of the domain may be empty')
  open (newunit=unit, file=argument(1), access='stream', form='unformatted', status='old')
  inquire (unit, size=length)
  allocate (character(len=length) :: bytes)
  read (unit) bytes
  close (unit)
  call from_memory%open_bytes(bytes)
  call check(from_memory%species_name(1) == 'A', 'bytes are as good as a file')
  call from_memory%advance(binding, workspace, rows(::2, 2, 2:8:2), weather_rows, 1800d0, status=status, message=message)
  call check(status == bad_argument .and. index(message, 'binding of this emulator') > 0, 'a binding has its emulator')

  ! What is opened again takes the place of what was open.
  call from_memory%open(argument(1))
  call workspace%open()
  call emulator%bind(binding, species=names)
  columns(2*places, ::2, 1) = given
  call emulator%advance(binding, workspace, columns(2:8:2, ::2, 1), weather, 1800d0, species_dimension=1, guard=flag_only)
  call check(all(columns(2*places, ::2, 1) == result), 'opened again it is the same')
  call from_memory%open('/no/such/file', status=status)
  call check(status == bad_file .and. len(from_memory%species_name(1)) == 0, 'an error leaves nothing open')

  call binding%close()
  call workspace%close()
  call emulator%close()
  call from_memory%close()
  open (newunit=unit, file=argument(3), access='stream', form='unformatted', status='replace')
  write (unit) result, score, half_width
  close (unit)
  ! A program's own arrays live on, which a check of leaks would count.
  deallocate (bytes, columns, weather_rows, single, single_columns, single_weather, single_weather_columns)

contains

  subroutine check(holds, text)
    logical, intent(in) :: holds
    character(len=*), intent(in) :: text
    if (holds) return
    print '(2a)', 'not so: ', text
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
