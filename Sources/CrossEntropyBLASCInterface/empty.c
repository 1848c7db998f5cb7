// SPDX-License-Identifier: Apache-2.0
// SwiftPM requires a source file in every C target. This target has only a header.
#include "cross_entropy_blas.h"
