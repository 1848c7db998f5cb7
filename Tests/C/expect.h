// SPDX-License-Identifier: Apache-2.0
// Checks that print and count failures. A test program returns whether there were any. The tests are plain C99, like
// the header that they test.
#ifndef EXPECT_H
#define EXPECT_H

#include <cross_entropy.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

static int failures;

#define EXPECT(condition) expect(condition, #condition, __FILE__, __LINE__)
#define EXPECT_OK(call) expect_status(call, CE_OK, #call, __FILE__, __LINE__)
#define EXPECT_STATUS(call, status) expect_status(call, status, #call, __FILE__, __LINE__)
// Expects both to be NaN, or to differ by less than `tolerance` times the larger of 1e-30 and the expected value.
#define EXPECT_NEAR(value, expected, tolerance) expect_near(value, expected, tolerance, #value, __FILE__, __LINE__)

static inline void expect(int holds, const char *text, const char *file, int line) {
    if (holds) return;
    failures++;
    printf("%s:%d: %s does not hold\n", file, line, text);
}

static inline void expect_status(ce_status found, ce_status expected, const char *text, const char *file, int line) {
    if (found == expected) return;
    failures++;
    printf("%s:%d: %s returned %d, expected %d; last error: %s\n", file, line, text, found, expected,
           ce_last_error()->message);
}

// Expects the last error to be about `argument`, with a message that contains `text`.
static inline void expect_error(const char *argument, const char *text) {
    const ce_error *error = ce_last_error();
    if (strcmp(error->argument, argument) == 0 && strstr(error->message, text)) return;
    failures++;
    printf("error about %s: %s; expected %s: %s\n", error->argument, error->message, argument, text);
}

static inline void expect_near(
    double value, double expected, double tolerance, const char *text, const char *file, int line) {
    if (isnan(value) && isnan(expected)) return;
    if (fabs(value - expected) <= tolerance * fmax(fabs(expected), 1e-30)) return;
    failures++;
    printf("%s:%d: %s is %.17g, expected %.17g\n", file, line, text, value, expected);
}

// Pseudorandom numbers (splitmix64), which are the same in every run.
static inline uint64_t next_bits(uint64_t *state) {
    uint64_t bits = (*state += 0x9e3779b97f4a7c15);
    bits = (bits ^ bits >> 30) * 0xbf58476d1ce4e5b9;
    bits = (bits ^ bits >> 27) * 0x94d049bb133111eb;
    return bits ^ bits >> 31;
}

// A pseudorandom number in [0, 1).
static inline double next_number(uint64_t *state) { return (double)(next_bits(state) >> 11) * 0x1p-53; }

#endif
