// SPDX-License-Identifier: Apache-2.0
// SwiftPM wants a source file in a C target; this one has only a header.
#include "cross_entropy_blas.h"
