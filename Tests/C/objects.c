// SPDX-License-Identifier: Apache-2.0
// Accumulators, groups and evaluations: their sums are compared with one call on all elements, and serialized.

#include "expect.h"
#include <stdlib.h>

enum { COUNT = 40000, PART = 8192, GROUPS = 100 };

static float x[COUNT];
static uint8_t t[COUNT];
static int32_t group[COUNT];

static ce_batch part(int first) {
    int count = first + PART < COUNT ? PART : COUNT - first;
    return ce_batch_of(CE_LOGITS, CE_FLOAT32, x + first, CE_BOOL, t + first, count);
}

static double naive_loss(int i) { return log1p(exp(-fabs(x[i]))) + fmax(x[i], 0) - t[i] * (double)x[i]; }

static void test_accumulator(void) {
    ce_accumulator *forward = NULL, *backward = NULL, *copy = NULL;
    ce_totals totals = CE_TOTALS_INIT, other = CE_TOTALS_INIT;
    EXPECT_OK(ce_accumulator_create(1, &forward));
    EXPECT_OK(ce_accumulator_create(1, &backward));
    for (int i = 0; i < COUNT; i += PART) {
        ce_batch batch = part(i);
        EXPECT_OK(ce_accumulator_add(forward, NULL, &batch));
    }
    for (int i = COUNT / PART * PART; i >= 0; i -= PART) {
        ce_batch batch = part(i);
        ce_accumulator *one = NULL;
        EXPECT_OK(ce_accumulator_create(1, &one));
        EXPECT_OK(ce_accumulator_add(one, NULL, &batch));
        EXPECT_OK(ce_accumulator_merge(backward, one));
        ce_accumulator_destroy(one);
    }
    double sum = 0, loss;
    for (int i = 0; i < COUNT; i++) sum += naive_loss(i);
    EXPECT_OK(ce_accumulator_totals(forward, &totals));
    EXPECT(totals.count == COUNT && totals.weight_sum == COUNT);
    EXPECT_NEAR(totals.sum, sum, 1e-7);
    EXPECT_NEAR(totals.mean, sum / COUNT, 1e-7);
    ce_batch all = ce_batch_of(CE_LOGITS, CE_FLOAT32, x, CE_BOOL, t, COUNT);
    ce_report report = CE_REPORT_INIT, of_call = CE_REPORT_INIT;
    EXPECT_OK(ce_loss(NULL, &all, &loss));
    EXPECT_NEAR(totals.mean, loss, 1e-7);
    EXPECT_OK(ce_loss_report(NULL, &all, &of_call));
    EXPECT_OK(ce_accumulator_report(forward, CE_MEAN, &report));
    EXPECT(memcmp(&report, &of_call, sizeof report) == 0);

    // The bytes are the same for any order of adding, and reading them gives the same numbers.
    unsigned char state[CE_ACCUMULATOR_STATE_SIZE] = {0}, again[CE_ACCUMULATOR_STATE_SIZE] = {0};
    int64_t size = 0, size_again = 0;
    EXPECT_OK(ce_accumulator_serialize(forward, NULL, 0, &size));
    EXPECT(size > 0 && size <= CE_ACCUMULATOR_STATE_SIZE);
    EXPECT_STATUS(ce_accumulator_serialize(forward, state, size - 1, &size_again), CE_OUTPUT_TOO_SHORT);
    EXPECT(size_again == size);
    EXPECT_OK(ce_accumulator_serialize(forward, state, sizeof state, &size));
    EXPECT_OK(ce_accumulator_serialize(backward, again, sizeof again, &size_again));
    EXPECT(size == size_again && memcmp(state, again, sizeof state) == 0);
    EXPECT_OK(ce_accumulator_deserialize(state, sizeof state, &copy));
    EXPECT_OK(ce_accumulator_totals(copy, &other));
    EXPECT(memcmp(&totals, &other, sizeof totals) == 0);
    state[size / 2] ^= 1;
    ce_accumulator *none = NULL;
    EXPECT_STATUS(ce_accumulator_deserialize(state, size, &none), CE_INVALID_STATE);
    EXPECT_STATUS(ce_accumulator_deserialize(state, -1, &none), CE_INVALID_OPTION);
    EXPECT(none == NULL);

    // A batch that is rejected changes nothing. An accumulator may be merged with itself.
    ce_batch wrong = part(0);
    t[7] = 3;
    EXPECT_STATUS(ce_accumulator_add(copy, NULL, &wrong), CE_OUT_OF_DOMAIN);
    t[7] = 0;
    EXPECT_OK(ce_accumulator_merge(copy, copy));
    EXPECT_OK(ce_accumulator_totals(copy, &other));
    EXPECT(other.count == 2 * COUNT && other.mean == totals.mean);
    ce_accumulator *plain = NULL;
    EXPECT_OK(ce_accumulator_create(0, &plain));
    EXPECT_STATUS(ce_accumulator_report(plain, CE_MEAN, &report), CE_NO_REPORT);
    EXPECT_STATUS(ce_accumulator_report(forward, 5, &report), CE_INVALID_OPTION);
    EXPECT_STATUS(ce_accumulator_totals(NULL, &totals), CE_INVALID_ARGUMENT);
    EXPECT_STATUS(ce_accumulator_create(0, NULL), CE_INVALID_ARGUMENT);
    ce_accumulator_destroy(forward), ce_accumulator_destroy(backward), ce_accumulator_destroy(copy);
    ce_accumulator_destroy(plain), ce_accumulator_destroy(NULL);
}

static void test_groups(void) {
    ce_groups *groups = NULL, *half = NULL, *copy = NULL;
    EXPECT_OK(ce_groups_create(GROUPS, &groups));
    EXPECT_OK(ce_groups_create(GROUPS, &half));
    ce_batch first = ce_batch_of(CE_LOGITS, CE_FLOAT32, x, CE_BOOL, t, COUNT / 2);
    ce_batch second = ce_batch_of(CE_LOGITS, CE_FLOAT32, x + COUNT / 2, CE_BOOL, t + COUNT / 2, COUNT / 2);
    EXPECT_OK(ce_groups_add(groups, NULL, &first, CE_INT32, group, COUNT / 2));
    EXPECT_OK(ce_groups_add(half, NULL, &second, CE_INT32, group + COUNT / 2, COUNT / 2));
    EXPECT_OK(ce_groups_merge(groups, half, NULL, 0));

    static ce_group_loss losses[GROUPS], again[GROUPS];
    EXPECT_OK(ce_groups_losses(groups, 0, GROUPS, sizeof *losses, losses));
    for (int g = 0; g < GROUPS; g++) {
        double sum = 0, squares = 0, positives = 0;
        int count = 0;
        for (int i = 0; i < COUNT; i++)
            if (group[i] == g) count++, positives += t[i], sum += naive_loss(i), squares += pow(naive_loss(i), 2);
        double variance = (squares - sum * sum / count) / (count - 1.0);
        EXPECT(losses[g].count == count && losses[g].target_sum == positives && losses[g].weight_sum == count);
        EXPECT_NEAR(losses[g].sum, sum, 1e-7);
        EXPECT_NEAR(losses[g].mean, sum / count, 1e-7);
        EXPECT_NEAR(losses[g].mean_error, sqrt(variance / count), 1e-6);
    }
    int64_t size = 0, group_count = 0, element_count = 0;
    EXPECT_OK(ce_groups_serialize(groups, NULL, 0, &size));
    void *state = malloc((size_t)size);
    EXPECT_OK(ce_groups_serialize(groups, state, size, &size));
    EXPECT_OK(ce_groups_deserialize(state, size, &copy));
    EXPECT_OK(ce_groups_losses(copy, 0, GROUPS, sizeof *again, again));
    EXPECT(memcmp(losses, again, sizeof losses) == 0);
    EXPECT_STATUS(ce_groups_deserialize(state, size - 1, &copy), CE_INVALID_STATE);
    free(state);

    // All groups are merged into one.
    static int64_t numbers[GROUPS];
    ce_groups *one = NULL;
    EXPECT_OK(ce_groups_create(0, &one));
    EXPECT_OK(ce_groups_extend(one, 1));
    EXPECT_OK(ce_groups_merge(one, groups, numbers, GROUPS));
    EXPECT_OK(ce_groups_count(one, &group_count, &element_count));
    EXPECT(group_count == 1 && element_count == COUNT);

    EXPECT_STATUS(ce_groups_losses(one, 1, 1, sizeof *again, again), CE_COUNT_MISMATCH);
    EXPECT_STATUS(ce_groups_losses(one, 0, 1, 8, again), CE_INVALID_ARGUMENT);
    EXPECT_STATUS(ce_groups_create(-1, &half), CE_INVALID_OPTION);
    EXPECT_STATUS(ce_groups_create(INT64_MAX, &half), CE_INVALID_OPTION);
    EXPECT_STATUS(ce_groups_add(groups, NULL, &first, CE_FLOAT32, group, COUNT / 2), CE_INVALID_ARGUMENT);
    EXPECT_STATUS(ce_groups_add(groups, NULL, &first, CE_INT32, group, 3), CE_COUNT_MISMATCH);
    group[11] = -4;
    EXPECT_STATUS(ce_groups_add(groups, NULL, &first, CE_INT32, group, COUNT / 2), CE_OUT_OF_DOMAIN);
    EXPECT(ce_last_error()->index == 11 && ce_last_error()->value == -4);
    group[11] = 0;
    ce_groups_destroy(groups), ce_groups_destroy(half), ce_groups_destroy(copy), ce_groups_destroy(one);
}

static void test_evaluation(void) {
    ce_evaluation *evaluation = NULL, *copy = NULL;
    ce_measures measures = CE_MEASURES_INIT, again = CE_MEASURES_INIT;
    ce_bin bins[100];
    int64_t count = 0, size = 0;
    EXPECT_OK(ce_evaluation_create(20, &evaluation));
    for (int i = 0; i < COUNT; i += PART) {
        ce_batch batch = part(i);
        EXPECT_OK(ce_evaluation_add(evaluation, NULL, &batch));
    }
    double loss = 0, predictions = 0, positives = 0, brier = 0;
    for (int i = 0; i < COUNT; i++) {
        double p = 1 / (1 + exp(-x[i]));
        loss += naive_loss(i), predictions += p, positives += t[i], brier += (p - t[i]) * (p - t[i]);
    }
    EXPECT_OK(ce_evaluation_measures(evaluation, &measures));
    EXPECT(measures.count == COUNT);
    EXPECT_NEAR(measures.log_loss, loss / COUNT, 1e-6);
    EXPECT_NEAR(measures.mean_prediction, predictions / COUNT, 1e-6);
    EXPECT_NEAR(measures.base_rate, positives / COUNT, 1e-12);
    EXPECT_NEAR(measures.brier_score, brier / COUNT, 1e-6);
    EXPECT_NEAR(measures.calibration_ratio, predictions / positives, 1e-6);
    EXPECT_OK(ce_evaluation_bins(evaluation, 0, sizeof *bins, bins, 100, &count));
    EXPECT(count == 20);
    int64_t elements = 0;
    for (int i = 0; i < count; i++) elements += bins[i].count;
    EXPECT(elements == COUNT && bins[0].lower == 0 && bins[19].upper == 1);
    EXPECT_OK(ce_evaluation_bins(evaluation, 1, sizeof *bins, NULL, 0, &count));
    EXPECT_STATUS(ce_evaluation_bins(evaluation, 1, sizeof *bins, bins, count - 1, &count), CE_OUTPUT_TOO_SHORT);

    EXPECT_OK(ce_evaluation_serialize(evaluation, NULL, 0, &size));
    void *state = malloc((size_t)size);
    EXPECT_OK(ce_evaluation_serialize(evaluation, state, size, &size));
    EXPECT_OK(ce_evaluation_deserialize(state, size, &copy));
    EXPECT_OK(ce_evaluation_measures(copy, &again));
    EXPECT(memcmp(&measures, &again, sizeof measures) == 0);
    free(state);
    ce_evaluation *other = NULL;
    EXPECT_OK(ce_evaluation_create(10, &other));
    EXPECT_STATUS(ce_evaluation_merge(evaluation, other), CE_INVALID_OPTION);
    EXPECT_OK(ce_evaluation_merge(evaluation, copy));
    EXPECT_OK(ce_evaluation_measures(evaluation, &again));
    EXPECT(again.count == 2 * COUNT && again.log_loss == measures.log_loss);
    EXPECT_STATUS(ce_evaluation_create(INT64_MIN, &other), CE_INVALID_OPTION);
    ce_evaluation_destroy(evaluation), ce_evaluation_destroy(copy), ce_evaluation_destroy(other);
}

int main(void) {
    uint64_t seed = 7;
    for (int i = 0; i < COUNT; i++) {
        x[i] = (float)(12 * next_number(&seed) - 6);
        t[i] = next_number(&seed) < 1 / (1 + exp(-x[i]));
        group[i] = (int32_t)(next_bits(&seed) % GROUPS);
    }
    test_accumulator();
    test_groups();
    test_evaluation();
    return failures > 0;
}
