! fortran_threads WEIGHTS: a host in Fortran with threads, each with a workspace of its own. Parts of a domain by four of
! them have the bits of the whole by one: states, flags, scores and half-widths.
program fortran_threads
  use, intrinsic :: iso_c_binding
  use, intrinsic :: iso_fortran_env, only: int64
  use omp_lib, only: omp_get_num_threads, omp_get_thread_num, omp_set_dynamic
  use chemnne_small
  implicit none
  integer, parameter :: threads = 4, cells = 4001, part = 29
  real(c_double), parameter :: seconds(2) = [1800d0, 5400d0]
  type(emulator_t) :: emulator
  type(binding_t) :: binding
  type(workspace_t) :: workspaces(threads)
  type(step_status_t) :: counts
  type :: result_t
    real(c_double) :: state(inputs, cells), score(cells), half_width(outputs, cells)
    integer(c_int8_t) :: flags(cells)
  end type
  type(result_t), target :: alone, together
  real(c_double) :: start(inputs, cells), weather(2, cells)
  character(len=256) :: weights
  integer :: i, team, turn
  integer(int64) :: counted

  call get_command_argument(1, weights)
  call emulator%open(trim(weights))
  call emulator%bind(binding)
  do i = 1, threads
    call workspaces(i)%open()
  end do
  call random_number(start)
  start = 10**(6 + 4*start)
  call random_number(weather)
  weather(1, :) = 265 + 45*weather(1, :)
  weather(1, 1::100) = 1000  ! K: cells with flags

  call omp_set_dynamic(.false.)
  do turn = 1, 10
    alone%state = start
    call emulator%advance(binding, workspaces(1), alone%state, weather, length(turn), species_dimension=1, counts=counts, &
                          flags=alone%flags, score=alone%score, half_width=alone%half_width)
    together%state = start
    counted = 0
    !$omp parallel num_threads(threads) reduction(+: counted)
    !$omp single
    team = omp_get_num_threads()
    !$omp end single
    !$omp do schedule(static, 1)
    do i = 1, cells, part
      counted = counted + outside_of_a_part(workspaces(omp_get_thread_num() + 1), i, min(i + part - 1, cells), length(turn))
    end do
    !$omp end do
    !$omp end parallel
    call check(team == threads, 'as many threads as were asked for')
    call check(all(bits(alone%state) == bits(together%state)), 'states are the same to the bit')
    call check(all(bits(alone%score) == bits(together%score)), 'so are scores')
    call check(all(bits(alone%half_width) == bits(together%half_width)), 'and half-widths')
    call check(all(alone%flags == together%flags), 'and flags')
    call check(counted == counts%outside_training .and. counted >= 41, 'and the sum of what is counted')
    call check(all(alone%state(:, 2:100) /= start(:, 2:100)), 'the network changes what it is given')
  end do

  do i = 1, threads
    call workspaces(i)%close()
  end do
  call binding%close()
  call emulator%close()

contains

  ! A step of the cells from first to last: what of them is outside the training data.
  recursive function outside_of_a_part(workspace, first, last, step) result(outside)
    type(workspace_t), intent(in) :: workspace
    integer, intent(in) :: first, last
    real(c_double), intent(in) :: step
    integer(int64) :: outside
    type(step_status_t) :: of_part
    call emulator%advance(binding, workspace, together%state(:, first:last), weather(:, first:last), step, &
                          species_dimension=1, counts=of_part, flags=together%flags(first:last), &
                          score=together%score(first:last), half_width=together%half_width(:, first:last))
    outside = of_part%outside_training
  end function

  ! Less than the horizon and more than it, in turn.
  pure real(c_double) function length(number)
    integer, intent(in) :: number
    length = seconds(1 + modulo(number, 2))
  end function

  elemental integer(int64) function bits(value)
    real(c_double), intent(in) :: value
    bits = transfer(value, bits)
  end function

  subroutine check(holds, text)
    logical, intent(in) :: holds
    character(len=*), intent(in) :: text
    if (holds) return
    print '(2a)', 'not so: ', text
    error stop
  end subroutine
end program
