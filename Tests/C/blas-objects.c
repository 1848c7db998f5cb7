// SPDX-License-Identifier: Apache-2.0
// Invalid calls with an objective give a status and a message, and write nothing. Also tests ce_blas_loaded_core.

#include "blas-oracle.h"

static const double x[6] = {-2, -1, 0, 1, 2, 3};
static const uint8_t t[6] = {0, 1, 0, 1, 0, 1};
static const double w[4] = {1, -1, 0.5, 2};
static double out[16];

// Three rows of two features, with one label and an intercept: three parameters.
static ce_logistic *valid(void) {
    ce_logistic *objective = NULL;
    const ce_matrix features = ce_matrix_of(CE_FLOAT64, x, 3, 2), targets = ce_matrix_of(CE_BOOL, t, 3, 1);
    EXPECT_OK(ce_logistic_create(NULL, &features, &targets, NULL, 0.5, 1, &objective));
    return objective;
}

static void test_arguments_of_an_objective_are_checked(void) {
    ce_logistic *objective = NULL;
    const ce_matrix features = ce_matrix_of(CE_FLOAT64, x, 3, 2), two = ce_matrix_of(CE_BOOL, t, 2, 1);
    const ce_matrix none = ce_matrix_of(CE_BOOL, t, 3, 0), targets = ce_matrix_of(CE_BOOL, t, 3, 2);
    EXPECT_STATUS(ce_logistic_create(NULL, &features, &two, NULL, 0, 1, &objective), CE_SHAPE_MISMATCH);
    expect_error("targets", "2 x 1 elements, expected 3 x 1");
    EXPECT_STATUS(ce_logistic_create(NULL, &features, &none, NULL, 0, 1, &objective), CE_SHAPE_MISMATCH);
    EXPECT_STATUS(ce_logistic_create(NULL, &features, &targets, NULL, 0, 1, NULL), CE_INVALID_ARGUMENT);
    expect_error("objective", "null");
    static const double penalties[] = {-0.5, INFINITY, NAN};
    for (int i = 0; i < 3; i++) {
        EXPECT_STATUS(ce_logistic_create(NULL, &features, &targets, NULL, penalties[i], 1, &objective), CE_INVALID_OPTION);
        expect_error("l2", "at least 0");
    }
    const double outside[] = {0, 1, NAN, 0.5, -0.25, 1};
    const ce_matrix wrong = ce_matrix_of(CE_FLOAT64, outside, 3, 2);
    ce_options options = CE_OPTIONS_INIT;
    EXPECT_STATUS(ce_logistic_create(&options, &features, &wrong, NULL, 0, 1, &objective), CE_OUT_OF_DOMAIN);
    EXPECT(ce_last_error()->index == 4 && ce_last_error()->value == -0.25);
    options.label_smoothing = 2;
    EXPECT_STATUS(ce_logistic_create(&options, &features, &targets, NULL, 0, 1, &objective), CE_INVALID_OPTION);
    expect_error("label_smoothing", "[0, 1]");
    ce_array weights = {x, CE_FLOAT16, 0};
    EXPECT_STATUS(ce_logistic_create(NULL, &features, &targets, &weights, 0, 1, &objective), CE_INVALID_ARGUMENT);
    expect_error("row_weights", "CE_FLOAT32 or CE_FLOAT64");
    weights = (ce_array){NULL, CE_FLOAT64, 0};
    EXPECT_STATUS(ce_logistic_create(NULL, &features, &targets, &weights, 0, 1, &objective), CE_INVALID_ARGUMENT);
    expect_error("row_weights", "null");
    const ce_array *misaligned = (const ce_array *)((const char *)&weights + 1);
    EXPECT_STATUS(ce_logistic_create(NULL, &features, &targets, misaligned, 0, 1, &objective), CE_INVALID_ARGUMENT);
    EXPECT(objective == NULL);
    weights = (ce_array)CE_NO_ARRAY;
    EXPECT_OK(ce_logistic_create(NULL, &features, &targets, &weights, 0, 1, &objective));
    ce_logistic_destroy(objective);
    ce_logistic_destroy(NULL);
}

static void test_arguments_of_calls_are_checked(void) {
    ce_logistic *objective = valid();
    double loss = -7, before, *const misaligned = (double *)((char *)out + 4);
    EXPECT_OK(ce_logistic_loss(objective, w, 3, NULL, &before));
    static const int64_t counts[] = {2, 4, 0, -1, INT64_MIN, INT64_MAX};
    for (size_t i = 0; i < sizeof counts / sizeof *counts; i++) {
        EXPECT_STATUS(ce_logistic_loss(objective, w, counts[i], out, &loss), CE_COUNT_MISMATCH);
        expect_error("parameters", "expected 3");
        EXPECT_STATUS(ce_logistic_hessian_product(objective, w, counts[i], w, out), CE_COUNT_MISMATCH);
        EXPECT_STATUS(ce_logistic_hessian(objective, w, counts[i], 0, out, 0, 9), CE_COUNT_MISMATCH);
        EXPECT_STATUS(ce_logistic_logits(objective, w, counts[i], out, 3), CE_COUNT_MISMATCH);
    }
    EXPECT_STATUS(ce_logistic_loss(NULL, w, 3, out, &loss), CE_INVALID_ARGUMENT);
    expect_error("objective", "null");
    EXPECT_STATUS(ce_logistic_loss(objective, NULL, 3, out, &loss), CE_INVALID_ARGUMENT);
    expect_error("parameters", "null");
    EXPECT_STATUS(ce_logistic_loss(objective, misaligned, 3, out, &loss), CE_INVALID_ARGUMENT);
    EXPECT_STATUS(ce_logistic_loss(objective, w, 3, out, NULL), CE_INVALID_ARGUMENT);
    expect_error("loss", "null");
    EXPECT_STATUS(ce_logistic_loss(objective, w, 3, misaligned, &loss), CE_INVALID_ARGUMENT);
    expect_error("gradient", "aligned");
    EXPECT_STATUS(ce_logistic_hessian_product(objective, w, 3, NULL, out), CE_INVALID_ARGUMENT);
    expect_error("direction", "null");
    EXPECT_STATUS(ce_logistic_hessian_product(objective, w, 3, w, NULL), CE_INVALID_ARGUMENT);
    expect_error("product", "null");
    EXPECT_STATUS(ce_logistic_hessian(objective, w, 3, 0, NULL, 0, 9), CE_INVALID_ARGUMENT);
    expect_error("hessian", "null");
    EXPECT_STATUS(ce_logistic_hessian(objective, w, 3, 0, out, 0, 8), CE_OUTPUT_TOO_SHORT);
    EXPECT_STATUS(ce_logistic_hessian(objective, w, 3, 0, out, 5, 12), CE_OUTPUT_TOO_SHORT);
    expect_error("hessian", "13 are written");
    EXPECT_STATUS(ce_logistic_hessian(objective, w, 3, 0, out, 2, 16), CE_INVALID_OPTION);
    EXPECT_STATUS(ce_logistic_hessian(objective, w, 3, 0, out, INT64_MAX, INT64_MAX), CE_TOO_LARGE);
    static const int64_t labels[] = {1, -1, INT64_MIN, INT64_MAX};
    for (size_t i = 0; i < sizeof labels / sizeof *labels; i++) {
        EXPECT_STATUS(ce_logistic_hessian(objective, w, 3, labels[i], out, 0, 9), CE_INVALID_OPTION);
        expect_error("label", "below 1");
    }
    EXPECT_STATUS(ce_logistic_logits(objective, w, 3, NULL, 3), CE_INVALID_ARGUMENT);
    EXPECT_STATUS(ce_logistic_logits(objective, w, 3, out, 2), CE_OUTPUT_TOO_SHORT);
    expect_error("logits", "3 are written");
    EXPECT_STATUS(ce_logistic_parameter_count(objective, NULL), CE_INVALID_ARGUMENT);
    EXPECT(loss == -7);
    for (int i = 0; i < 16; i++) EXPECT(out[i] == 0);
    EXPECT_OK(ce_logistic_loss(objective, w, 3, NULL, &loss));
    EXPECT(loss == before);
    ce_logistic_destroy(objective);
}

// This is run both with and without OPENBLAS_CORETYPE in the environment.
static void test_core_is_the_one_of_the_environment(void) {
    const char *chosen = getenv("OPENBLAS_CORETYPE");
    ce_blas_core core = CE_BLAS_CORE_INIT;
    core.size--;
    EXPECT_STATUS(ce_blas_loaded_core(&core), CE_INVALID_ARGUMENT);
    EXPECT_STATUS(ce_blas_loaded_core(NULL), CE_INVALID_ARGUMENT);
    EXPECT(core.name[0] == 0);
    core.size++;
    EXPECT_OK(ce_blas_loaded_core(&core));
    EXPECT(core.size == sizeof core && core.name[0] != 0);
    EXPECT(core.is_fastest == (core.advice[0] == 0));
    EXPECT(core.is_fastest || strstr(core.advice, core.name));
    EXPECT(!core.better_core_type[0] || strstr(core.advice, core.better_core_type));
    if (chosen) EXPECT(strcmp(core.name, chosen) == 0 && core.better_core_type[0] == 0);
}

int main(void) {
    test_arguments_of_an_objective_are_checked();
    test_arguments_of_calls_are_checked();
    test_core_is_the_one_of_the_environment();
    return failures > 0;
}
