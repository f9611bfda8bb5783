! What KPP makes for two hosts of ours, as far as an integrator sees it: kpp_small as from KPP 2.5 on, with variables of each
! thread and pointers into C; kpp_stiff as before, with storage that C, VAR and FIX share.
module kpp_small_Parameters
  implicit none
  public
  integer, parameter :: dp = selected_real_kind(12, 300)
  integer, parameter :: NSPEC = 5, NVAR = 4, NFIX = 1
  integer, parameter :: ind_C = 1, ind_X = 2, ind_A = 3, ind_B = 4, ind_M = 5
end module

module kpp_small_Global
  use kpp_small_Parameters, only: dp, NSPEC
  implicit none
  public
  save
  real(dp), target :: C(NSPEC)
  real(dp), pointer :: VAR(:), FIX(:)
  real(dp) :: TEMP, TIME
  !$omp threadprivate(C, VAR, FIX, TEMP, TIME)
end module

module kpp_small_Monitor
  implicit none
  public
  character(len=32), parameter :: SPC_NAMES(5) = [character(len=32) :: 'C', 'X', 'A', 'B', 'M']
end module

! A module of the host, beside those of KPP.
module kpp_small_weather
  use kpp_small_Parameters, only: dp
  implicit none
  public
  save
  real(dp) :: zenith_angle_cosine
  !$omp threadprivate(zenith_angle_cosine)
end module

module kpp_stiff_Parameters
  implicit none
  public
  integer, parameter :: dp = selected_real_kind(12, 300)
  integer, parameter :: NSPEC = 5, NVAR = 3, NFIX = 2
  integer, parameter :: ind_NO2 = 1, ind_O3 = 2, ind_NO = 3, ind_O2 = 4, ind_M = 5
end module

module kpp_stiff_Global
  use kpp_stiff_Parameters, only: dp, NSPEC, NVAR, NFIX
  implicit none
  public
  save
  real(dp) :: C(NSPEC), VAR(NVAR), FIX(NFIX)
  equivalence (C(1), VAR(1)), (C(NVAR + 1), FIX(1))
  integer :: LEVEL
  real(dp) :: TEMP, PRESS(2), SUN
end module

module kpp_stiff_Monitor
  implicit none
  public
  character(len=15), parameter :: SPC_NAMES(5) = [character(len=15) :: 'NO2', 'O3', 'NO', 'O2', 'M']
end module
