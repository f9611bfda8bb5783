! A host in Fortran: a day of chemistry in columns of air, mole fractions in q(column, level, tracer) as in CAM, of which
! only the first ncol columns are in use. Sections go to the emulator as they are, without a copy.
!
!     04_fortran_host examples/troposphere.safetensors
program fortran_host
  use, intrinsic :: iso_c_binding, only: c_double
  use chemnne_troposphere
  use chemnne_troposphere_species
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
  call fill_with_continental_air(q(:, :, aerosols + 1:))
  q(:, :, :aerosols) = 1d-9
  do level = 1, pver
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

contains

  ! Continental air in the morning, as in troposphere.hpp.
  subroutine fill_with_continental_air(air)
    real(c_double), intent(out) :: air(:, :, :)
    air(:, :, ind_O) = 3.80d-16; air(:, :, ind_O1D) = 5.96d-22; air(:, :, ind_O3) = 9.51d-08
    air(:, :, ind_OH) = 5.63d-14; air(:, :, ind_HO2) = 1.27d-11; air(:, :, ind_H2O2) = 4.27d-10
    air(:, :, ind_H2) = 4.70d-07; air(:, :, ind_NO) = 1.73d-11; air(:, :, ind_NO2) = 1.65d-10
    air(:, :, ind_NO3) = 9.03d-14; air(:, :, ind_N2O5) = 2.49d-14; air(:, :, ind_HONO) = 2.28d-13
    air(:, :, ind_HNO3) = 4.05d-09; air(:, :, ind_HO2NO2) = 1.58d-12; air(:, :, ind_SO2) = 2.04d-10
    air(:, :, ind_SO3) = 3.42d-21; air(:, :, ind_SA) = 3.24d-12; air(:, :, ind_CO) = 1.77d-07
    air(:, :, ind_CO2) = 1.67d-09; air(:, :, ind_CH4) = 2.04d-06; air(:, :, ind_CH3O2) = 1.45d-11
    air(:, :, ind_CH3O) = 7.73d-18; air(:, :, ind_CH3OOH) = 1.69d-09; air(:, :, ind_CH3OH) = 7.18d-09
    air(:, :, ind_HCHO) = 1.35d-09; air(:, :, ind_HCOOH) = 5.72d-10; air(:, :, ind_CH3NO3) = 2.05d-11
    air(:, :, ind_CH3O2NO2) = 5.60d-13; air(:, :, ind_C2H6) = 6.89d-09; air(:, :, ind_C2H5O2) = 2.60d-13
    air(:, :, ind_C2H5OOH) = 3.68d-12; air(:, :, ind_C2H5OH) = 3.48d-10; air(:, :, ind_C2H5NO3) = 3.52d-12
    air(:, :, ind_CH3CHO) = 3.88d-09; air(:, :, ind_CH3CO3) = 3.23d-12; air(:, :, ind_PAN) = 8.07d-10
    air(:, :, ind_CH3CO3H) = 6.64d-11; air(:, :, ind_CH3CO2H) = 4.58d-10; air(:, :, ind_C2H4) = 4.48d-10
    air(:, :, ind_HOCH2CH2O2) = 5.28d-13; air(:, :, ind_HOCH2CH2O) = 1.70d-20; air(:, :, ind_HYETHO2H) = 1.25d-11
    air(:, :, ind_ETHOHNO3) = 1.99d-13; air(:, :, ind_ETHGLY) = 6.71d-13; air(:, :, ind_HOCH2CHO) = 2.34d-11
    air(:, :, ind_GLYOX) = 5.47d-11; air(:, :, ind_HOCH2CO3) = 8.97d-15; air(:, :, ind_PHAN) = 2.08d-12
    air(:, :, ind_HOCH2CO3H) = 1.41d-13
  end subroutine
end program
