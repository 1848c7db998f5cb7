// SPDX-License-Identifier: Apache-2.0
// Many threads at once, the child of a fork, and a second copy of the library in the same process, as in a program with
// several extensions that each contain their own copy of Swift.

#define _GNU_SOURCE
#include "expect.h"
#include <dlfcn.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

enum { COUNT = 1 << 20, THREADS = 64 };

static float *x;
static uint8_t *t;
static double expected;
static ce_accumulator *shared;

static int computes(void) {
    ce_batch batch = ce_batch_of(CE_LOGITS, CE_FLOAT32, x, CE_BOOL, t, COUNT);
    double loss = -1;
    return ce_loss(NULL, &batch, &loss) == CE_OK && loss == expected;
}

// Each thread also causes a different error, and must see its own.
static void *work(void *number) {
    intptr_t index = (intptr_t)number, wrong = 0;
    uint8_t target[THREADS] = {0};
    target[index] = 2;
    ce_batch refused = ce_batch_of(CE_LOGITS, CE_FLOAT32, x, CE_BOOL, target, THREADS);
    ce_batch added = ce_batch_of(CE_LOGITS, CE_FLOAT32, x, CE_BOOL, t, 1000);
    for (int i = 0; i < 5; i++) {
        double loss;
        wrong += ce_loss(NULL, &refused, &loss) != CE_OUT_OF_DOMAIN;
        wrong += ce_accumulator_add(shared, NULL, &added) != CE_OK;
        wrong += !computes();
        wrong += ce_last_error()->index != index;
    }
    return (void *)wrong;
}

static void test_threads(void) {
    pthread_t threads[THREADS];
    EXPECT_OK(ce_accumulator_create(0, &shared));
    for (intptr_t i = 0; i < THREADS; i++) EXPECT(pthread_create(&threads[i], NULL, work, (void *)i) == 0);
    for (int i = 0; i < THREADS; i++) {
        void *wrong;
        EXPECT(pthread_join(threads[i], &wrong) == 0 && wrong == NULL);
    }
    ce_totals totals = CE_TOTALS_INIT;
    EXPECT_OK(ce_accumulator_totals(shared, &totals));
    EXPECT(totals.count == THREADS * 5 * 1000);
    ce_accumulator_destroy(shared);
}

static void test_fork(void) {
    for (int i = 0; i < 20; i++) {
        pid_t child = fork();
        if (child == 0) {
            alarm(20);
            _exit(computes() ? 0 : 1);
        }
        int status;
        EXPECT(computes());
        EXPECT(waitpid(child, &status, 0) == child && WIFEXITED(status) && WEXITSTATUS(status) == 0);
    }
}

static void test_second_copy(const char *path) {
    void *copy = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    EXPECT(copy != NULL);
    if (!copy) {
        puts(dlerror());
        return;
    }
    ce_status (*loss_of_copy)(const ce_options *, const ce_batch *, double *);
    *(void **)&loss_of_copy = dlsym(copy, "ce_loss");
    EXPECT(loss_of_copy != NULL && loss_of_copy != ce_loss);
    ce_batch batch = ce_batch_of(CE_LOGITS, CE_FLOAT32, x, CE_BOOL, t, COUNT);
    for (int i = 0; i < 10; i++) {
        double loss = -1;
        EXPECT_OK(loss_of_copy(NULL, &batch, &loss));
        EXPECT(loss == expected && computes());
    }
    // The threads of the copy go on, so its code must stay.
    EXPECT(dlclose(copy) == 0);
    usleep(50000);
    EXPECT(computes());
}

int main(int count, char **arguments) {
    uint64_t seed = 3;
    x = malloc(COUNT * sizeof *x), t = malloc(COUNT);
    double sum = 0;
    for (int i = 0; i < COUNT; i++) {
        x[i] = (float)(12 * next_number(&seed) - 6), t[i] = (uint8_t)(next_bits(&seed) & 1);
        sum += log1p(exp(-fabs(x[i]))) + fmax(x[i], 0) - t[i] * (double)x[i];
    }
    ce_batch batch = ce_batch_of(CE_LOGITS, CE_FLOAT32, x, CE_BOOL, t, COUNT);
    EXPECT_OK(ce_loss(NULL, &batch, &expected));
    EXPECT_NEAR(expected, sum / COUNT, 1e-7);
    test_threads();
    test_fork();
    EXPECT(count == 2);
    if (count == 2) test_second_copy(arguments[1]);
    free(x), free(t);
    return failures > 0;
}
