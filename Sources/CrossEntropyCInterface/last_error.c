// SPDX-License-Identifier: Apache-2.0
// This is written in C because Swift has no thread-local variables.

#include "last_error.h"

static _Thread_local ce_error error = {.index = -1};

ce_error *own_error(void) { return &error; }

const ce_error *ce_last_error(void) { return &error; }
