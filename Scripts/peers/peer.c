// SPDX-License-Identifier: Apache-2.0
//
// The losses as a good programmer writes them in C, for gcc and glibc. With the flags below gcc vectorizes the loops and
// takes exp, log and log1p of a vector from glibc's libmvec:
//
//     gcc -O3 -ffast-math -march=native -shared -fPIC peer.c -o peer.so -lmvec -lm
//
// with -mprefer-vector-width=512 where the processor has AVX-512 (256 with AVX2, since gcc otherwise prefers 128 for some
// AMD processors), and with -fopenmp for all cores. Two more ways to compile it:
//
//     -DROUNDED    ln(1 + e) of the rounded sum 1 + e: faster, but small losses lose their relative accuracy
//     -DMKL        exp, log and log1p from Intel MKL's vector math in its low accuracy, LA; needs libmkl_rt
//
// The file includes itself once for float and once for double.

#ifndef T

#include <math.h>
#include <stdint.h>
#include <string.h>
#include <tgmath.h>

// Sums are taken in T within a block and in double over the blocks, which keeps long sums accurate. Threads share out
// blocks.
enum { BLOCK = 4096, PARALLEL = 1 << 16 };

#define JOIN_(a, b) a##_##b
#define JOIN(a, b) JOIN_(a, b)
#define NAME(operation) JOIN(operation, T)
#define positive(x) ((x) > 0 ? (x) : 0)

// gcc vectorizes functions that stand in a loop; MKL's take arrays, which are filled block by block before the loop.
// EXPONENTIAL is, for a logit z of the magnitude of x[i]: e^-|z| and ln(1 + e^-|z|).
#ifndef MKL
#ifdef ROUNDED
#undef log1p
#define log1p(x) log(1 + (x))
#endif
#define EXPONENTIALS
#define EXPONENTIAL(logit) const T z = logit, e = exp(-fabs(z)), l = log1p(e);
#define SELECTED_LOGARITHMS
#define SELECTED_LOGARITHM log(t[i] > (T)0.5 ? p[i] : 1 - p[i])
#define LOGARITHMS
#define LOG_P log(p[i])
#define LOG_1_P log1p(-p[i])
#else
void vmsExp(int, const float *, float *, long), vmdExp(int, const double *, double *, long);
void vmsLn(int, const float *, float *, long), vmdLn(int, const double *, double *, long);
void vmsLog1p(int, const float *, float *, long), vmdLog1p(int, const double *, double *, long);
enum { LA_IGNORING_ERRORS = 0x101 };
#define VECTOR(function, from, to) \
    _Generic(to, float *: vms##function, double *: vmd##function)(end - start, from, to, LA_IGNORING_ERRORS);
#define EACH(assignment) for (long i = start; i < end; i++) assignment;
#ifdef ROUNDED
#define LOG1P(from, to) EACH(to[i - start] = 1 + from[i - start]) VECTOR(Ln, to, to)
#else
#define LOG1P(from, to) VECTOR(Log1p, from, to)
#endif
#define EXPONENTIALS \
    T es[BLOCK]; T ls[BLOCK]; \
    EACH(es[i - start] = -fabs(x[i])) VECTOR(Exp, es, es) LOG1P(es, ls)
#define EXPONENTIAL(logit) const T z = logit, e = es[i - start], l = ls[i - start];
#define SELECTED_LOGARITHMS \
    T ls[BLOCK]; \
    EACH(ls[i - start] = t[i] > (T)0.5 ? p[i] : 1 - p[i]) VECTOR(Ln, ls, ls)
#define SELECTED_LOGARITHM ls[i - start]
#define LOGARITHMS \
    T ls[BLOCK]; T l1s[BLOCK]; \
    VECTOR(Ln, p + start, ls) EACH(l1s[i - start] = -p[i]) LOG1P(l1s, l1s)
#define LOG_P ls[i - start]
#define LOG_1_P l1s[i - start]
#endif

// An operation: what is prepared for a block, and the body of a loop over i, which adds to `sum` and may write output[i].
// The preparation has no comma outside of brackets, because it is expanded before ESTIMATE takes its arguments apart.
#define OPERATION(name, PREPARATION, ...) ESTIMATE(name, total / divisor, PREPARATION, __VA_ARGS__)

// The same with the result as an expression of the sums; the loop may add to `squares` too.
#define ESTIMATE(name, RESULT, PREPARATION, ...) \
    static struct sums NAME(name##_block)( \
        const struct NAME(batch) *b, const T *tile, T scale, long start, long end) { \
        const T *x = b->x, *p = b->p, *t = b->t, *weights = tile ? tile - start : b->weights; \
        const uint8_t *mask = b->mask; \
        T *output = b->output, *hessian = b->hessian; \
        const T weight = b->weight, smoothing = b->smoothing, alpha = b->alpha, gamma = b->gamma; \
        T sum = 0, squares = 0; \
        PREPARATION \
        _Pragma("GCC ivdep") \
        for (long i = start; i < end; i++) { __VA_ARGS__ } \
        return (struct sums){sum, squares}; \
    } \
    double NAME(name)(const struct NAME(batch) *b) { \
        /* As many whole rows as fit, with the weights of the columns repeated for each. */ \
        const long block = b->columns ? BLOCK / b->columns * b->columns : BLOCK; \
        T columns[BLOCK]; \
        if (b->columns && !b->has_row_weights) \
            for (long i = 0, used = block < b->n ? block : b->n; i < used; i += b->columns) \
                memcpy(columns + i, b->weights, b->columns * sizeof(T)); \
        const double divisor = NAME(counted)(b); \
        double total = 0, squares = 0; \
        _Pragma("omp parallel for reduction(+ : total, squares) if (b->n >= PARALLEL)") \
        for (long start = 0; start < b->n; start += block) { \
            const long end = start + block < b->n ? start + block : b->n; \
            T rows[BLOCK]; \
            if (b->has_row_weights) NAME(repeat)(b, rows, start, end); \
            const T *tile = b->has_row_weights ? rows : b->columns ? columns : 0; \
            const struct sums sums = NAME(name##_block)(b, tile, 1 / divisor, start, end); \
            total += sums.total; \
            squares += sums.squares; \
        } \
        return RESULT; \
    } \
    double NAME(name##_repeated)(const struct NAME(batch) *b, long repetitions) { \
        double result = 0; \
        for (long i = 0; i < repetitions; i++) result = NAME(name)(b); \
        return result; \
    }

struct sums {
    double total, squares;
};

#define T float
#define BITS uint32_t
#include "peer.c"
#undef T
#undef BITS
#define T double
#define BITS uint64_t
#include "peer.c"

#else

struct NAME(batch) {
    long n, columns;            // columns is 0, or that of the weights, where there is one for each; it divides n
    const T *x, *p, *t;         // logits, probabilities, targets
    const T *weights;           // of each element, row or column
    const uint8_t *mask;        // a byte per element, 0 does not count; or NULL
    T *output, *hessian;        // losses or gradient
    double weight, smoothing, alpha, gamma;
    long has_row_weights, has_missing;  // has_missing: NaN targets do not count
};

// A NaN is found by its bits, since -ffast-math assumes that there are none.
static inline int NAME(is_nan)(T x) {
    BITS bits;
    memcpy(&bits, &x, sizeof bits);
    return bits << 1 > (BITS)-1 << (sizeof(T) == sizeof(float) ? 24 : 53);
}

static long NAME(counted)(const struct NAME(batch) *b) {
    long count = 0;
    if (b->mask) {
        for (long i = 0; i < b->n; i++) count += b->mask[i] != 0;
    } else if (b->has_missing) {
        for (long i = 0; i < b->n; i++) count += !NAME(is_nan)(b->t[i]);
    } else {
        count = b->n;
    }
    return count;
}

static void NAME(repeat)(const struct NAME(batch) *b, T *rows, long start, long end) {
    for (long i = start; i < end; i += b->columns)
        for (long j = 0; j < b->columns; j++) rows[i - start + j] = b->weights[i / b->columns];
}

OPERATION(probabilities, SELECTED_LOGARITHMS, sum -= SELECTED_LOGARITHM;)
OPERATION(soft_probabilities, LOGARITHMS, sum -= t[i] * LOG_P + (1 - t[i]) * LOG_1_P;)
OPERATION(probabilities_gradient, , output[i] = scale / (1 - t[i] - p[i]);)
OPERATION(soft_probabilities_gradient, , output[i] = scale * (p[i] - t[i]) / (p[i] * (1 - p[i]));)

#define FROM_LOGITS(name, ...) OPERATION(name, EXPONENTIALS, __VA_ARGS__)
#define LOSS(y) (positive(z) - z * (y) + l)
// s is sigma(z) and s1 is sigma(-z).
#define SIGMOID const T r = 1 / (1 + e), er = e * r, s = z > 0 ? r : er, s1 = z > 0 ? er : r;
FROM_LOGITS(logits, EXPONENTIAL(x[i]) sum += LOSS(t[i]);)
ESTIMATE(report,
    total / divisor + sqrt((squares - total * total / divisor) / (divisor * (divisor - 1))),
    EXPONENTIALS,
    EXPONENTIAL(x[i]) const T loss = LOSS(t[i]);
    sum += loss;
    squares += loss * loss;)
FROM_LOGITS(unreduced, EXPONENTIAL(x[i]) output[i] = LOSS(t[i]);)
FROM_LOGITS(logits_gradient, EXPONENTIAL(x[i]) SIGMOID sum += LOSS(t[i]); output[i] = scale * (s - t[i]);)
FROM_LOGITS(logits_hessian,
    EXPONENTIAL(x[i]) SIGMOID
    sum += LOSS(t[i]);
    output[i] = scale * (s - t[i]);
    hessian[i] = scale * s * s1;)

FROM_LOGITS(scalar_weight, EXPONENTIAL(x[i]) sum += weight * LOSS(t[i]);)
FROM_LOGITS(scalar_weight_gradient,
    EXPONENTIAL(x[i]) SIGMOID
    sum += weight * LOSS(t[i]);
    output[i] = scale * weight * (s - t[i]);)

// Weights of elements, rows and columns.
FROM_LOGITS(weights, EXPONENTIAL(x[i]) sum += weights[i] * LOSS(t[i]);)
FROM_LOGITS(weights_gradient,
    EXPONENTIAL(x[i]) SIGMOID
    sum += weights[i] * LOSS(t[i]);
    output[i] = scale * weights[i] * (s - t[i]);)

// A product, since gcc would branch around the loss for a condition.
#define COUNTS const T counts = mask[i] != 0;
FROM_LOGITS(mask, EXPONENTIAL(x[i]) COUNTS sum += counts * LOSS(t[i]);)
FROM_LOGITS(mask_gradient,
    EXPONENTIAL(x[i]) SIGMOID COUNTS
    sum += counts * LOSS(t[i]);
    output[i] = counts * scale * (s - t[i]);)

#define PRESENT const int is_missing = NAME(is_nan)(t[i]); const T counts = !is_missing, y = is_missing ? 0 : t[i];
FROM_LOGITS(missing, EXPONENTIAL(x[i]) PRESENT sum += counts * LOSS(y);)
FROM_LOGITS(missing_gradient,
    EXPONENTIAL(x[i]) SIGMOID PRESENT
    sum += counts * LOSS(y);
    output[i] = counts * scale * (s - y);)

#define POSITIVE_WEIGHTED(w) sum += (1 - t[i]) * z + (1 + ((w) - 1) * t[i]) * (positive(-z) + l);
#define POSITIVE_WEIGHTED_GRADIENT(w) output[i] = scale * ((1 - t[i]) * s - (w) * t[i] * s1);
FROM_LOGITS(positive_weight, EXPONENTIAL(x[i]) POSITIVE_WEIGHTED(weight))
FROM_LOGITS(positive_weight_gradient,
    EXPONENTIAL(x[i]) SIGMOID
    POSITIVE_WEIGHTED(weight)
    POSITIVE_WEIGHTED_GRADIENT(weight))
FROM_LOGITS(positive_weights, EXPONENTIAL(x[i]) POSITIVE_WEIGHTED(weights[i]))
FROM_LOGITS(positive_weights_gradient,
    EXPONENTIAL(x[i]) SIGMOID
    POSITIVE_WEIGHTED(weights[i])
    POSITIVE_WEIGHTED_GRADIENT(weights[i]))

#define SMOOTHED const T y = t[i] * (1 - smoothing) + smoothing / 2;
FROM_LOGITS(smoothing, EXPONENTIAL(x[i]) SMOOTHED sum += LOSS(y);)
FROM_LOGITS(smoothing_gradient,
    EXPONENTIAL(x[i]) SIGMOID SMOOTHED
    sum += LOSS(y);
    output[i] = scale * (s - y);)

// Focal losses of 0/1 targets: with z the logit of being wrong, s is 1 - p_t and the cross-entropy is softplus(z).
#define WRONG const T sign = 1 - 2 * t[i]; EXPONENTIAL(sign * x[i]) SIGMOID
#define FOCAL(power) \
    const T loss = positive(z) + l, factor = (power) * (t[i] > (T)0.5 ? alpha : 1 - alpha); \
    sum += factor * loss;
#define FOCAL_GRADIENT(gamma) output[i] = scale * sign * factor * (gamma * s1 * loss + s);
#define ANY_POWER exp(gamma * (z - positive(z) - l))
FROM_LOGITS(focal, WRONG FOCAL(s * s))
FROM_LOGITS(focal_gradient, WRONG FOCAL(s * s) FOCAL_GRADIENT(2))
FROM_LOGITS(focal_1_5, WRONG FOCAL(s * sqrt(s)))
FROM_LOGITS(focal_1_5_gradient, WRONG FOCAL(s * sqrt(s)) FOCAL_GRADIENT((T)1.5))
FROM_LOGITS(focal_power, WRONG FOCAL(ANY_POWER))
FROM_LOGITS(focal_power_gradient, WRONG FOCAL(ANY_POWER) FOCAL_GRADIENT(gamma))

#endif
