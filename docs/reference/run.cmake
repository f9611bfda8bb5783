# cmake -DDOXYGEN=<program> -DDOXYFILE=<settings> -P run.cmake
# Writes the API reference, and fails with what Doxygen has to say: unknown references, commands and parameters, and names
# without a comment. Not of members of classes: a layer's `forward` is described once, with the concept Layer, and what
# a class holds often says its own comment. Doxygen knows only all of these or none.
execute_process(COMMAND "${DOXYGEN}" "${DOXYFILE}" ERROR_VARIABLE complaints RESULT_VARIABLE status)
string(REGEX REPLACE "[^\n]*warning: Member [^\n]* of (class|struct|union) [^\n]* is not documented\\.\n" "" complaints
                     "${complaints}")
if(NOT status EQUAL 0 OR NOT complaints STREQUAL "")
  message("${complaints}")
  message(FATAL_ERROR "Doxygen complains.")
endif()
