program fortran_host
  use box, only: emulator_t, bad_file
  use box_species, only: ind_B
  implicit none
  type(emulator_t) :: emulator
  character(len=200) :: message
  integer :: status
  call emulator%open('/no/such/file', status=status, message=message)
  print '(a, i0, 2a)', 'B is ', ind_B, ': ', trim(message)
  if (status /= bad_file) error stop
end program
