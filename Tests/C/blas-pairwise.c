// SPDX-License-Identifier: Apache-2.0
// Pairwise losses for every type, shape and option, compared with loops that implement their definition.

#include "blas-oracle.h"

typedef struct test_case {
    int m, n, k, gap;
    ce_type type, target_type;
    ce_prediction kind;
    ce_options options;
} test_case;

static const double untouched = -7;

// The sum of the losses of a pair, divided as the options say.
static long double pair_loss(const test_case *test, const double *x, const double *t) {
    long double sum = 0;
    int counted = 0;
    for (int c = 0; c < test->k; c++) {
        if (is_missing(&test->options, t[c])) continue;
        sum += element_loss(&test->options, test->kind, x[c], t[c]);
        counted++;
    }
    return test->options.reduction == CE_SUM ? sum : sum / counted;
}

// The documented bound of the error of a sum: k + 4 times half a unit in the last place of 1, times the sum of the
// losses for targets of 0 and of 1.
static long double bound_of(const test_case *test, const double *x) {
    long double sum = 0;
    for (int c = 0; c < test->k; c++) {
        sum += element_loss(&test->options, test->kind, x[c], 0) + element_loss(&test->options, test->kind, x[c], 1);
    }
    const long double unit = test->type == CE_FLOAT32 ? 0x1p-24L : 0x1p-53L;
    return (test->k + 4) * unit * sum / (test->options.reduction == CE_SUM ? 1 : test->k);
}

static void check(const test_case *test, double special) {
    static uint64_t seed = 1;
    const uint64_t first = ++seed;
    const int m = test->m, n = test->n, stride = test->k + test->gap, out = n + test->gap;
    snprintf(context, sizeof context, "%d x %d x %d, gap %d, type %d, targets %d, kind %d, reduction %d, seed %llu", m, n,
             test->k, test->gap, test->type, test->target_type, test->kind, test->options.reduction,
             (unsigned long long)first);
    const size_t bytes = size_of(test->type);
    double *x = calloc((size_t)(m * stride + 1), sizeof *x), *t = calloc((size_t)(n * stride + 1), sizeof *t);
    void *stored_x = malloc(bytes * (size_t)(m * stride + 1));
    void *stored_t = malloc(size_of(test->target_type) * (size_t)(n * stride + 1));
    void *losses = malloc(bytes * (size_t)(m * out + 1));
    for (int i = 0; i < m * stride; i++) {
        const double logit = 3 * next_normal(&seed);
        store(test->type, stored_x, i, test->kind == CE_LOGITS ? logit : 1 / (1 + exp(-logit)));
        x[i] = number_at(test->type, stored_x, i);
    }
    for (int i = 0; i < n * stride; i++) {
        t[i] = special != 0 && next_bits(&seed) % 4 == 0 ? special : next_target(&seed, test->target_type);
        store(test->target_type, stored_t, i, t[i]);
    }
    for (int i = 0; i <= m * out; i++) store(test->type, losses, i, untouched);

    ce_matrix predictions = ce_matrix_of(test->type, stored_x, m, test->k);
    ce_matrix targets = ce_matrix_of(test->target_type, stored_t, n, test->k);
    predictions.stride = targets.stride = test->gap ? stride : 0;
    const int64_t room = m > 0 && n > 0 ? (m - 1) * out + n : 0;
    EXPECT_OK(ce_pairwise_losses(
        &test->options, test->kind, &predictions, &targets, losses, test->gap ? out : 0, room));
    for (int i = 0; i < m; i++) {
        const long double bound = bound_of(test, x + i * stride);
        for (int j = 0; j < n; j++) {
            expect_within(number_at(test->type, losses, i * out + j), pair_loss(test, x + i * stride, t + j * stride),
                          bound, "losses", i * out + j);
        }
        for (int j = n; j < out; j++) EXPECT(number_at(test->type, losses, i * out + j) == untouched);
    }
    EXPECT(number_at(test->type, losses, m * out) == untouched);
    free(x), free(t), free(stored_x), free(stored_t), free(losses);
}

static void test_every_shape_and_type_matches_the_definition(void) {
    static const int shapes[][3] = {
        {0, 3, 4}, {3, 0, 4}, {1, 1, 1}, {1, 7, 13}, {7, 1, 31}, {5, 3, 1}, {17, 19, 67}, {3, 2, 5003}, {601, 3, 11}};
    for (size_t s = 0; s < sizeof shapes / sizeof *shapes; s++) {
        for (int variant = 0; variant < 8; variant++) {
            test_case test = {shapes[s][0], shapes[s][1], shapes[s][2], variant & 1 ? 3 : 0, 0, 0, 0, CE_OPTIONS_INIT};
            test.type = variant & 2 ? CE_FLOAT32 : CE_FLOAT64;
            test.kind = variant & 4 ? CE_LOGITS : CE_PROBABILITIES;
            for (ce_type type = CE_FLOAT32; type <= CE_INT64; type++) {
                if (type == CE_BIT) continue;
                test.target_type = type;
                check(&test, 0);
            }
        }
    }
}

static void test_every_option_matches_the_definition(void) {
    ce_options options[5];
    for (int i = 0; i < 5; i++) options[i] = (ce_options)CE_OPTIONS_INIT;
    options[0].reduction = CE_SUM, options[0].positive_weight = 3;
    options[1].label_smoothing = 0.2, options[1].reduction = CE_WEIGHTED_MEAN;
    options[2].focal_gamma = 2, options[2].focal_alpha = 0.25;
    options[3].missing_targets = CE_NAN_MISSING, options[3].threads = 3;
    options[4].missing_targets = CE_VALUE_MISSING, options[4].missing_value = -1, options[4].reduction = CE_SUM;
    static const double special[5] = {0, 0, 0, NAN, -1};
    static const ce_type target_types[] = {CE_FLOAT32, CE_FLOAT64, CE_UINT8};
    for (int i = 0; i < 5; i++) {
        for (int variant = 0; variant < 12; variant++) {
            test_case test = {23, 5, 40, variant & 1 ? 2 : 0, variant & 2 ? CE_FLOAT32 : CE_FLOAT64,
                              target_types[variant / 4], CE_LOGITS, options[i]};
            check(&test, test.target_type == CE_UINT8 ? 0 : special[i]);
        }
    }
}

int main(void) {
    test_every_shape_and_type_matches_the_definition();
    test_every_option_matches_the_definition();
    return failures > 0;
}
