# SPDX-License-Identifier: Apache-2.0
"""The constants and structs of cross_entropy.h."""

from __future__ import annotations

import ctypes
import struct

import numpy

# ce_status
CE_OK = 0
CE_OUTPUT_TOO_SHORT = 2

# ce_type
CE_NONE = 0
CE_FLOAT32 = 1
CE_FLOAT64 = 2
CE_FLOAT16 = 3
CE_BFLOAT16 = 4
CE_BIT = 5
CE_BOOL = 6
CE_UINT8 = 7
CE_INT8 = 8
CE_UINT16 = 9
CE_INT16 = 10
CE_UINT32 = 11
CE_INT32 = 12
CE_UINT64 = 13
CE_INT64 = 14

# ce_prediction
CE_LOGITS = 1
CE_PROBABILITIES = 2

CE_REPEATED = -1
CE_NO_ALPHA = -1.0

# A new ce_batch is packed for each call. Packing by a compiled struct.Struct takes a third of the time of assigning the
# members of a ctypes.Structure, and the bytes can be passed to the library directly.
#
# The members are size, kind, reserved, count, columns, predictions, targets, the strides of both, weights, row_weights,
# column_weights, positive_weights, positive_column_weights and mask. An array is an address, a type and a bit offset.
BATCH = struct.Struct("@Nii qq Pii Pii qq Pii Pii Pii Pii Pii Pii")
# The same struct with strides, weights and mask of 0: (size, kind, 0, count, 0, predictions, type, targets, type).
PLAIN_BATCH = struct.Struct("@Nii qq Pi4x Pi4x 112x")

# size, reduction, clipping, clipping_value, label_smoothing, positive_weight, focal_gamma, focal_alpha,
# missing_targets, probability_gradient, missing_value, gradient_value, unchecked, threads
OPTIONS = struct.Struct("@Nii ddddd ii dd ii")


class Error(ctypes.Structure):
    """ce_error"""

    _fields_ = [
        ("status", ctypes.c_int32),
        ("argument", ctypes.c_char * 60),
        ("index", ctypes.c_int64),
        ("value", ctypes.c_double),
        ("message", ctypes.c_char * 368),
    ]


# ce_report, ce_totals and ce_measures: a size, followed by doubles (d) and int64 (q).
REPORT = struct.Struct("@N ddd qqqq")
TOTALS = struct.Struct("@N q dddd")
MEASURES = struct.Struct("@N q ddddddddddd")

# ce_group_loss and ce_bin are elements of arrays that the library fills in place.
GROUP_LOSS = numpy.dtype(
    [
        ("count", "=i8"),
        ("target_sum", "=f8"),
        ("weight_sum", "=f8"),
        ("sum", "=f8"),
        ("mean", "=f8"),
        ("mean_error", "=f8"),
        ("weighted_mean", "=f8"),
        ("weighted_mean_error", "=f8"),
    ]
)
BIN = numpy.dtype(
    [
        ("lower", "=f8"),
        ("upper", "=f8"),
        ("count", "=i8"),
        ("weight_sum", "=f8"),
        ("mean_prediction", "=f8"),
        ("mean_target", "=f8"),
        ("mean_target_lower", "=f8"),
        ("mean_target_upper", "=f8"),
    ]
)
