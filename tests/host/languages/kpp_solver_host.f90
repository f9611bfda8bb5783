! kpp_solver_host STATE RESULT: a host with modules of an early KPP whose integrator is a solver.
program kpp_solver_host
  use, intrinsic :: iso_c_binding, only: c_double
  use stiff_small, only: kept, unphysical
  use kpp_stiff_Parameters
  use kpp_stiff_Global
  use kpp_stiff_Integrator, only: INTEGRATE, INTEGRATE_CELLS, OPEN_INTEGRATOR
  implicit none
  integer, parameter :: cells = 40
  real(c_double) :: state(3, cells), weather(5, cells)
  real(dp) :: together(NSPEC, cells), result(3, cells)
  integer :: IERR, codes(cells), unit, i
  character(len=256) :: file

  call get_command_argument(1, file)
  open (newunit=unit, file=file, access='stream', form='unformatted', status='old')
  read (unit) state, weather  ! O3, NO, NO2
  close (unit)
  do i = 1, cells
    VAR([ind_O3, ind_NO, ind_NO2]) = state(:, i)
    FIX = [5d18, 2.5d19]
    together(:, i) = C
    TEMP = weather(1, i)
    LEVEL = 1 + modulo(i, 2)
    PRESS(LEVEL) = weather(2, i)
    SUN = weather(4, i)
    call INTEGRATE(0._dp, 1800._dp, IERR_U=IERR)
    call check(IERR == 1 .and. all(FIX == [5d18, 2.5d19]), 'each cell is solved')
    result(:, i) = VAR([ind_O3, ind_NO, ind_NO2])
  end do
  call INTEGRATE_CELLS(0._dp, 1800._dp, together, weather, codes)
  call check(all(codes == 1) .and. all(together([ind_O3, ind_NO, ind_NO2], :) == result), 'so are many at once')

  TEMP = 50
  call INTEGRATE(0._dp, 1800._dp, IERR_U=IERR)
  call check(IERR == -100 - kept - unphysical .and. all(VAR([ind_O3, ind_NO, ind_NO2]) == result(:, cells)), 'no air of 50 K')
  call OPEN_INTEGRATOR(relative_tolerance=1d-5)
  TEMP = weather(1, cells)
  VAR([ind_O3, ind_NO, ind_NO2]) = state(:, cells)
  call INTEGRATE(0._dp, 1800._dp)
  call check(any(VAR([ind_O3, ind_NO, ind_NO2]) /= result(:, cells)), 'a tolerance counts')

  call get_command_argument(2, file)
  open (newunit=unit, file=file, access='stream', form='unformatted', status='replace')
  write (unit) result
  close (unit)

contains

  subroutine check(holds, text)
    logical, intent(in) :: holds
    character(len=*), intent(in) :: text
    if (holds) return
    print '(2a)', 'not so: ', text
    error stop
  end subroutine
end program
