// SPDX-License-Identifier: Apache-2.0
// The objective of logistic regression and its derivatives against their definitions.

#include "blas-problem.h"

static const double untouched = -7;

static void check_calls(const problem *p, const ce_logistic *objective_in_c, uint64_t *seed) {
    const int size = size_of_label(p), count = p->labels * size, stride = size + p->gap;
    // A row adds at most about 20 to a sum, with the rounding error of its type. Differences have an error of 1e-9.
    const long double scale = p->options.reduction == CE_SUM ? 20.0L * (p->rows + 1) : 20;
    const long double bound = scale * (p->type == CE_FLOAT32 ? 4 * 0x1p-24L : 1e-9L);
    double w[count + 1], v[count + 1], gradient[count + 1], product[count + 1], hessian[size * stride + 1];
    long double exact[count + 1];
    for (int i = 0; i < count; i++) w[i] = next_normal(seed) / 2, v[i] = next_normal(seed), exact[i] = w[i];
    for (int i = 0; i <= count; i++) gradient[i] = product[i] = untouched;

    double loss = 0, again = 0;
    EXPECT_OK(ce_logistic_loss(objective_in_c, w, count, NULL, &loss));
    EXPECT_OK(ce_logistic_loss(objective_in_c, w, count, gradient, &again));
    expect_within(loss, objective(p, exact), bound, "loss", 0);
    expect_within(again, objective(p, exact), bound, "loss", 1);
    EXPECT_OK(ce_logistic_hessian_product(objective_in_c, w, count, v, product));
    for (int i = 0; i < count; i++) {
        expect_within(gradient[i], slope(p, exact, i), bound, "gradient", i);
        expect_within(product[i], curvature(p, w, v, i), bound, "product", i);
    }
    EXPECT(gradient[count] == untouched && product[count] == untouched);

    for (int label = 0; label < p->labels && size <= 8; label++) {
        for (int i = 0; i <= size * stride; i++) hessian[i] = untouched;
        EXPECT_OK(ce_logistic_hessian(
            objective_in_c, w, count, label, hessian, p->gap ? stride : 0, (int64_t)(size - 1) * stride + size));
        for (int column = 0; column < size; column++) {
            double unit[count];
            for (int i = 0; i < count; i++) unit[i] = i == label * size + column;
            for (int row = 0; row < size; row++) {
                const int place = row * stride + column;
                expect_within(hessian[place], curvature(p, w, unit, label * size + row), bound, "hessian", place);
            }
        }
        for (int i = 0; i <= size * stride; i++) {
            if (i % stride >= size || i == size * stride) EXPECT(hessian[i] == untouched);
        }
    }

    const int64_t elements = (int64_t)p->rows * p->labels;
    void *logits = malloc(size_of(p->type) * (size_t)(elements + 1));
    store(p->type, logits, elements, untouched);
    EXPECT_OK(ce_logistic_logits(objective_in_c, w, count, logits, elements));
    for (int64_t i = 0; i < elements; i++) {
        const long double expected = logit(p, exact, (int)(i / p->labels), (int)(i % p->labels));
        expect_within(number_at(p->type, logits, i), expected, bound, "logits", i);
    }
    EXPECT(number_at(p->type, logits, elements) == untouched);
    free(logits);
}

static void check(problem p, double missing) {
    static uint64_t seed = 100;
    const uint64_t first = ++seed;
    const int x_count = p.rows * (p.columns + p.gap), t_count = p.rows * (p.labels + p.gap);
    snprintf(context, sizeof context,
             "%d x %d, %d labels, gap %d, intercept %d, weights %d, types %d %d, reduction %d, seed %llu", p.rows,
             p.columns, p.labels, p.gap, p.has_intercept, p.has_weights, p.type, p.target_type, p.options.reduction,
             (unsigned long long)first);
    p.x = calloc((size_t)x_count + 1, sizeof *p.x), p.t = calloc((size_t)t_count + 1, sizeof *p.t);
    p.weights = calloc((size_t)p.rows + 1, sizeof *p.weights);
    void *x = malloc(size_of(p.type) * (size_t)(x_count + 1));
    void *t = malloc(size_of(p.target_type) * (size_t)(t_count + 1));
    for (int i = 0; i < x_count; i++) {
        store(p.type, x, i, next_normal(&seed));
        p.x[i] = number_at(p.type, x, i);
    }
    for (int i = 0; i < t_count; i++) {
        p.t[i] = missing != 0 && next_bits(&seed) % 4 == 0 ? missing : next_target(&seed, p.target_type);
        store(p.target_type, t, i, p.t[i]);
    }
    for (int i = 0; i < p.rows; i++) p.weights[i] = 1 + (double)(next_bits(&seed) % 3);

    ce_logistic *objective_in_c = NULL;
    {
        // The structs may be destroyed after the call.
        ce_matrix features = ce_matrix_of(p.type, x, p.rows, p.columns);
        ce_matrix targets = ce_matrix_of(p.target_type, t, p.rows, p.labels);
        features.stride = p.gap ? p.columns + p.gap : 0, targets.stride = p.gap ? p.labels + p.gap : 0;
        ce_array weights = {p.weights, CE_FLOAT64, 0};
        EXPECT_OK(ce_logistic_create(
            &p.options, &features, &targets, p.has_weights ? &weights : NULL, p.l2, p.has_intercept, &objective_in_c));
        memset(&features, 0, sizeof features), memset(&targets, 0, sizeof targets), memset(&weights, 0, sizeof weights);
    }
    int64_t count = -1;
    EXPECT_OK(ce_logistic_parameter_count(objective_in_c, &count));
    EXPECT(count == (int64_t)p.labels * size_of_label(&p));
    check_calls(&p, objective_in_c, &seed);
    ce_logistic_destroy(objective_in_c);
    free(p.x), free(p.t), free(p.weights), free(x), free(t);
}

static void test_every_shape_matches_the_definition(void) {
    static const int shapes[][3] = {{0, 3, 1}, {1, 1, 1}, {1, 0, 1}, {7, 5, 1}, {9, 16, 1}, {131, 3, 1}, {20, 70, 1},
                                    {1, 1, 2}, {37, 5, 3}, {60, 7, 5}, {533, 2, 2}};
    for (size_t s = 0; s < sizeof shapes / sizeof *shapes; s++) {
        for (int variant = 0; variant < 8; variant++) {
            problem p = {.rows = shapes[s][0], .columns = shapes[s][1], .labels = shapes[s][2], .l2 = 0.3};
            p.options = (ce_options)CE_OPTIONS_INIT;
            p.gap = variant & 1 ? 3 : 0;
            p.type = variant & 2 ? CE_FLOAT32 : CE_FLOAT64;
            p.has_intercept = (variant & 4) != 0 || p.columns == 0;
            p.target_type = variant & 1 ? CE_UINT8 : p.type;
            p.options.reduction = variant & 2 ? CE_SUM : CE_MEAN;
            check(p, 0);
        }
    }
}

static void test_every_option_matches_the_definition(void) {
    const ce_options exact = CE_OPTIONS_INIT;
    for (int labels = 1; labels <= 3; labels += 2) {
        problem p = {.rows = 50, .columns = 3, .labels = labels, .gap = 2, .has_intercept = 1, .has_weights = 1,
                     .type = CE_FLOAT64, .target_type = CE_FLOAT32, .options = exact, .l2 = 0.1};
        for (int32_t reduction = CE_MEAN; reduction <= CE_WEIGHTED_MEAN; reduction++) {
            p.options.reduction = reduction;
            check(p, 0);
        }
        p.options = exact;
        p.options.label_smoothing = 0.1, p.options.positive_weight = 2.5;
        check(p, 0);
        p.options = exact;
        p.options.focal_gamma = 2, p.options.focal_alpha = 0.25, p.target_type = CE_INT32;
        check(p, 0);
        p.options = exact;
        p.options.missing_targets = CE_VALUE_MISSING, p.options.missing_value = -1;
        p.options.reduction = CE_WEIGHTED_MEAN, p.target_type = CE_FLOAT64;
        check(p, -1);
        p.has_weights = 0;
        check(p, -1);
    }
}

int main(void) {
    test_every_shape_matches_the_definition();
    test_every_option_matches_the_definition();
    return failures > 0;
}
