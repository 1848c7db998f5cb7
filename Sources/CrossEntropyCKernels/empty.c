// SPDX-License-Identifier: Apache-2.0
// SwiftPM wants a source file in a C target; everything of this one is in its headers.
#include "lanes.h"
#include "kernels.h"
