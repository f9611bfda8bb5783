! The host of c_solver_derivative_host.c in Fortran.
program fortran_solver_derivative_host
  use, intrinsic :: iso_c_binding
  use stiff_small
  implicit none
  type(solver_t) :: chemistry
  type(binding_t) :: binding
  type(derivative_t) :: derivative
  real(c_double), parameter :: w(1, 3) = reshape([1d0, -2d0, 3d0], [1, 3]), v(1, 3) = reshape([3d10, 1d9, -1d9], [1, 3])
  real(c_double) :: state(1, 3), air(1, 5), direction(1, 5), forward(1, 3), back(1, 3), of_air(1, 5), left, right

  state(1, :) = [1d12, 1d10, 2d10]
  air(1, :) = [290d0, 1d5, 50d0, 0.5d0, 1d0]
  direction(1, :) = [3d0, -500d0, 1d0, 0.05d0, 0.1d0]
  call chemistry%open()
  call chemistry%bind(binding)
  call derivative%open(chemistry, 600d0)
  forward = v
  back = w
  of_air = 0
  call derivative%tangent(binding, state, air, 600d0, forward, direction)
  call derivative%adjoint(binding, state, air, 600d0, back, of_air)
  left = sum(w*forward)
  right = sum(back*v) + sum(of_air*direction)
  if (abs(left - right) > 1d-9*(sum(abs(w*forward)) + sum(abs(back*v)))) error stop 'one is not the other transposed'
  call derivative%close()
  call binding%close()
  call chemistry%close()
end program
