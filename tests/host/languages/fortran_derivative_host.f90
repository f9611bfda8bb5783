! fortran_derivative_host WEIGHTS STATE RESULT: the host of c_derivative_host.c in Fortran, with sections of larger arrays,
! which must not be copied (-Warray-temporaries -Werror).
program fortran_derivative_host
  use, intrinsic :: iso_c_binding
  use chemnne_small
  implicit none
  integer, parameter :: cells = 7
  type(emulator_t) :: emulator
  type(binding_t) :: binding
  type(derivative_t) :: derivative
  type(step_status_t) :: counts
  real(c_double) :: state(3, cells), weather(2, cells), rows(cells, 9), weather_rows(cells, 2), directions(13, 2, 3)
  real(c_double) :: slope(3, cells), of_weather(2, cells)
  character(len=200) :: message
  character(len=500) :: name
  integer :: unit, status

  call get_command_argument(1, name)
  call emulator%open(trim(name))
  call get_command_argument(2, name)
  open (newunit=unit, file=trim(name), access='stream', form='unformatted', status='old')
  read (unit) state, weather
  close (unit)
  call emulator%bind(binding)
  call derivative%open(emulator, 0d0, status, message)
  call check(status == bad_argument .and. index(message, 'longest step') > 0, 'no step is shorter than none')
  call derivative%open(emulator, 1800d0)

  rows(:, 2:8:3) = transpose(state)
  weather_rows = transpose(weather)
  directions = -1
  directions(::2, 2, :) = transpose(state)
  call derivative%tangent(binding, rows(:, 2:8:3), weather_rows, 1801d0, directions(::2, 2, :), status=status, message=message)
  call check(status == bad_step .and. index(message, 'longer') > 0, 'no step is longer than the derivative was made for')
  call derivative%tangent(binding, rows(:, 2:8:3), weather_rows, 1800d0, directions(::2, 2, :2), status=status)
  call check(status == bad_argument, 'a direction of each species')
  call derivative%tangent(binding, rows(:, 2:8:3), weather_rows, 1800d0, directions(::2, 2, :), weather_rows, &
                          guard=flag_only, counts=counts)
  call check(counts%cells == cells .and. all(directions(:, 1, :) == -1), 'nothing around the section is touched')
  slope = 1
  of_weather = 0
  call derivative%adjoint(binding, state, weather, 1800d0, slope, of_weather, species_dimension=1, guard=flag_only)

  call get_command_argument(3, name)
  open (newunit=unit, file=trim(name), access='stream', form='unformatted', status='replace')
  write (unit) transpose(directions(::2, 2, :)), slope, of_weather
  close (unit)
  call derivative%close()
  call binding%close()
  call emulator%close()
contains
  subroutine check(holds, text)
    logical, intent(in) :: holds
    character(len=*), intent(in) :: text
    if (holds) return
    print '(a)', 'not so: '//text
    error stop 1
  end subroutine
end program
