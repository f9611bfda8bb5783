#pragma once
#include <array>
#include <string_view>

namespace chemnne {

/// A named rate coefficient of the MCM, as a rate expression.
struct McmRateConstant {
  std::string_view name;
  std::string_view text;
};

/// Generic and complex rate coefficients of MCM v3.3.1, which its exports name without defining them.
///
/// Units: (cm3 molecule-1)^(order-1) s-1, or factors without unit. `iupac_fall_off(k0, kinf, Fc)` joins the
/// two limits by Troe's broadening in the form of the IUPAC data sheets, as the MCM writes it out.
/// Exports differ in two: KNO3AL is that of the KPP exports' Fortran module
/// (FACSIMILE: 1.4E-12*EXP(-1860/TEMP)), and KBPPN has the broadening, as ARCA computes it (FACSIMILE
/// multiplies by Fc itself, 0.36). Where a file states its own coefficient, that one counts. Source: MCM
/// v3.3.1, mcm.york.ac.uk, "generic rate coefficients" and "complex rate coefficients" (Jenkin et al., Atmos.
/// Environ. 31, 81, 1997; Saunders et al., Atmos. Chem. Phys. 3, 161, 2003; Jenkin et al., Atmos. Chem. Phys.
/// 15, 11433, 2015).
inline constexpr std::array<McmRateConstant, 33> mcm_rate_constants{{
    {"KRO2NO", "2.7E-12*EXP(360/TEMP)"},
    {"KRO2HO2", "2.91E-13*EXP(1300/TEMP)"},
    {"KAPHO2", "5.2E-13*EXP(980/TEMP)"},
    {"KAPNO", "7.5E-12*EXP(290/TEMP)"},
    {"KRO2NO3", "2.3E-12"},
    {"KNO3AL", "1.44E-12*EXP(-1862/TEMP)"},
    {"KDEC", "1E6"},
    {"KROPRIM", "2.5E-14*EXP(-300/TEMP)"},
    {"KROSEC", "2.5E-14*EXP(-300/TEMP)"},
    {"KCH3O2", "1.03E-13*EXP(365/TEMP)"},
    {"K298CH3O2", "3.5E-13"},
    {"K14ISOM1", "3E7*EXP(-5300/TEMP)"},
    {"KBPAN", "iupac_fall_off(1.1E-5*M*EXP(-10100/TEMP), 1.9E17*EXP(-14100/TEMP), 0.3)"},
    {"KFPAN", "iupac_fall_off(3.28E-28*M*(TEMP/300)**(-6.87), 1.125E-11*(TEMP/300)**(-1.105), 0.3)"},
    {"KBPPN", "iupac_fall_off(1.7E-3*EXP(-11280/TEMP)*M, 8.3E16*EXP(-13940/TEMP), 0.36)"},
    {"KMT01", "iupac_fall_off(1E-31*M*(TEMP/300)**(-1.6), 5E-11*(TEMP/300)**(-0.3), 0.85)"},
    {"KMT02", "iupac_fall_off(1.3E-31*M*(TEMP/300)**(-1.5), 2.3E-11*(TEMP/300)**0.24, 0.6)"},
    {"KMT03", "iupac_fall_off(3.6E-30*M*(TEMP/300)**(-4.1), 1.9E-12*(TEMP/300)**0.2, 0.35)"},
    {"KMT04",
     "iupac_fall_off(1.3E-3*M*(TEMP/300)**(-3.5)*EXP(-11000/TEMP), "
     "9.7E14*(TEMP/300)**0.1*EXP(-11080/TEMP), 0.35)"},
    {"KMT05", "1.44E-13*(1 + M/4.2E19)"},
    {"KMT06", "1 + 1.4E-21*EXP(2200/TEMP)*H2O"},
    {"KMT07", "iupac_fall_off(7.4E-31*M*(TEMP/300)**(-2.4), 3.3E-11*(TEMP/300)**(-0.3), 0.81)"},
    {"KMT08", "iupac_fall_off(3.2E-30*M*(TEMP/300)**(-4.5), 3E-11, 0.41)"},
    {"KMT09", "iupac_fall_off(1.4E-31*M*(TEMP/300)**(-3.1), 4E-12, 0.4)"},
    {"KMT10", "iupac_fall_off(4.1E-5*M*EXP(-10650/TEMP), 6E15*EXP(-11170/TEMP), 0.4)"},
    {"KMT11",
     "2.4E-14*EXP(460/TEMP) + "
     "6.5E-34*EXP(1335/TEMP)*M/(1 + 6.5E-34*EXP(1335/TEMP)*M/(2.7E-17*EXP(2199/TEMP)))"},
    {"KMT12", "iupac_fall_off(2.5E-31*M*(TEMP/300)**(-2.6), 2E-12, 0.53)"},
    {"KMT13", "iupac_fall_off(2.5E-30*M*(TEMP/300)**(-5.5), 1.8E-11, 0.36)"},
    {"KMT14", "iupac_fall_off(9E-5*EXP(-9690/TEMP)*M, 1.1E16*EXP(-10560/TEMP), 0.36)"},
    {"KMT15", "iupac_fall_off(8.6E-29*M*(TEMP/300)**(-3.1), 9E-12*(TEMP/300)**(-0.85), 0.48)"},
    {"KMT16", "iupac_fall_off(8E-27*M*(TEMP/300)**(-3.5), 3E-11*(TEMP/300)**(-1), 0.5)"},
    {"KMT17", "iupac_fall_off(5E-30*M*(TEMP/300)**(-1.5), 1E-12, 0.17*EXP(-51/TEMP) + EXP(-TEMP/204))"},
    {"KMT18", "9.5E-39*O2*EXP(5270/TEMP)/(1 + 7.5E-29*O2*EXP(5610/TEMP))"},
}};

}  // namespace chemnne
