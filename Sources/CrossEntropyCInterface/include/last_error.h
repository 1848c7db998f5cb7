// SPDX-License-Identifier: Apache-2.0
// Access to the last error for the library itself. Programs use ce_last_error.
#ifndef CROSS_ENTROPY_LAST_ERROR_H
#define CROSS_ENTROPY_LAST_ERROR_H

#include "cross_entropy.h"

// The error of the calling thread, which may be written to. The library exports only names that begin with ce_, so this
// function is not visible outside.
ce_error *own_error(void);

#endif
