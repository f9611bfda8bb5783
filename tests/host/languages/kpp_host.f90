! kpp_host STATE RESULT: a host with KPP's modules and threads whose integrator is an emulator, with its weights in the folder
! where it runs. kpp_host alone: the same without weights.
program kpp_host
  use, intrinsic :: iso_c_binding, only: c_double
  use omp_lib, only: omp_get_num_threads, omp_set_dynamic
  use chemnne_small, only: bad_file, bad_step, outside_training
  use kpp_small_Parameters
  use kpp_small_Global
  use kpp_small_weather, only: zenith_angle_cosine
  use kpp_small_Integrator, only: INTEGRATE, INTEGRATE_CELLS, OPEN_INTEGRATOR, REGISTER_FALLBACK, CONDITION_NAMES, Nstp, Ntexit
  implicit none
  integer, parameter :: cells = 40, threads = 4, places(3) = [ind_A, ind_B, ind_C]
  real(c_double) :: state(3, cells), weather(2, cells)
  real(dp) :: boxes(NSPEC, cells), together(NSPEC, cells), before(NSPEC), RSTATUS(20)
  integer :: ISTATUS(20), IERR, codes(cells), unit, i, team
  character(len=256) :: file, message

  if (command_argument_count() == 0) then
    call check(all(shape(CONDITION_NAMES) == 2), 'conditions have names')
    call set_box([1e8_dp, 1e8_dp, 1e8_dp, 1e8_dp, 1e19_dp], [288d0, 0.5d0])
    before = C
    call INTEGRATE(0._dp, 1800._dp, IERR_U=IERR)
    call check(IERR == -500 - bad_file .and. all(C == before), 'without weights there is no step')
    call OPEN_INTEGRATOR('nothing', status=IERR, message=message)
    call check(IERR == bad_file .and. index(message, 'nothing') > 0, 'nor with others that are not there')
    stop
  end if
  call get_command_argument(1, file)
  open (newunit=unit, file=file, access='stream', form='unformatted', status='old')
  read (unit) state, weather
  close (unit)
  boxes(ind_X, :) = -1
  boxes(ind_M, :) = 2.5d19
  boxes(places, :) = state
  together = boxes

  ! The first calls of four threads, all at once: one of them opens.
  call omp_set_dynamic(.false.)
  !$omp parallel num_threads(threads) private(IERR, ISTATUS, RSTATUS)
  !$omp single
  team = omp_get_num_threads()
  !$omp end single
  !$omp do schedule(static, 1)
  do i = 1, cells
    call set_box(boxes(:, i), weather(:, i))
    call INTEGRATE(TIN=3600._dp, TOUT=5400._dp, ISTATUS_U=ISTATUS, RSTATUS_U=RSTATUS, IERR_U=IERR)
    call check(IERR == 1 .and. all(ISTATUS == 0) .and. RSTATUS(Ntexit) == 5400, 'each cell is stepped')
    boxes(:, i) = C
  end do
  !$omp end do
  !$omp end parallel
  call check(team == threads, 'as many threads as were asked for')
  call check(all(boxes(ind_X, :) == -1) .and. all(boxes(ind_M, :) == 2.5d19), 'what the emulator does not know is not touched')

  call INTEGRATE_CELLS(3600._dp, 5400._dp, together, weather, codes)
  call check(all(codes == 1) .and. all(together == boxes), 'many cells at once have the same bits')
  weather(1, ::3) = 1000
  call INTEGRATE_CELLS(3600._dp, 5400._dp, together, weather, codes)
  call check(all(iand(-100 - codes(::3), outside_training) /= 0) .and. all(together(:, ::3) == boxes(:, ::3)), 'some are kept')
  call check(all(codes(2::3) == 1) .and. all(together(places, 2::3) /= boxes(places, 2::3)), 'the others are stepped')
  call INTEGRATE_CELLS(0._dp, 1800._dp, together(2:, :), weather, codes)
  call check(all(codes < -500), 'a species is missing')

  ! A cell that is not to be trusted.
  call set_box(boxes(:, 1), [1000d0, 0.5d0])
  call INTEGRATE(0._dp, 1800._dp, RSTATUS_U=RSTATUS, IERR_U=IERR)
  call check(IERR < -100 .and. IERR > -356 .and. all(C == boxes(:, 1)) .and. RSTATUS(Ntexit) == 0, 'it is as it was')
  call INTEGRATE(0._dp, 0._dp, IERR_U=IERR)
  call check(IERR == 1 .and. all(C == boxes(:, 1)), 'a step of no length is none')
  call INTEGRATE(1800._dp, 0._dp, IERR_U=IERR)
  call check(IERR == -500 - bad_step .and. all(C == boxes(:, 1)), 'there is no step back')
  call REGISTER_FALLBACK(own)
  call INTEGRATE(60._dp, 1800._dp, ICNTRL_U=[(i, i=1, 20)], ISTATUS_U=ISTATUS, IERR_U=IERR)
  call check(IERR == 1 .and. ISTATUS(Nstp) == 7 .and. all(C == boxes(:, 1)/2), 'the host integrates it')
  call INTEGRATE(1800._dp, 0._dp, IERR_U=IERR)
  call check(IERR == -500 - bad_step .and. all(C == boxes(:, 1)/2), 'but an error stays one')

  call get_command_argument(2, file)
  open (newunit=unit, file=file, access='stream', form='unformatted', status='replace')
  state = boxes(places, :)
  write (unit) state
  close (unit)

contains

  recursive subroutine set_box(box, air)
    real(dp), intent(in) :: box(NSPEC), air(2)
    C = box
    TEMP = air(1)
    zenith_angle_cosine = air(2)
  end subroutine

  ! The host's own integrator.
  subroutine own(TIN, TOUT, ICNTRL_U, RCNTRL_U, ISTATUS_U, RSTATUS_U, IERR_U)
    real(dp), intent(in) :: TIN, TOUT
    integer, intent(in), optional :: ICNTRL_U(20)
    real(dp), intent(in), optional :: RCNTRL_U(20)
    integer, intent(out), optional :: ISTATUS_U(20)
    real(dp), intent(out), optional :: RSTATUS_U(20)
    integer, intent(out), optional :: IERR_U
    call check(TIN == 60 .and. TOUT == 1800 .and. ICNTRL_U(20) == 20 .and. TEMP == 1000, 'it gets what INTEGRATE got')
    call check(present(ISTATUS_U) .and. .not. present(RCNTRL_U) .and. .not. present(RSTATUS_U), 'and nothing else')
    C = C/2
    ISTATUS_U = 0
    ISTATUS_U(Nstp) = 7
    IERR_U = 1
  end subroutine

  subroutine check(holds, text)
    logical, intent(in) :: holds
    character(len=*), intent(in) :: text
    if (holds) return
    print '(2a)', 'not so: ', text
    error stop
  end subroutine
end program
