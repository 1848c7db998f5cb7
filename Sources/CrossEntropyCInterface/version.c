// SPDX-License-Identifier: Apache-2.0

#include "cross_entropy.h"

#define TEXT(number) #number
#define VERSION(major, minor, patch) TEXT(major) "." TEXT(minor) "." TEXT(patch)

const char *ce_version(void) { return VERSION(CE_VERSION_MAJOR, CE_VERSION_MINOR, CE_VERSION_PATCH); }
