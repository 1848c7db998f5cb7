// SPDX-License-Identifier: Apache-2.0
// Both libraries in one process. Each has its own errors, objects and threads. The program is linked with neither
// library, but loads the two paths that are its arguments, so that symbols of the first could replace those of the
// second.

#define _GNU_SOURCE
#include "expect.h"
#include <dlfcn.h>
#include <stdlib.h>

enum { COUNT = 1 << 20 };

typedef struct library {
    const ce_error *(*last_error)(void);
    ce_status (*loss)(const ce_options *, const ce_batch *, double *);
    ce_status (*create)(int32_t, ce_accumulator **);
    ce_status (*add)(ce_accumulator *, const ce_options *, const ce_batch *);
    ce_status (*merge)(ce_accumulator *, const ce_accumulator *);
    ce_status (*totals)(const ce_accumulator *, ce_totals *);
    void (*destroy)(ce_accumulator *);
} library;

static float *x;
static uint8_t *t;

static void find(void *handle, const char *name, void *place) {
    void *const symbol = dlsym(handle, name);
    EXPECT(symbol != NULL);
    memcpy(place, &symbol, sizeof symbol);
}

static library library_at(const char *path) {
    library found;
    void *handle = dlopen(path, RTLD_NOW | RTLD_GLOBAL);
    if (!handle) {
        puts(dlerror());
        exit(1);
    }
    find(handle, "ce_last_error", &found.last_error);
    find(handle, "ce_loss", &found.loss);
    find(handle, "ce_accumulator_create", &found.create);
    find(handle, "ce_accumulator_add", &found.add);
    find(handle, "ce_accumulator_merge", &found.merge);
    find(handle, "ce_accumulator_totals", &found.totals);
    find(handle, "ce_accumulator_destroy", &found.destroy);
    return found;
}

static void test_each_has_its_own_error(const library *one, const library *other) {
    ce_batch batch = ce_batch_of(CE_LOGITS, CE_FLOAT32, x, CE_BOOL, t, COUNT);
    double loss;
    EXPECT(one->last_error() != other->last_error());
    batch.count = -3;
    EXPECT(one->loss(NULL, &batch, &loss) == CE_INVALID_OPTION);
    EXPECT(other->last_error()->status == CE_OK);
    batch.kind = 0;
    EXPECT(other->loss(NULL, &batch, &loss) == CE_INVALID_ARGUMENT);
    EXPECT(one->last_error()->status == CE_INVALID_OPTION && one->last_error()->value == -3);
}

static void test_both_compute_the_same_bits(const library *one, const library *other) {
    const ce_batch batch = ce_batch_of(CE_LOGITS, CE_FLOAT32, x, CE_BOOL, t, COUNT);
    double expected = 0;
    for (int i = 0; i < COUNT; i++) expected += log1p(exp(-fabs(x[i]))) + fmax(x[i], 0) - t[i] * (double)x[i];
    for (int i = 0; i < 10; i++) {
        double loss = -1, again = -2;
        EXPECT(one->loss(NULL, &batch, &loss) == CE_OK && other->loss(NULL, &batch, &again) == CE_OK);
        EXPECT_NEAR(loss, expected / COUNT, 1e-7);
        EXPECT(loss == again);
    }
}

static void test_objects_of_both_live_side_by_side(const library *one, const library *other) {
    const ce_batch batch = ce_batch_of(CE_LOGITS, CE_FLOAT32, x, CE_BOOL, t, 1000);
    ce_accumulator *first, *second;
    ce_totals totals = CE_TOTALS_INIT, others = CE_TOTALS_INIT;
    EXPECT(one->create(1, &first) == CE_OK && other->create(1, &second) == CE_OK);
    for (int i = 0; i < 3; i++) {
        EXPECT(one->add(first, NULL, &batch) == CE_OK && other->add(second, NULL, &batch) == CE_OK);
    }
    EXPECT(other->merge(second, second) == CE_OK);
    EXPECT(one->totals(first, &totals) == CE_OK && other->totals(second, &others) == CE_OK);
    EXPECT(totals.count == 3000 && others.count == 6000 && others.sum == 2 * totals.sum);
    one->destroy(first), other->destroy(second);
}

int main(int count, char **arguments) {
    EXPECT(count == 3);
    if (count != 3) return 1;
    uint64_t seed = 5;
    x = malloc(COUNT * sizeof *x), t = malloc(COUNT);
    for (int i = 0; i < COUNT; i++) x[i] = (float)(12 * next_number(&seed) - 6), t[i] = (uint8_t)(next_bits(&seed) & 1);
    const library one = library_at(arguments[1]), other = library_at(arguments[2]);
    EXPECT(one.loss != other.loss);
    test_each_has_its_own_error(&one, &other);
    test_both_compute_the_same_bits(&one, &other);
    test_objects_of_both_live_side_by_side(&one, &other);
    free(x), free(t);
    return failures > 0;
}
