program fortran_host
  use box, only: emulator_t, bad_file
  use box_species, only: ind_B
  use stiff_box, only: solver_t, inputs
  implicit none
  type(emulator_t) :: emulator
  type(solver_t) :: solver
  character(len=200) :: message
  integer :: status
  call emulator%open('/no/such/file', status=status, message=message)
  print '(2(a, i0), 2a)', 'B is ', ind_B, ' of ', inputs, ': ', trim(message)
  if (status /= bad_file) error stop
  call solver%open()
  call solver%close()
end program
