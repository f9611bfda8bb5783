! A host in Fortran with both: the solver makes of what is known of the morning's air a whole state, then the emulator steps
! it, and falls back to the solver in the cells that it does not know. Plumes of NO come every six hours.
!
!     09_fallback_host examples/troposphere.safetensors
program fallback_host
  use, intrinsic :: iso_c_binding, only: c_double
  use chemnne_troposphere
  use chemnne_troposphere_species
  use stiff_troposphere, only: solver_t, fallback_t, solve, solver_binding_t => binding_t, solver_workspace_t => workspace_t
  implicit none
  integer, parameter :: cells = 60
  real(c_double), parameter :: pi = 3.14159265358979d0
  type(emulator_t) :: emulator
  type(binding_t) :: binding
  type(workspace_t) :: workspace
  type(solver_t) :: solver
  type(solver_binding_t) :: solver_binding
  type(solver_workspace_t) :: solver_workspace
  type(fallback_t) :: fallback  ! has the memory of a step: one for each thread
  type(step_status_t) :: counts
  real(c_double), allocatable :: q(:, :), weather(:, :)  ! (cell, tracer) in mol mol-1, (cell, condition)
  character(len=20) :: tracers(outputs), conditions(conditions_of_a_cell)
  character(len=256) :: weights
  integer :: hour, i, solved, unchanged

  if (command_argument_count() /= 1) error stop '09_fallback_host WEIGHTS'
  call get_command_argument(1, weights)
  call emulator%open(trim(weights))
  call workspace%open()
  do i = 1, outputs
    tracers(i) = emulator%species_name(i)
  end do
  do i = 1, conditions_of_a_cell
    conditions(i) = emulator%condition_name(i)
  end do
  call emulator%bind(binding, species=tracers, conditions=conditions, unit=mole_fraction)

  call solver%open()
  call solver_workspace%open()
  call solver%bind(solver_binding, species=tracers, conditions=conditions, unit=mole_fraction)
  call fallback%open(solver, tracers, conditions)

  allocate (q(cells, outputs), weather(cells, conditions_of_a_cell))
  q = 0
  q(:, ind_O3) = 4d-8; q(:, ind_NO2) = 2d-10; q(:, ind_CO) = 1.2d-7; q(:, ind_CH4) = 1.9d-6; q(:, ind_H2) = 5d-7
  q(:, ind_HCHO) = 1d-9; q(:, ind_H2O2) = 1d-9; q(:, ind_C2H6) = 1d-9; q(:, ind_SO2) = 2d-10; q(:, ind_HNO3) = 1d-9
  weather(:, 1) = [(293 - 0.3d0*i, i=1, cells)]             ! K
  weather(:, 2) = [(101325*exp(-0.005d0*i), i=1, cells)]    ! Pa
  weather(:, 3) = 60                                        ! %
  weather(:, 5) = 1                                         ! photolysis scaling

  do hour = 6, 29
    call set_sun()
    call solver%advance(solver_binding, solver_workspace, q, weather, 3600d0, counts=counts)
    if (counts%left_unchanged > 0) error stop 'a cell that the solver cannot solve'
  end do

  solved = 0
  unchanged = 0
  do hour = 30, 53
    call set_sun()
    if (modulo(hour, 6) == 0) q(::10, ind_NO) = q(::10, ind_NO) + 2d-7
    call emulator%advance(binding, workspace, q, weather, 3600d0, counts=counts, solve=solve, user=fallback%user())
    solved = solved + int(counts%solved)
    unchanged = unchanged + int(counts%left_unchanged)
    if (modulo(hour, 6) == 5) print '(i2.2, a, 2f6.1, a, i3, a, i3)', modulo(hour + 1, 24), ':00  O3 in a plume and beside it', &
      q(1, ind_O3)*1d9, q(2, ind_O3)*1d9, ' nmol/mol, solved ', counts%solved, ' of ', counts%cells
  end do
  if (solved == 0 .or. unchanged > 0) error stop 'the fallback is not as it should be'
  call fallback%close()
  call solver_binding%close()
  call solver_workspace%close()
  call solver%close()
  call binding%close()
  call workspace%close()
  call emulator%close()

contains

  subroutine set_sun()
    weather(:, 4) = max(0d0, 0.9d0*sin(pi*(modulo(hour, 24) + 0.5d0 - 6)/12))
  end subroutine
end program
