// SPDX-License-Identifier: Apache-2.0
// The loss of an element in long double, according to its definition in cross_entropy.h, and numbers of every type.
#ifndef BLAS_ORACLE_H
#define BLAS_ORACLE_H

#include "expect.h"
#include <cross_entropy_blas.h>
#include <stdlib.h>

// Describes the current case with its seed. It is printed with a failure.
static char context[256];

// Whether both are equal, both are NaN, or both are finite and differ by less than `bound`.
static inline void expect_within(
    double found, long double expected, long double bound, const char *name, int64_t index) {
    if ((isnan(found) && isnan(expected)) || (long double)found == expected) return;
    if (isfinite(expected) && fabsl((long double)found - expected) <= bound) return;
    failures++;
    printf("%s[%lld] is %.17g, expected %.17Lg within %.3Lg: %s\n", name, (long long)index, found, expected, bound,
           context);
}

// ln(1 + e^x)
static inline long double softplus(long double x) { return fmaxl(x, 0) + log1pl(expl(-fabsl(x))); }

static inline long double element_loss(const ce_options *options, ce_prediction kind, long double x, long double t) {
    const int is_logit = kind == CE_LOGITS;
    const long double y = t * (1 - (long double)options->label_smoothing) + options->label_smoothing / 2;
    const long double p = is_logit ? 1 / (1 + expl(-x)) : x;
    long double positive = is_logit ? softplus(-x) : -logl(p);
    long double negative = is_logit ? softplus(x) : -log1pl(-p);
    if (options->clipping == CE_LOG_FLOOR) {
        positive = fminl(positive, -options->clipping_value);
        negative = fminl(negative, -options->clipping_value);
    }
    // 0 ln 0 = 0
    long double loss = (y != 0 ? options->positive_weight * y * positive : 0) + (y != 1 ? (1 - y) * negative : 0);
    if (options->focal_gamma != 0) loss *= powl(1 - (y * p + (1 - y) * (1 - p)), options->focal_gamma);
    if (options->focal_alpha != CE_NO_ALPHA) loss *= y * options->focal_alpha + (1 - y) * (1 - options->focal_alpha);
    return isnan(x) ? (long double)NAN : loss;
}

static inline int is_missing(const ce_options *options, double t) {
    if (options->missing_targets == CE_NAN_MISSING) return isnan(t);
    return options->missing_targets == CE_VALUE_MISSING && t == options->missing_value;
}

static inline size_t size_of(ce_type type) {
    switch (type) {
    case CE_FLOAT64: case CE_UINT64: case CE_INT64: return 8;
    case CE_FLOAT32: case CE_UINT32: case CE_INT32: return 4;
    case CE_FLOAT16: case CE_BFLOAT16: case CE_UINT16: case CE_INT16: return 2;
    default: return 1;
    }
}

// A number in [0, 1] that has at most 7 digits after the binary point, as an IEEE half.
static inline uint16_t half_of(double value) {
    int exponent;
    const double digits = 2 * frexp(value, &exponent);
    return value == 0 ? 0 : (uint16_t)((exponent + 14) << 10 | (int)((digits - 1) * 1024));
}

static inline uint16_t bfloat16_of(double value) {
    const float number = (float)value;
    uint32_t bits;
    memcpy(&bits, &number, sizeof bits);
    return (uint16_t)(bits >> 16);
}

static inline void store(ce_type type, void *array, int64_t index, double value) {
    switch (type) {
    case CE_FLOAT32: ((float *)array)[index] = (float)value; break;
    case CE_FLOAT64: ((double *)array)[index] = value; break;
    case CE_FLOAT16: ((uint16_t *)array)[index] = half_of(value); break;
    case CE_BFLOAT16: ((uint16_t *)array)[index] = bfloat16_of(value); break;
    case CE_UINT16: case CE_INT16: ((uint16_t *)array)[index] = (uint16_t)value; break;
    case CE_UINT32: case CE_INT32: ((uint32_t *)array)[index] = (uint32_t)value; break;
    case CE_UINT64: case CE_INT64: ((uint64_t *)array)[index] = (uint64_t)value; break;
    default: ((uint8_t *)array)[index] = (uint8_t)value;
    }
}

static inline double number_at(ce_type type, const void *array, int64_t index) {
    return type == CE_FLOAT32 ? ((const float *)array)[index] : ((const double *)array)[index];
}

// A random number from an approximately normal distribution with a standard deviation of 1.
static inline double next_normal(uint64_t *state) {
    double sum = -6;
    for (int i = 0; i < 12; i++) sum += next_number(state);
    return sum;
}

// A random target: 0 or 1 for integer types, a multiple of 1/128 for other types.
static inline double next_target(uint64_t *state, ce_type type) {
    return type <= CE_BFLOAT16 ? (double)(next_bits(state) % 129) / 128 : (double)(next_bits(state) & 1);
}

#endif
