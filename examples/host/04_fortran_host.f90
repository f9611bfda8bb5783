! A host in Fortran: a day of chemistry in columns of air, mole fractions in q(column, level, tracer) as in CAM, of which
! only the first ncol columns are in use. Sections go to the emulator as they are, without a copy.
!
!     04_fortran_host examples/troposphere.safetensors
program fortran_host
  use, intrinsic :: iso_c_binding, only: c_double
  use chemnne_troposphere
  use chemnne_troposphere_species
  use continental_air, only: fill_with_continental_air
  implicit none
  integer, parameter :: pcols = 16, ncol = 10, pver = 20, aerosols = 2, tracers = inputs + aerosols
  real(c_double), parameter :: pi = 3.14159265358979d0
  type(emulator_t) :: emulator
  type(binding_t) :: binding
  type(workspace_t) :: workspace
  type(step_status_t) :: counts
  real(c_double), allocatable :: q(:, :, :), weather(:, :, :)
  character(len=12) :: names(tracers)
  character(len=256) :: weights
  integer :: hour, level, i, unchanged

  if (command_argument_count() /= 1) error stop '04_fortran_host WEIGHTS'
  call get_command_argument(1, weights)
  call emulator%open(trim(weights))
  call workspace%open()

  ! The host's own names and order: two aerosols first. Found by name, once.
  names(:aerosols) = [character(len=12) :: 'dust', 'sea_salt']
  do i = 1, inputs
    names(aerosols + i) = emulator%species_name(i)
  end do
  call emulator%bind(binding, species=names, unit=mole_fraction)

  allocate (q(pcols, pver, tracers), weather(pcols, pver, conditions_of_a_cell))
  q(:, :, :aerosols) = 1d-9
  do level = 1, pver
    call fill_with_continental_air(q(:, level, aerosols + 1:))
    associate (height => 3000d0*(level - 1)/pver)
      weather(:, level, 1) = 293 - 6.5d-3*height           ! K
      weather(:, level, 2) = 101325*exp(-height/8400)      ! Pa
    end associate
  end do
  weather(:, :, 3) = 60  ! %
  weather(:, :, 5) = 1   ! photolysis scaling

  unchanged = 0
  do hour = 11, 34
    weather(:, :, 4) = max(0d0, 0.9d0*sin(pi*(modulo(hour, 24) + 0.5d0 - 6)/12))
    do level = 1, pver
      call emulator%advance(binding, workspace, q(:ncol, level, :), weather(:ncol, level, :), 3600d0, counts=counts)
      unchanged = unchanged + int(counts%left_unchanged)
    end do
    if (modulo(hour, 6) == 4) print '(i2.2, a, f6.2, a)', modulo(hour + 1, 24), ':00  O3 at the ground ', &
      q(1, 1, aerosols + ind_O3)*1d9, ' nmol/mol'
  end do
  if (unchanged > 0 .or. any(q(:, :, :aerosols) /= 1d-9)) error stop 'the host is not as it should be'
  call binding%close()
  call workspace%close()
  call emulator%close()
end program
