// SPDX-License-Identifier: Apache-2.0
// The kernels: for each, a struct of arguments, a function, and one copy of the function per instruction-set level.
//
// A kernel is a Swift function (a file of CrossEntropyKernels/Kernels) that implements the declaration made here.
// Swift's clang importer emits the copies into the same LLVM module; `flatten` inlines the body into them, and LLVM
// selects instructions for the target of the copy. If inlining ever failed, a copy would be a call to the baseline
// body: slower, but still correct.
//
// Kernels compute in the lanes of one type: Double if `is_double` is set, otherwise Float. Pointers without another
// type point to numbers of that type, with any alignment. A kernel that cannot represent the result returns a sum of
// NaN, and another kernel computes it (see Route).
//
// `may_be_outside` is set if a target that counts is not in [0, 1], or if a probability is not and no bound moves it
// there. It may also be set where there is only a NaN or a negative zero (see DomainCheck).
#ifndef VK_KERNELS_H
#define VK_KERNELS_H

#include <stddef.h>
#include <stdint.h>

#include "elements.h"
#include "sum_terms.h"

// The elements of one argument: where they start, how they are stored and, for bits, which bit of the first byte is the
// first element.
typedef struct VK_NAMED("Column") __attribute__((swift_attr("@safe"))) {
    const void *_Nonnull base;
    vk_dtype type VK_NAMED("dtype");
    uint8_t bit;
} vk_column;

// How a gradient with respect to a probability is defined near 0 and 1.
typedef enum __attribute__((enum_extensibility(closed))) VK_NAMED("GradientRule") : uint8_t {
    VK_DERIVATIVE VK_NAMED("derivative"),           // of the loss as reported: 0 where a bound is active
    VK_BOUNDED_FACTORS VK_NAMED("boundedFactors"),  // -A / max(p, floor) + B / max(1 - p, floor)
    VK_BOUNDED_PRODUCT VK_NAMED("boundedProduct"),  // (B p - A (1 - p)) / max(p (1 - p), floor)
} vk_gradient_rule;

// The options of a call, the same for all elements. For an element with target t and weight w:
//     y = keep t + half_smoothing,   A = weight w positive_weight y,   B = weight w (1 - y)
//     loss = A softplus(-x) + B softplus(x)    or, from probabilities, -(A ln p + B ln(1 - p))
// times (1 - p_t)^gamma (y alpha_positive + (1 - y) alpha_negative) if is_focal is set.
typedef struct VK_NAMED("Formula") {
    double keep, half_smoothing VK_NAMED("halfSmoothing");
    double weight, positive_weight VK_NAMED("positiveWeight");
    double gamma, alpha_positive VK_NAMED("alphaPositive"), alpha_negative VK_NAMED("alphaNegative");
    // Targets equal to this value are missing; NaN for none. With nan_is_missing, NaN targets are missing.
    double missing_value VK_NAMED("missingValue");
    _Bool nan_is_missing VK_NAMED("nanIsMissing");
    _Bool is_focal VK_NAMED("isFocal");
    _Bool is_probability VK_NAMED("isProbability");
    // Probabilities are clamped to [lower, upper]; logarithms are taken of p + added and are at least log_floor;
    // factor_floor is e^log_floor. Infinite bounds change nothing.
    _Bool is_bounded VK_NAMED("isBounded");
    double lower, upper, added, log_floor VK_NAMED("logFloor"), factor_floor VK_NAMED("factorFloor");
    vk_gradient_rule gradient_rule VK_NAMED("gradientRule");
    double gradient_floor VK_NAMED("gradientFloor");
    double scale;  // a factor of the derivatives
    // Predictions beyond these are 0 or 1 as probabilities of the element type.
    double saturated_below VK_NAMED("saturatedBelow"), saturated_above VK_NAMED("saturatedAbove");
} vk_formula;

// Sums for a report over elements that count: the losses z = w l as rounded, z^2, w z, w^2, the number of elements that
// a bound changed, and the number whose prediction is certain.
typedef struct VK_NAMED("Moments") {
    double loss, squared_loss VK_NAMED("squaredLoss"), weight_by_loss VK_NAMED("weightByLoss");
    double squared_weight VK_NAMED("squaredWeight"), clipped, saturated;
} vk_moments;

// Converts elements to another type: elements of any type to float or double, and bits to bytes as well.
typedef struct {
    vk_column from;
    vk_dtype to_type;
    void *_Nonnull to;
    ptrdiff_t count;
} vk_convert_args;

// Repeats the weight of each row for the elements of the row. `to` has room for fifteen more numbers.
typedef struct {
    const void *_Nonnull weights;
    void *_Nonnull to;
    ptrdiff_t columns, first_column, count;
    _Bool is_double;
} vk_repeat_rows_args;

// The product of up to three weights per element. The weights are all Doubles if `are_double` is set, otherwise all
// Floats. Products are computed in Double and rounded to the lanes' type; they are NaN where that type does not hold
// them as normal numbers.
typedef struct {
    const void *_Nonnull first;
    const void *_Nullable second, *_Nullable third;
    void *_Nonnull product;
    ptrdiff_t count;
    _Bool is_double, are_double;
} vk_multiply_weights_args;

// The elements of a call with their weights and mask, and the requested outputs: the arguments of kernels that compute
// each loss. `sum`, `counted` and `may_be_outside` are 0 before the call; a kernel adds to them once for each of its loops.
typedef struct {
    const vk_formula *_Nonnull formula;
    const void *_Nonnull predictions, *_Nonnull targets;
    const void *_Nullable weights, *_Nullable positive_weights;  // the formula's weights are factors of both
    // The number of elements after which the weights repeat (PTRDIFF_MAX if they do not). As many more as wide lanes
    // read past the last one (63 Floats or 31 Doubles) follow in memory.
    ptrdiff_t weights_period, positive_weights_period;
    const uint8_t *_Nullable mask;
    void *_Nullable losses, *_Nullable gradient, *_Nullable hessian;
    ptrdiff_t count;
    _Bool is_double;
    _Bool is_exact;  // if not, the sum is NaN where a weight is so large or small that a product may not be normal
    double sum;
    double counted;  // elements that count
    _Bool may_be_outside;
} vk_elements_args;

// The number of elements that count, and the sum of their weights.
typedef struct {
    const vk_elements_args *_Nonnull elements;
    // If not null, the weight of each element is written there, without that of the formula: 0 if the element does not
    // count, 1 if there are no weights.
    void *_Nullable written;
    double counted, weight;
} vk_add_weights_args;

// The sum of the plain losses of logits in the product form: one exponential per element, no logarithm. Targets have
// the predictions' type or are bytes or bits.
typedef struct {
    const void *_Nonnull predictions, *_Nonnull targets;
    vk_dtype target_type;
    ptrdiff_t count;
    _Bool is_double;
    double sum;
    _Bool may_be_outside;
} vk_sum_logits_args;

// The sum of the plain losses of probabilities with 0/1 targets in the product form: neither an exponential nor a
// logarithm per element. With bounds, targets have the lanes' type.
typedef struct {
    const vk_formula *_Nullable bounds;
    const void *_Nonnull predictions, *_Nonnull targets;
    vk_dtype target_type;
    ptrdiff_t count;
    _Bool is_double;
    double sum;
} vk_sum_probabilities_args;

// Sums of losses in the product form with a mask and missing targets: of logits, of logits with smoothing, of logits
// with 0/1 targets whose labels have different weights, and of probabilities with 0/1 targets. The formula's weight is
// not part of the sum.
typedef struct {
    const vk_formula *_Nonnull formula;
    const void *_Nonnull predictions, *_Nonnull targets;
    const uint8_t *_Nullable mask;
    ptrdiff_t count;
    _Bool is_double;
    double sum, counted;
    _Bool may_be_outside;
} vk_sum_counted_args;

// The sum of the losses of probabilities with any targets, smoothing and bounds: one logarithm per element.
typedef struct {
    const vk_formula *_Nonnull formula;
    const void *_Nonnull predictions, *_Nonnull targets;
    ptrdiff_t count;
    _Bool is_double;
    double sum;
    _Bool may_be_outside;
} vk_sum_soft_probabilities_args;

// The plain loss of each element.
typedef struct {
    const vk_formula *_Nonnull formula;
    const void *_Nonnull predictions, *_Nonnull targets;
    void *_Nonnull losses;
    ptrdiff_t count;
    _Bool is_double;
    _Bool may_be_outside;
} vk_write_losses_args;

// The probability 1 / (1 + e^-x) of each logit x, or the logit ln p - ln(1 - p) of each probability p. `results` may be
// the same pointer as `predictions`.
typedef struct {
    const void *_Nonnull predictions;
    void *_Nonnull results;
    ptrdiff_t count;
    _Bool is_double;
} vk_write_predictions_args;

// Derivatives of plain losses with respect to logits, times the formula's scale, and the sum of the losses, with a mask
// and missing targets.
typedef struct {
    const vk_formula *_Nonnull formula;
    const void *_Nonnull predictions, *_Nonnull targets;
    const uint8_t *_Nullable mask;
    void *_Nonnull gradient;
    void *_Nullable hessian;
    ptrdiff_t count;
    _Bool is_double;
    double sum, counted;
    _Bool may_be_outside;
} vk_differentiate_logits_args;

// The gradient of losses with respect to their probabilities, times the formula's scale. The formula is plain except
// for bounds.
typedef struct {
    const vk_formula *_Nonnull formula;
    const void *_Nonnull predictions, *_Nonnull targets;
    void *_Nonnull gradient;
    ptrdiff_t count;
    _Bool is_double;
    _Bool is_finite, may_be_outside;
} vk_differentiate_probabilities_args;

// The sums for a report over elements whose losses have been written.
typedef struct {
    const vk_elements_args *_Nonnull elements;
    vk_moments moments;
} vk_add_moments_args;

// Where the elements of a slab are counted and summed: for bins, and for groups of consecutive bins, group_bins = 2^n of
// them each. All of it is 0 at first.
//
// Elements with a target of 0 or 1 and no weight go to `labels`; all others go to `weights` and `groups`. There are
// fewer than VK_POSITIVE elements. Consecutive elements may go to different copies of `labels`, since adding to a
// number that has just been stored takes about ten cycles.
typedef struct VK_NAMED("ScorePlaces") __attribute__((swift_attr("@safe"))) {
    // For each copy and bin, the sum of the predicted probabilities, and the number of elements plus VK_POSITIVE times
    // the number of positives: two sums that one vector holds. There are 1 or VK_SCORE_COPIES copies.
    double *_Nonnull labels;
    ptrdiff_t label_copies VK_NAMED("labelCopies");
    // For each bin, the sums of w (1 - t) and w t.
    double *_Nonnull weights;
    // For each group, the number of elements that count, and the sums of w^2 and of w p; the fourth number is unused.
    double *_Nonnull groups;
    ptrdiff_t bins, group_bins VK_NAMED("groupBins");
} vk_score_places;
enum { VK_SCORE_COPIES = 8, VK_POSITIVE = 1 << 20 };

// Adds the elements to the bins of their logits and of their probabilities. The scratch has 768 bytes.
typedef struct {
    const vk_elements_args *_Nonnull elements;
    vk_score_places by_logit, by_probability;
    void *_Nonnull scratch;
    double squared_error;  // the sum of w (p - t)^2
} vk_add_scores_args;

// Whether any number is not in [lower, upper].
typedef struct {
    const void *_Nonnull numbers;
    double lower, upper;
    ptrdiff_t count;
    _Bool is_double;
    _Bool found;
} vk_find_outside_args;

// Cuts the products of two arrays of Doubles, or the Doubles of one, into the terms of sums. `terms` has room for
// fifteen more.
typedef struct {
    const double *_Nonnull first, *_Nullable second;
    vk_sum_term *_Nonnull terms;
    ptrdiff_t count;
} vk_split_products_args;

// Sixteen products of rows, at most 384 bytes each (`LikelihoodBlock` of Doubles), and 48 numbers.
enum { VK_ROW_SCRATCH = 16 * 384 + 48 * 8 };

// Sums of the plain losses of short rows in the product form; NaN where a row needs another kernel. Predictions and
// targets have the same type.
typedef struct {
    const vk_formula *_Nullable bounds;
    const void *_Nonnull predictions, *_Nonnull targets;
    ptrdiff_t rows, columns, prediction_stride, target_stride;
    double *_Nonnull sums;
    void *_Nonnull scratch;
    _Bool is_double;
    _Bool may_be_outside;
} vk_sum_rows_args;

// row_vector = intercept + matrix column_vector, or column_vector += transposed matrix row_vector. The column vector is
// padded to a multiple of 16.
typedef struct {
    const void *_Nonnull matrix;
    ptrdiff_t rows, columns, row_stride;
    void *_Nonnull column_vector, *_Nonnull row_vector;
    double intercept;
    _Bool is_double;
} vk_matrix_args;

typedef enum __attribute__((enum_extensibility(closed))) VK_NAMED("InstructionSet") : uint8_t {
    VK_BASELINE VK_NAMED("baseline"),
    VK_AVX2 VK_NAMED("avx2"),
    VK_AVX512 VK_NAMED("avx512"),
} vk_instruction_set;

// Calls of a function that uses vectors internally stay out of line, so that each of its copies exists only once.
#if defined(__x86_64__)
#define VK_AVX2_TARGET "avx2,fma"
#define VK_AVX512_TARGET "avx2,fma,avx512f,avx512dq,avx512bw,avx512vl"
#define VK_LEVELS(name, body, arguments, at_baseline)                                                                  \
    __attribute__((target(VK_AVX2_TARGET), flatten)) static inline void vk_##name##_avx2(arguments *_Nonnull a) {      \
        body(a);                                                                                                       \
    }                                                                                                                  \
    __attribute__((target(VK_AVX512_TARGET), flatten)) static inline void vk_##name##_avx512(arguments *_Nonnull a) {  \
        body(a);                                                                                                       \
    }                                                                                                                  \
    static inline void vk_##name##_at(vk_instruction_set level, arguments *_Nonnull a) {                               \
        switch (level) {                                                                                               \
        case VK_AVX512: vk_##name##_avx512(a); return;                                                                 \
        case VK_AVX2: vk_##name##_avx2(a); return;                                                                     \
        case VK_BASELINE: at_baseline; return;                                                                         \
        }                                                                                                              \
    }

// Both the CPU and the operating system (saved registers) must support the level.
static inline int vk_has_avx2(void) { return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma"); }
static inline int vk_has_avx512(void) {
    return vk_has_avx2() && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") &&
           __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl");
}
#else
#define VK_LEVELS(name, body, arguments, at_baseline)                                                                  \
    static inline void vk_##name##_at(vk_instruction_set level, arguments *_Nonnull a) { body(a); }
#endif

#define VK_KERNEL(name, arguments)                                                                                     \
    void vk_##name(arguments *_Nonnull a);                                                                             \
    VK_LEVELS(name, vk_##name, arguments, vk_##name(a))

// A kernel with loops in wide lanes (see Pair) or for special cases has two bodies, because the baseline's registers hold
// a fourth of the lanes: wide loops are slower there, and every loop takes three times as much code as for AVX2. The body
// for the baseline, which few processors since 2013 need, therefore has no loop that another kernel can replace. Where it
// lacks one, it gives NaN, and the call goes to the next route: from sums with options to `weighted`, and from there, for
// Doubles, to `exact`. In Float, options still take at most three times as long as the plain loss (Zen 4 at the baseline
// level, n = 65,536: 1.9 times with weights or smoothing, 2.7 with a mask, 3.0 with a mask and a gradient).
//
// The other body is private to its Swift file, so that it does not exist outside the copies for the other levels. On other
// architectures it is the only one that is called.
#define VK_WIDE_KERNEL(name, arguments)                                                                                \
    void vk_##name(arguments *_Nonnull a);                                                                             \
    void vk_##name##_wide(arguments *_Nonnull a);                                                                      \
    VK_LEVELS(name, vk_##name##_wide, arguments, vk_##name(a))

// A kernel of which the baseline has no loop at all.
#define VK_UPPER_KERNEL(name, arguments)                                                                               \
    void vk_##name##_wide(arguments *_Nonnull a);                                                                      \
    VK_LEVELS(name, vk_##name##_wide, arguments, a->sum = __builtin_nan(""))

VK_KERNEL(convert, vk_convert_args)
VK_KERNEL(repeat_rows, vk_repeat_rows_args)
VK_KERNEL(multiply_weights, vk_multiply_weights_args)
VK_KERNEL(add_weights, vk_add_weights_args)
VK_WIDE_KERNEL(sum_logits, vk_sum_logits_args)
VK_KERNEL(sum_probabilities, vk_sum_probabilities_args)
VK_UPPER_KERNEL(sum_counted_logits, vk_sum_counted_args)
VK_UPPER_KERNEL(sum_smoothed_logits, vk_sum_counted_args)
VK_UPPER_KERNEL(sum_labeled_logits, vk_sum_counted_args)
VK_UPPER_KERNEL(sum_counted_probabilities, vk_sum_counted_args)
VK_WIDE_KERNEL(sum_soft_probabilities, vk_sum_soft_probabilities_args)
VK_WIDE_KERNEL(write_logit_losses, vk_write_losses_args)
VK_KERNEL(write_probability_losses, vk_write_losses_args)
VK_KERNEL(write_probabilities, vk_write_predictions_args)
VK_KERNEL(write_logits, vk_write_predictions_args)
VK_WIDE_KERNEL(differentiate_logits, vk_differentiate_logits_args)
VK_WIDE_KERNEL(differentiate_probabilities, vk_differentiate_probabilities_args)
VK_WIDE_KERNEL(weigh_logits, vk_elements_args)
VK_WIDE_KERNEL(weigh_probabilities, vk_elements_args)
VK_WIDE_KERNEL(focus_logits, vk_elements_args)
VK_KERNEL(evaluate_logits, vk_elements_args)
VK_KERNEL(evaluate_probabilities, vk_elements_args)
VK_KERNEL(add_moments, vk_add_moments_args)
VK_KERNEL(add_scores, vk_add_scores_args)
VK_KERNEL(find_outside, vk_find_outside_args)
VK_KERNEL(split_products, vk_split_products_args)
VK_KERNEL(sum_logit_rows, vk_sum_rows_args)
VK_KERNEL(sum_probability_rows, vk_sum_rows_args)
VK_KERNEL(multiply_rows, vk_matrix_args)
VK_KERNEL(add_rows, vk_matrix_args)

static inline _Bool vk_has_zero(const uint8_t *_Nonnull bytes, ptrdiff_t count) {
    return memchr(bytes, 0, (size_t)count) != NULL;
}

// Space on the stack that is not initialized before use: a Swift array would be set to zero first, which takes longer
// than a call on sixteen elements.
enum { VK_ROOM = 20480 };
__attribute__((noinline)) static inline void vk_with_room(
    void *_Nonnull context, void (*_Nonnull body)(void *_Nonnull context, void *_Nonnull room)
) {
    _Alignas(128) unsigned char room[VK_ROOM];
    body(context, room);
}

#endif
