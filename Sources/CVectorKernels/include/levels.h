// SPDX-License-Identifier: Apache-2.0
// The instruction-set levels: one Swift function, compiled once per level, chosen at run time.
//
// `lk_run` is implemented in Swift (KernelLevels/Run.swift) as a switch over the kernels. The copies below are emitted
// by Swift's clang importer into the same LLVM module; `flatten` inlines the body, and LLVM selects instructions for
// the target of the copy. If inlining ever failed, a copy would be a call to the baseline body: slower, still right.
#ifndef LK_LEVELS_H
#define LK_LEVELS_H

#include <stddef.h>
#include <stdint.h>

typedef enum {
    LK_SUM_LOGIT_LOSSES = 0,         // product form: one exp an element, no log
    LK_SUM_PROBABILITY_LOSSES = 1,   // product form: neither; targets 0 or 1
    LK_WRITE_LOSSES = 2,             // of the plain formula, in the lanes of the predictions
    LK_WRITE_LOGIT_DERIVATIVES = 3,  // of the plain formula; with the sum of losses in the product form
    LK_SUM_EACH_LOGIT = 4,           // every option and edge, in Double: the sum
    LK_SUM_EACH_PROBABILITY = 5,
    LK_EVALUATE_LOGITS = 6,          // the same, and losses, derivatives and statistics as asked
    LK_EVALUATE_PROBABILITIES = 7,
    LK_ADD_WEIGHTS = 8,              // statistics: how many elements count, and the sum of their weights
    LK_FIND_OUTSIDE = 9,             // 1 where a prediction is not in [lower, upper], else 0
    LK_SUM_PRODUCTS = 10,            // of losses, given as predictions, and their weights
    LK_SUM_SOFT_LOSSES = 11,         // product form: any target, smoothed; a log an element from probabilities
    LK_WRITE_PROBABILITY_GRADIENT = 12,  // of the plain formula
    LK_SUM_LOGIT_ROWS = 13,              // short rows in the product form, a sum for each
    LK_SUM_PROBABILITY_ROWS = 14,
    LK_MULTIPLY_ROWS = 15,               // row_vector = intercept + matrix (predictions) column_vector
    LK_ADD_ROWS = 16,                    // column_vector += transposed matrix row_vector
} lk_kernel;

// How an element lies in memory.
typedef enum { LK_F32 = 0, LK_F64 = 1, LK_F16 = 2, LK_BF16 = 3, LK_U8 = 4, LK_BITS = 5 } lk_storage;

typedef struct {
    const void *_Nullable base;
    lk_storage storage;
} lk_elements;

typedef enum { LK_NOTHING_MISSING = 0, LK_NAN_MISSING = 1, LK_VALUE_MISSING = 2 } lk_missing;

typedef enum {
    LK_DERIVATIVE = 0,        // of the loss as it is reported: 0 where a bound holds it
    LK_BOUNDED_FACTORS = 1,   // -A / max(p, floor) + B / max(1 - p, floor)
    LK_BOUNDED_PRODUCT = 2,   // (B p - A (1 - p)) / max(p (1 - p), floor)
} lk_gradient_rule;

// Options of one call, the same for all its tiles. Coefficients of an element with target t, weight w:
//     y = keep t + half_smoothing,   A = weight w positive_weight y,   B = weight w (1 - y)
typedef struct {
    int32_t is_probability, bounded;
    // Probabilities lie in [lower, upper], logarithms are of p + added and at least log_floor; factor_floor is
    // e^log_floor. Infinite bounds change nothing.
    double lower, upper, added, log_floor, factor_floor;
    double keep, half_smoothing, weight, positive_weight;
    // The factor (1 - p_t)^gamma (y alpha_positive + (1 - y) alpha_negative).
    int32_t focal;
    double gamma, alpha_positive, alpha_negative;
    lk_missing missing;
    double missing_value;
    lk_gradient_rule gradient_rule;
    double gradient_floor;
    double scale;  // of derivatives
    // Predictions beyond these are 0 or 1 as probabilities of the element type.
    double saturated_below, saturated_above;
} lk_formula;

// Sums over a tile for a report, of elements that count: their number, w, those a bound changed, those whose prediction
// is certain, z^2 with z = w l, w z and w^2.
typedef struct {
    double counted, weight, clipped, saturated, squared_loss, weight_by_loss, squared_weight;
} lk_statistics;

// Sixteen products of rows, at most 384 bytes each (`ProbabilityRow` of Doubles: 40 of them, to an even line), and 48
// numbers.
enum { LK_ROW_SCRATCH = 16 * 384 + 48 * 8 };

// One tile of work. `weights`, `positive_weights` and `mask` are absent where their base is null; `losses`, `gradient`
// and `hessian` are written where they are given, as Float unless the predictions are Double.
typedef struct {
    lk_kernel kernel;
    int32_t with_loss;
    ptrdiff_t count;
    lk_elements predictions, targets, weights, positive_weights, mask;
    const lk_formula *_Nullable formula;
    void *_Nullable losses;
    void *_Nullable gradient;
    void *_Nullable hessian;
    lk_statistics *_Nullable statistics;
    // Rows of `count` elements each, and from one to the next in elements; their sums, and room of LK_ROW_SCRATCH bytes.
    ptrdiff_t rows, prediction_stride, target_stride;
    double *_Nullable row_sums;
    void *_Nullable row_scratch;
    // For products with a matrix: numbers of its type, column_vector padded to a multiple of 16.
    void *_Nullable column_vector;
    void *_Nullable row_vector;
    double intercept;
} lk_call;

// The sum over the tile, or 0 from a kernel that writes; NaN from a product kernel also says "not representable here:
// take the kernel with a logarithm an element" (see KernelLevels).
double lk_run(const lk_call *_Nonnull call);

#if defined(__x86_64__)
#define LK_AVX2 "avx2,fma"
#define LK_AVX512 "avx2,fma,avx512f,avx512dq,avx512bw,avx512vl"

__attribute__((target(LK_AVX2), flatten)) static inline double lk_run_avx2(const lk_call *_Nonnull c) {
    return lk_run(c);
}
__attribute__((target(LK_AVX512), flatten)) static inline double lk_run_avx512(const lk_call *_Nonnull c) {
    return lk_run(c);
}

// Both the CPU and the operating system (saved registers) must have the level.
static inline int lk_has_avx2(void) { return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma"); }
static inline int lk_has_avx512(void) {
    return lk_has_avx2() && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") &&
           __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl");
}
#endif

#endif
