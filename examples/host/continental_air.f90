! Continental air in the morning, as in troposphere.hpp.
module continental_air
  use, intrinsic :: iso_c_binding, only: c_double
  use chemnne_troposphere_species
  implicit none
  private
  public :: fill_with_continental_air
contains
  ! air(cell, tracer) in mol mol-1, in the emulator's order.
  subroutine fill_with_continental_air(air)
    real(c_double), intent(out) :: air(:, :)
    air(:, ind_O) = 3.80d-16; air(:, ind_O1D) = 5.96d-22; air(:, ind_O3) = 9.51d-08
    air(:, ind_OH) = 5.63d-14; air(:, ind_HO2) = 1.27d-11; air(:, ind_H2O2) = 4.27d-10
    air(:, ind_H2) = 4.70d-07; air(:, ind_NO) = 1.73d-11; air(:, ind_NO2) = 1.65d-10
    air(:, ind_NO3) = 9.03d-14; air(:, ind_N2O5) = 2.49d-14; air(:, ind_HONO) = 2.28d-13
    air(:, ind_HNO3) = 4.05d-09; air(:, ind_HO2NO2) = 1.58d-12; air(:, ind_SO2) = 2.04d-10
    air(:, ind_SO3) = 3.42d-21; air(:, ind_SA) = 3.24d-12; air(:, ind_CO) = 1.77d-07
    air(:, ind_CO2) = 1.67d-09; air(:, ind_CH4) = 2.04d-06; air(:, ind_CH3O2) = 1.45d-11
    air(:, ind_CH3O) = 7.73d-18; air(:, ind_CH3OOH) = 1.69d-09; air(:, ind_CH3OH) = 7.18d-09
    air(:, ind_HCHO) = 1.35d-09; air(:, ind_HCOOH) = 5.72d-10; air(:, ind_CH3NO3) = 2.05d-11
    air(:, ind_CH3O2NO2) = 5.60d-13; air(:, ind_C2H6) = 6.89d-09; air(:, ind_C2H5O2) = 2.60d-13
    air(:, ind_C2H5OOH) = 3.68d-12; air(:, ind_C2H5OH) = 3.48d-10; air(:, ind_C2H5NO3) = 3.52d-12
    air(:, ind_CH3CHO) = 3.88d-09; air(:, ind_CH3CO3) = 3.23d-12; air(:, ind_PAN) = 8.07d-10
    air(:, ind_CH3CO3H) = 6.64d-11; air(:, ind_CH3CO2H) = 4.58d-10; air(:, ind_C2H4) = 4.48d-10
    air(:, ind_HOCH2CH2O2) = 5.28d-13; air(:, ind_HOCH2CH2O) = 1.70d-20; air(:, ind_HYETHO2H) = 1.25d-11
    air(:, ind_ETHOHNO3) = 1.99d-13; air(:, ind_ETHGLY) = 6.71d-13; air(:, ind_HOCH2CHO) = 2.34d-11
    air(:, ind_GLYOX) = 5.47d-11; air(:, ind_HOCH2CO3) = 8.97d-15; air(:, ind_PHAN) = 2.08d-12
    air(:, ind_HOCH2CO3H) = 1.41d-13
  end subroutine
end module
