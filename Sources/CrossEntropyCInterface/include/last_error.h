// SPDX-License-Identifier: Apache-2.0
// What the library needs of ce_last_error and programs do not.
#ifndef CROSS_ENTROPY_LAST_ERROR_H
#define CROSS_ENTROPY_LAST_ERROR_H

#include "cross_entropy.h"

// The calling thread's error, for writing. The name does not begin with ce_, so the library does not export it.
ce_error *own_error(void);

#endif
