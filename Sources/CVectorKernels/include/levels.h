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
    LK_SUM_LOGIT_LOSSES = 0,          // product form: one exp an element, no log
    LK_SUM_PROBABILITY_LOSSES = 1,    // product form: neither; targets 0 or 1
    LK_SUM_LOGIT_LOSSES_EACH = 2,     // a log per element, in Double: every edge
    LK_SUM_PROBABILITY_LOSSES_EACH = 3,
    LK_WRITE_LOGIT_LOSSES = 4,
    LK_WRITE_PROBABILITY_LOSSES = 5,
    LK_FIND_OUTSIDE = 6,              // 1 where a prediction is not in [lower, upper], else 0
} lk_kernel;

typedef enum { LK_FLOAT = 0, LK_DOUBLE = 1 } lk_scalar;

typedef enum { LK_TARGETS_FLOAT = 0, LK_TARGETS_DOUBLE = 1, LK_TARGETS_UINT8 = 2 } lk_targets;

// One tile of work. Where `bounded` is set, `lower` and `upper` bound a probability, `log_floor` a logarithm and
// `factor_floor` = e^log_floor a factor of the product; the kernels with a logarithm an element always apply the first
// three (infinite bounds change nothing).
typedef struct {
    lk_kernel kernel;
    lk_scalar scalar;
    lk_targets target_storage;
    int32_t bounded;
    const void *_Nonnull predictions;
    const void *_Nonnull targets;
    void *_Nullable output;
    ptrdiff_t count;
    double lower, upper, log_floor, factor_floor;
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
