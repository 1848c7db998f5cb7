// SPDX-License-Identifier: Apache-2.0
#ifndef ALLOCATION_COUNTER_H
#define ALLOCATION_COUNTER_H

#include <stdint.h>

// How many blocks the calling thread has asked the C allocator for, or -1 where this is not known (only glibc lets an
// executable put its own malloc before the library's).
int64_t allocation_count(void);

#endif
