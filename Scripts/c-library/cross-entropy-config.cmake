# SPDX-License-Identifier: Apache-2.0
# find_package(cross-entropy) defines the target cross-entropy::cross-entropy.
if(NOT TARGET cross-entropy::cross-entropy)
    get_filename_component(_cross_entropy_prefix "${CMAKE_CURRENT_LIST_DIR}/../../.." ABSOLUTE)
    add_library(cross-entropy::cross-entropy SHARED IMPORTED)
    set_target_properties(cross-entropy::cross-entropy PROPERTIES
        IMPORTED_LOCATION "${_cross_entropy_prefix}/lib/libcross_entropy.so.1"
        IMPORTED_SONAME libcross_entropy.so.1
        INTERFACE_INCLUDE_DIRECTORIES "${_cross_entropy_prefix}/include")
    unset(_cross_entropy_prefix)
endif()
