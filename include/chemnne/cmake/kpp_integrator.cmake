# What KPP_ROOT of chemnne_add_emulator and chemnne_add_solver makes: <build>/<target>_interface/<KPP_ROOT>_Integrator.f90,
# the Fortran module that takes the place of KPP's (docs/guide_host.md). It is a property of <target>_c,
# CHEMNNE_KPP_INTEGRATOR, since only the host has the modules that it uses.
#
#   KPP_ROOT <root>                            what the host's modules are called, <root>_Global and so on
#   KPP_CONDITIONS <condition>=<expression>... where a cell's conditions are in the host, in Fortran, of the variables of
#                                              <root>_Global, <root>_Parameters and the modules below
#   [KPP_MODULES <module>...]                  other modules of the host
set(kpp_root "${${chemistry}_KPP_ROOT}")
set(kpp_name_length 1)
set(place 0)
foreach(part kpp_names kpp_expressions kpp_modules kpp_conditions_text kpp_conditions_code)
  set(${part} "")
endforeach()
foreach(condition IN LISTS ${chemistry}_KPP_CONDITIONS)
  if(NOT condition MATCHES "^([^= ]+)=(.+)$")
    message(FATAL_ERROR "chemnne_add_${chemistry}(${target}): '${condition}' of KPP_CONDITIONS is not <condition>=<expression>")
  endif()
  list(APPEND kpp_names "${CMAKE_MATCH_1}")
  list(APPEND kpp_expressions "${CMAKE_MATCH_2}")
  string(LENGTH "${CMAKE_MATCH_1}" length)
  if(length GREATER kpp_name_length)
    set(kpp_name_length ${length})
  endif()
endforeach()
if(NOT kpp_names)
  message(FATAL_ERROR "chemnne_add_${chemistry}(${target}): KPP_ROOT needs KPP_CONDITIONS")
endif()
list(LENGTH kpp_names kpp_conditions_count)
foreach(name expression IN ZIP_LISTS kpp_names kpp_expressions)
  math(EXPR place "${place} + 1")
  string(APPEND kpp_conditions_text "!   ${name} = ${expression}\n")
  string(APPEND kpp_conditions_code "    chemnne_values(${place}) = real( &\n      ${expression}, chemnne_kind)\n")
endforeach()
string(STRIP "${kpp_conditions_text}" kpp_conditions_text)
string(REGEX REPLACE "\n$" "" kpp_conditions_code "${kpp_conditions_code}")
list(JOIN kpp_names "', &\n    '" kpp_condition_names)
set(kpp_condition_names "'${kpp_condition_names}'")
foreach(module IN LISTS ${chemistry}_KPP_MODULES)
  string(APPEND kpp_modules "  use ${module}\n")
endforeach()
set(kpp_open_declarations [=[
    integer, intent(out), optional :: status
    character(len=*), intent(inout), optional :: message
    character(len=1000) :: text]=])
set(kpp_open_binding [=[
    if (chemnne_code == chemnne_ok) call chemnne_chemistry%bind(chemnne_binding, species=SPC_NAMES(1:NSPEC), &
      conditions=CONDITION_NAMES, status=chemnne_code, message=text)
    if (present(message) .and. chemnne_code /= chemnne_ok) message = text
    if (present(status)) then
      status = chemnne_code
    else if (chemnne_code /= chemnne_ok) then
      write (chemnne_error_unit, '(2a)') '@kpp_root@_Integrator: ', trim(text)
      error stop 'an error that nobody asks for'
    end if
  end subroutine]=])
string(CONFIGURE "${kpp_open_binding}" kpp_open_binding @ONLY)
string(CONFIGURE "${kpp_opening}" kpp_opening @ONLY)
configure_file("${templates}/kpp_integrator.f90.in" "${folder}/${kpp_root}_Integrator.f90" @ONLY)
