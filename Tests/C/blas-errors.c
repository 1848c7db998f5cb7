// SPDX-License-Identifier: Apache-2.0
// Invalid calls with matrices give a status and a message, and write nothing.

#include "blas-oracle.h"

static const float x[6] = {-2, -1, 0, 1, 2, 3};
static const uint8_t t[6] = {0, 1, 0, 1, 0, 1};
static float losses[9];

static ce_matrix valid_x(void) { return ce_matrix_of(CE_FLOAT32, x, 3, 2); }
static ce_matrix valid_t(void) { return ce_matrix_of(CE_BOOL, t, 3, 2); }

static ce_status pairwise(const ce_matrix *left, const ce_matrix *right) {
    return ce_pairwise_losses(NULL, CE_LOGITS, left, right, losses, 0, 9);
}

static ce_status create(const ce_matrix *features, const ce_matrix *targets) {
    ce_logistic *objective = NULL;
    const ce_status status = ce_logistic_create(NULL, features, targets, NULL, 0, 1, &objective);
    EXPECT((status == CE_OK) == (objective != NULL));
    ce_logistic_destroy(objective);
    return status;
}

// An invalid matrix gives the same error for predictions, targets and features.
static void expect_refused(const ce_matrix *wrong, ce_status status, const char *member, const char *text) {
    const ce_matrix left = valid_x(), right = valid_t();
    char argument[40];
    snprintf(argument, sizeof argument, "predictions%s", member);
    EXPECT_STATUS(pairwise(wrong, &right), status);
    expect_error(argument, text);
    snprintf(argument, sizeof argument, "targets%s", member);
    EXPECT_STATUS(pairwise(&left, wrong), status);
    expect_error(argument, text);
    EXPECT_STATUS(create(&left, wrong), status);
    expect_error(argument, text);
    snprintf(argument, sizeof argument, "features%s", member);
    EXPECT_STATUS(create(wrong, &right), status);
    expect_error(argument, text);
}

static void test_structs_of_matrices_are_checked(void) {
    expect_refused(NULL, CE_INVALID_ARGUMENT, "", "null");
    ce_matrix matrix = valid_x();
    matrix.size--;
    expect_refused(&matrix, CE_INVALID_ARGUMENT, "", "size");
    expect_refused((const ce_matrix *)((const char *)&matrix + 4), CE_INVALID_ARGUMENT, "", "aligned");
    matrix = valid_x(), matrix.reserved = 1;
    expect_refused(&matrix, CE_INVALID_ARGUMENT, ".reserved", "not 0");
    matrix = valid_x(), matrix.data = NULL;
    expect_refused(&matrix, CE_INVALID_ARGUMENT, "", "null");
    matrix.data = (const char *)x + 2;
    expect_refused(&matrix, CE_INVALID_ARGUMENT, "", "aligned to the 4 bytes");
    static const ce_type types[] = {CE_NONE, CE_BIT, CE_INT64 + 1, -1, INT32_MIN};
    for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
        matrix = valid_x(), matrix.type = types[i];
        expect_refused(&matrix, CE_INVALID_ARGUMENT, "", "type");
    }
    for (ce_type type = CE_FLOAT16; type <= CE_INT64; type++) {
        const ce_matrix left = ce_matrix_of(type, x, 1, 1), right = ce_matrix_of(CE_BOOL, t, 1, 1);
        EXPECT_STATUS(pairwise(&left, &right), CE_INVALID_ARGUMENT);
        EXPECT_STATUS(create(&left, &right), CE_INVALID_ARGUMENT);
    }
}

static void test_sizes_of_matrices_are_checked(void) {
    static const int64_t refused[] = {-1, INT64_MIN, INT64_MAX, (INT64_C(1) << 56) + 1};
    ce_matrix matrix;
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
        matrix = valid_x(), matrix.rows = refused[i];
        expect_refused(&matrix, CE_INVALID_OPTION, ".rows", "from 0 to 2^56");
        matrix = valid_x(), matrix.columns = refused[i];
        expect_refused(&matrix, CE_INVALID_OPTION, ".columns", "from 0 to 2^56");
    }
    static const int64_t too_small[] = {1, -1, INT64_MIN};
    for (size_t i = 0; i < sizeof too_small / sizeof *too_small; i++) {
        matrix = valid_x(), matrix.stride = too_small[i];
        expect_refused(&matrix, CE_INVALID_OPTION, ".stride", "at least 2");
        EXPECT(ce_last_error()->value == (double)too_small[i]);
    }
    matrix = valid_x(), matrix.stride = INT64_MAX;
    expect_refused(&matrix, CE_TOO_LARGE, ".stride", "3 x 9223372036854775807");
    matrix = ce_matrix_of(CE_FLOAT32, x, INT64_C(1) << 56, INT64_C(1) << 56);
    expect_refused(&matrix, CE_TOO_LARGE, ".stride", "elements");
    matrix = ce_matrix_of(CE_FLOAT32, x, INT32_MAX, INT32_MAX);
    expect_refused(&matrix, CE_TOO_LARGE, ".stride", "2147483647 x 2147483647");
    // BLAS counts with 32-bit integers. These matrices are rejected before any element is read.
    matrix = ce_matrix_of(CE_FLOAT32, x, INT64_C(1) << 31, 1);
    expect_refused(&matrix, CE_TOO_LARGE, "", "2147483648 x 1");
    matrix = ce_matrix_of(CE_FLOAT32, x, 1, INT64_C(1) << 31);
    expect_refused(&matrix, CE_TOO_LARGE, "", "1 x 2147483648");
    matrix = valid_x(), matrix.stride = INT64_C(1) << 31;
    expect_refused(&matrix, CE_TOO_LARGE, "", "3 x 2147483648");
    matrix = ce_matrix_of(CE_FLOAT32, NULL, INT64_C(1) << 56, 0);
    expect_refused(&matrix, CE_TOO_LARGE, "", "x 0");
    matrix = ce_matrix_of(CE_FLOAT32, NULL, 0, INT32_MAX);
    EXPECT_STATUS(create(&matrix, &matrix), CE_TOO_LARGE);
    expect_error("parameters", "2147483647 x 2147483648");
}

static void test_pairwise_arguments_are_checked(void) {
    const ce_matrix left = valid_x(), right = valid_t(), three = ce_matrix_of(CE_BOOL, t, 2, 3);
    for (int i = 0; i < 9; i++) losses[i] = -7;
    EXPECT_STATUS(pairwise(&left, &three), CE_SHAPE_MISMATCH);
    expect_error("targets", "2 x 3 elements, expected 2 x 2");
    EXPECT_STATUS(ce_pairwise_losses(NULL, 3, &left, &right, losses, 0, 9), CE_INVALID_ARGUMENT);
    expect_error("kind", "CE_PROBABILITIES");
    EXPECT_STATUS(ce_pairwise_losses(NULL, CE_LOGITS, &left, &right, NULL, 0, 9), CE_INVALID_ARGUMENT);
    expect_error("losses", "null");
    EXPECT_STATUS(ce_pairwise_losses(NULL, CE_LOGITS, &left, &right, (char *)losses + 1, 0, 9), CE_INVALID_ARGUMENT);
    expect_error("losses", "aligned");
    static const int64_t rooms[] = {8, 0, -1, INT64_MIN};
    for (size_t i = 0; i < sizeof rooms / sizeof *rooms; i++) {
        EXPECT_STATUS(ce_pairwise_losses(NULL, CE_LOGITS, &left, &right, losses, 0, rooms[i]), CE_OUTPUT_TOO_SHORT);
        expect_error("losses", "9 are written");
    }
    EXPECT_STATUS(ce_pairwise_losses(NULL, CE_LOGITS, &left, &right, losses, 4, 10), CE_OUTPUT_TOO_SHORT);
    expect_error("losses", "11 are written");
    EXPECT_STATUS(ce_pairwise_losses(NULL, CE_LOGITS, &left, &right, losses, 2, 9), CE_INVALID_OPTION);
    expect_error("stride", "at least 3");
    EXPECT_STATUS(ce_pairwise_losses(NULL, CE_LOGITS, &left, &right, losses, INT64_MAX, INT64_MAX), CE_TOO_LARGE);
    EXPECT_STATUS(
        ce_pairwise_losses(NULL, CE_LOGITS, &left, &right, losses, INT64_C(1) << 31, INT64_MAX), CE_TOO_LARGE);
    expect_error("losses", "2147483648");
    ce_options options = CE_OPTIONS_INIT;
    options.threads = -1;
    EXPECT_STATUS(ce_pairwise_losses(&options, CE_LOGITS, &left, &right, losses, 0, 9), CE_INVALID_OPTION);
    options.size = 0;
    EXPECT_STATUS(ce_pairwise_losses(&options, CE_LOGITS, &left, &right, losses, 0, 9), CE_INVALID_ARGUMENT);
    // The element between the rows is not a target and is not checked.
    const float wide[] = {0, 1, 9, 0.5f, 1.5f};
    ce_matrix gapped = ce_matrix_of(CE_FLOAT32, wide, 2, 2);
    gapped.stride = 3;
    EXPECT_STATUS(pairwise(&left, &gapped), CE_OUT_OF_DOMAIN);
    expect_error("targets", "targets[3] is 1.5");
    EXPECT(ce_last_error()->index == 3 && ce_last_error()->value == 1.5);
    EXPECT_STATUS(ce_pairwise_losses(NULL, CE_PROBABILITIES, &left, &right, losses, 0, 9), CE_OUT_OF_DOMAIN);
    expect_error("probabilities", "probabilities[0] is -2");
    for (int i = 0; i < 9; i++) EXPECT(losses[i] == -7);
    options = (ce_options)CE_OPTIONS_INIT, options.unchecked = 1;
    EXPECT_OK(ce_pairwise_losses(&options, CE_LOGITS, &left, &gapped, losses, 0, 9));
}

int main(void) {
    test_structs_of_matrices_are_checked();
    test_sizes_of_matrices_are_checked();
    test_pairwise_arguments_are_checked();
    return failures > 0;
}
