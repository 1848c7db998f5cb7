// SPDX-License-Identifier: Apache-2.0
#include <cblas.h>

// What OpenBLAS says about itself. NULL where cblas.h is that of another library, which has no such functions; OpenBLAS
// defines the macro next to them.

static inline const char *_Nullable cblas_core_name(void) {
#ifdef OPENBLAS_SEQUENTIAL
    return openblas_get_corename();
#else
    return 0;
#endif
}

static inline const char *_Nullable cblas_configuration(void) {
#ifdef OPENBLAS_SEQUENTIAL
    return openblas_get_config();
#else
    return 0;
#endif
}
