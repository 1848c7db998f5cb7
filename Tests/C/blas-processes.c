// SPDX-License-Identifier: Apache-2.0
// Threads that share an objective, products in several threads at once, and both in the child of a fork.

#define _GNU_SOURCE
#include "blas-oracle.h"
#include <pthread.h>
#include <sys/wait.h>
#include <unistd.h>

enum { ROWS = 20000, COLUMNS = 40, COUNT = COLUMNS + 1, THREADS = 8, SIDE = 200 };

static float *x;
static uint8_t *t;
static double w[COUNT], gradient[COUNT], loss;
static float losses[SIDE * SIDE];
static ce_logistic *shared;

// With one label, results have the same bits in every thread and process.
static int evaluates(void) {
    double own[COUNT], value;
    return ce_logistic_loss(shared, w, COUNT, own, &value) == CE_OK && value == loss
        && memcmp(own, gradient, sizeof own) == 0;
}

// BLAS may add in a different order if its number of threads changes. The error of a mean of 40 losses is far below
// 1e-5.
static int multiplies(void) {
    float *const own = malloc(sizeof losses);
    const ce_matrix left = ce_matrix_of(CE_FLOAT32, x, SIDE, COLUMNS);
    const ce_matrix right = ce_matrix_of(CE_BOOL, t, SIDE, COLUMNS);
    int is_right = ce_pairwise_losses(NULL, CE_LOGITS, &left, &right, own, 0, SIDE * SIDE) == CE_OK;
    for (int i = 0; i < SIDE * SIDE; i++) is_right = is_right && fabsf(own[i] - losses[i]) < 1e-5f;
    free(own);
    return is_right;
}

// Each thread also causes a different error, and must see its own.
static void *work(void *number) {
    const int64_t count = (intptr_t)number;
    intptr_t wrong = 0;
    for (int i = 0; i < 10; i++) {
        double value;
        wrong += ce_logistic_loss(shared, w, count, NULL, &value) != CE_COUNT_MISMATCH;
        wrong += !evaluates() + !multiplies();
        char expected[60];
        snprintf(expected, sizeof expected, "parameters has %lld elements, expected 41", (long long)count);
        wrong += strcmp(ce_last_error()->message, expected) != 0;
    }
    return (void *)wrong;
}

static void test_threads_share_an_objective(void) {
    pthread_t threads[THREADS];
    for (intptr_t i = 0; i < THREADS; i++) EXPECT(pthread_create(&threads[i], NULL, work, (void *)i) == 0);
    for (int i = 0; i < THREADS; i++) {
        void *wrong;
        EXPECT(pthread_join(threads[i], &wrong) == 0 && wrong == NULL);
    }
}

static void test_children_of_fork_compute(void) {
    for (int i = 0; i < 20; i++) {
        const pid_t child = fork();
        if (child == 0) {
            alarm(20);
            _exit(evaluates() && multiplies() ? 0 : 1);
        }
        int status;
        EXPECT(evaluates() && multiplies());
        EXPECT(waitpid(child, &status, 0) == child && WIFEXITED(status) && WEXITSTATUS(status) == 0);
    }
}

int main(void) {
    uint64_t seed = 7;
    x = malloc(sizeof *x * ROWS * COLUMNS), t = malloc(ROWS);
    for (int i = 0; i < ROWS * COLUMNS; i++) x[i] = (float)next_normal(&seed);
    for (int i = 0; i < ROWS; i++) t[i] = (uint8_t)(next_bits(&seed) & 1);
    for (int i = 0; i < COUNT; i++) w[i] = next_normal(&seed) / 8;
    const ce_matrix features = ce_matrix_of(CE_FLOAT32, x, ROWS, COLUMNS), targets = ce_matrix_of(CE_BOOL, t, ROWS, 1);
    EXPECT_OK(ce_logistic_create(NULL, &features, &targets, NULL, 1e-3, 1, &shared));
    EXPECT_OK(ce_logistic_loss(shared, w, COUNT, gradient, &loss));
    const ce_matrix left = ce_matrix_of(CE_FLOAT32, x, SIDE, COLUMNS), right = ce_matrix_of(CE_BOOL, t, SIDE, COLUMNS);
    EXPECT_OK(ce_pairwise_losses(NULL, CE_LOGITS, &left, &right, losses, 0, SIDE * SIDE));
    test_threads_share_an_objective();
    test_children_of_fork_compute();
    ce_logistic_destroy(shared);
    free(x), free(t);
    return failures > 0;
}
