! fortran_solver_host STATE RESULT: the solver's steps of c_solver_host.c in Fortran, with sections of larger arrays, which
! must not be copied (-Warray-temporaries -Werror).
program fortran_solver_host
  use, intrinsic :: iso_c_binding
  use stiff_small, chemistry_t => solver_t
  use stiff_small_species
  implicit none
  integer, parameter :: cells = 7, species = 4
  character(len=3), parameter :: names(species) = [character(len=3) :: 'NO2', 'X', 'O3', 'NO'], own_names(3) = ['O3 ', 'NO ', 'NO2']
  integer, parameter :: places(3) = [3, 4, 1]  ! of O3, NO, NO2
  type(chemistry_t) :: chemistry
  type(binding_t) :: binding, own
  type(workspace_t) :: workspace
  type(fallback_t) :: fallback
  type(step_status_t) :: counts
  type(cell_t) :: of_emulator(2)
  real(c_double), target :: given(inputs, cells), weather(conditions_of_a_cell, cells), after(3, 2)
  real(c_double) :: result(3, cells)
  real(c_double) :: rows(13, 2, 9), before(13, 2, 9), score(cells)
  real(c_double), allocatable :: columns(:, :, :), weather_rows(:, :)
  real(c_float), allocatable :: single(:, :), single_rows(:, :), single_weather(:, :), single_weather_rows(:, :)
  character(len=18) :: conditions(conditions_of_a_cell)
  character(len=200) :: message
  integer(c_int8_t) :: flags(cells)
  integer :: unit, status, i

  open (newunit=unit, file=argument(1), access='stream', form='unformatted', status='old')
  read (unit) given, weather
  close (unit)

  call chemistry%open(relative_tolerance=0d0, status=status, message=message)
  call check(status == bad_argument .and. index(message, 'relative_tolerance') > 0, 'an argument of zero is not the default')
  call chemistry%open(absolute_tolerance=-1d0, status=status, message=message)
  call check(status == bad_argument .and. index(message, 'absolute_tolerance') > 0, 'no tolerance below zero')
  call chemistry%open(relative_tolerance=1d-3, absolute_tolerance=1d3, element_exact=.true.)
  call workspace%open()
  call chemistry%bind(binding, species=names)
  call chemistry%bind(own)
  call check(chemistry%species_index('NO2') == ind_NO2 .and. ind_NO == 2 .and. outputs == 3, 'constants are places')
  call check(chemistry%condition_name(2) == 'pressure' .and. len(chemistry%species_name(4)) == 0, 'what is there has names')
  call check(.not. chemistry%calibrated(), 'a solver does not know how sure it is')
  i = chemistry%species_index('N', status, message)
  call check(i == 0 .and. status == bad_name .and. index(message, "'N'") > 0, 'an unknown species is none')

  ! state(cells, species), every other row of 13 and every other column of 9, and whole conditions.
  rows = -1
  do i = 1, 3
    rows(::2, 2, 2*places(i)) = given(i, :)
  end do
  before = rows
  allocate (weather_rows(cells, conditions_of_a_cell))
  weather_rows = transpose(weather)
  call chemistry%advance(binding, workspace, rows(::2, 2, 2:6:2), weather_rows, 1800d0, status=status)
  call check(status == bad_argument .and. all(rows == before), 'species are missing')
  call chemistry%advance(binding, workspace, rows(::2, 2, 2:8:2), weather_rows, -1800d0, status=status)
  call check(status == bad_step .and. all(rows == before), 'no step back in time')
  call chemistry%advance(binding, workspace, rows(::2, 2, 2:8:2), weather_rows, 1800d0, counts=counts, flags=flags, score=score, &
                         guard=keep_old)
  call check(counts%cells == cells .and. counts%left_unchanged == 0 .and. all(flags == 0), 'all cells are counted')
  call check(all(score > huge(score)), 'nothing is known of its errors')

  ! state(species, cells), and conditions as they were read.
  allocate (columns(9, 13, 2))
  columns = -1
  do i = 1, 3
    columns(2*places(i), ::2, 1) = given(i, :)
  end do
  call chemistry%advance(binding, workspace, columns(2:8:2, ::2, 1), weather, 1800d0, species_dimension=1)
  call check(all(columns(2:8:2, ::2, 1) == transpose(rows(::2, 2, 2:8:2))), 'both orders of an array have one result')
  do i = 1, 3
    result(i, :) = rows(::2, 2, 2*places(i))
    rows(::2, 2, 2*places(i)) = given(i, :)
  end do
  call check(all(rows == before), 'nothing around the section is touched')

  ! In real(c_float), again in both orders.
  allocate (single(3, cells), single_rows(cells, 3), single_weather(conditions_of_a_cell, cells))
  allocate (single_weather_rows(cells, conditions_of_a_cell))
  single = real(given, c_float)
  single_rows = transpose(single)
  single_weather = real(weather, c_float)
  single_weather_rows = transpose(single_weather)
  call chemistry%advance(own, workspace, single, single_weather, 1800d0, species_dimension=1)
  call chemistry%advance(own, workspace, single_rows, single_weather_rows, 1800d0)
  call check(all(single_rows == transpose(single)), 'so they have in single precision')

  ! As what an emulator falls back to.
  do i = 1, conditions_of_a_cell
    conditions(i) = chemistry%condition_name(i)
  end do
  call fallback%open(chemistry, names, conditions, status, message)
  call check(status == bad_name .and. index(message, "'X'") > 0, 'a species that the solver lacks')
  call fallback%open(chemistry, own_names, conditions)
  do i = 1, 2
    of_emulator(i) = cell_t(cell=i - 1, inputs=3, outputs=3, conditions=conditions_of_a_cell, before=c_loc(given(1, i)), &
                            condition_value=c_loc(weather(1, i)), seconds=1800, after=c_loc(after(1, i)), flags=0, solved=0)
  end do
  call solve(of_emulator, 2_c_size_t, fallback%user())
  call check(all(of_emulator%solved == 1) .and. all(abs(after(3, :)/result(3, :2) - 1) < 1d-12), 'it solves two cells at once')
  call fallback%close()
  of_emulator%solved = 0
  call solve(of_emulator, 2_c_size_t, fallback%user())
  call check(all(of_emulator%solved == 0), 'what is closed solves nothing')

  open (newunit=unit, file=argument(2), access='stream', form='unformatted', status='replace')
  write (unit) result, single
  close (unit)
  call own%close()
  call binding%close()
  call workspace%close()
  call chemistry%close()
  ! A program's own arrays live on, which a check of leaks would count.
  deallocate (columns, weather_rows, single, single_rows, single_weather, single_weather_rows)

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
