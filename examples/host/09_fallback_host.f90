! A host in Fortran with both: a day by the emulator, which falls back to the solver of its mechanism in the cells that it
! does not know; the same day with a tenth of the other cells solved, too, which correct the rest; and by the solver alone.
! Plumes of NO come every six hours.
!
!     09_fallback_host examples/troposphere.safetensors
program fallback_host
  use, intrinsic :: iso_c_binding, only: c_double
  use chemnne_troposphere
  use chemnne_troposphere_species, only: ind_NO, ind_O3
  use continental_air, only: fill_with_continental_air
  use stiff_troposphere, only: solver_t, fallback_t, solve, solver_binding_t => binding_t, solver_workspace_t => workspace_t
  implicit none
  integer, parameter :: cells = 60
  real(c_double), parameter :: pi = 3.14159265358979d0, plume = 3d-7
  type(emulator_t) :: emulator
  type(binding_t) :: binding
  type(workspace_t) :: workspace
  type(solver_t) :: stiff
  type(solver_binding_t) :: solver_binding
  type(solver_workspace_t) :: solver_workspace
  type(fallback_t) :: fallback  ! has the memory of a step: one for each thread
  type(step_status_t) :: counts
  ! (cell, tracer) in mol mol-1, (cell, condition)
  real(c_double), allocatable :: q(:, :), corrected(:, :), whole(:, :), weather(:, :)
  character(len=20) :: tracers(outputs), conditions(conditions_of_a_cell)
  character(len=256) :: weights
  integer :: hour, i, replaced, sampled

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

  call stiff%open()
  call solver_workspace%open()
  call stiff%bind(solver_binding, species=tracers, conditions=conditions, unit=mole_fraction)
  call fallback%open(stiff, tracers, conditions)

  allocate (q(cells, outputs), weather(cells, conditions_of_a_cell))
  call fill_with_continental_air(q)
  corrected = q
  whole = q
  weather(:, 1) = [(293 - 0.3d0*i, i=1, cells)]             ! K
  weather(:, 2) = [(101325*exp(-0.005d0*i), i=1, cells)]    ! Pa
  weather(:, 3) = 60                                        ! %
  weather(:, 5) = 1                                         ! photolysis scaling

  replaced = 0
  sampled = 0
  do hour = 6, 29
    weather(:, 4) = max(0d0, 0.9d0*sin(pi*(modulo(hour, 24) + 0.5d0 - 6)/12))
    if (modulo(hour, 6) == 0) then
      q(::10, ind_NO) = q(::10, ind_NO) + plume
      corrected(::10, ind_NO) = corrected(::10, ind_NO) + plume
      whole(::10, ind_NO) = whole(::10, ind_NO) + plume
    end if
    call emulator%advance(binding, workspace, q, weather, 3600d0, counts=counts, solve=solve, user=fallback%user())
    replaced = replaced + int(counts%solved)
    if (counts%left_unchanged > 0) error stop 'a cell that nothing could step'
    call emulator%advance(binding, workspace, corrected, weather, 3600d0, counts=counts, solve=solve, user=fallback%user(), &
                          solve_every=10, turn=hour)
    sampled = sampled + int(counts%solved)
    call stiff%advance(solver_binding, solver_workspace, whole, weather, 3600d0, counts=counts)
    if (counts%left_unchanged > 0) error stop 'a cell that the solver cannot solve'
    if (modulo(hour, 6) == 5) print '(i2.2, a, 2f6.1, a, 2f6.1, a, 2f6.1, a)', modulo(hour + 1, 24), &
      ':00  O3 in a plume and beside it', q(1, ind_O3)*1d9, q(2, ind_O3)*1d9, ' nmol/mol, corrected', &
      corrected(1, ind_O3)*1d9, corrected(2, ind_O3)*1d9, ', by the solver alone', whole(1, ind_O3)*1d9, whole(2, ind_O3)*1d9
  end do
  print '(f5.1, a, f5.1, a)', 100d0*replaced/(24*cells), ' % of the steps solved by the fallback,', &
    100d0*sampled/(24*cells), ' % with the sample'
  print '(a, f6.3, a, f6.3)', 'root mean square error of ln O3: ', error_of(q), ', corrected ', error_of(corrected)
  if (replaced == 0) error stop 'no plume that the emulator does not know'
  call fallback%close()
  call solver_binding%close()
  call solver_workspace%close()
  call stiff%close()
  call binding%close()
  call workspace%close()
  call emulator%close()
contains
  ! Root mean square of ln of the ozone beside that of the solver.
  real(c_double) function error_of(run)
    real(c_double), intent(in) :: run(:, :)
    error_of = sqrt(sum(log(run(:, ind_O3)/whole(:, ind_O3))**2)/cells)
  end function
end program
