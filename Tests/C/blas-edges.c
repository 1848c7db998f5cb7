// SPDX-License-Identifier: Apache-2.0
// Probabilities of exactly 0 or 1, huge logits, NaN, and sizes of 0.

#include "blas-oracle.h"

// The loss of a row of two predictions against a row of two targets.
static long double pair_loss(const ce_options *options, ce_prediction kind, const double *x, const uint8_t *t) {
    return element_loss(options, kind, x[0], t[0]) + element_loss(options, kind, x[1], t[1]);
}

static void test_certain_predictions_are_computed_pair_by_pair(void) {
    static const double x[] = {INFINITY, 2, -1, 1, -INFINITY, -INFINITY, NAN, 0, 0x1p127, -0x1p127, 0.5, -2};
    static const uint8_t t[] = {1, 1, 1, 0};
    float stored[12], losses[12];
    for (int i = 0; i < 12; i++) stored[i] = (float)x[i];
    ce_options sum = CE_OPTIONS_INIT;
    sum.reduction = CE_SUM;
    const ce_matrix logits = ce_matrix_of(CE_FLOAT32, stored, 6, 2), targets = ce_matrix_of(CE_BOOL, t, 2, 2);
    snprintf(context, sizeof context, "certain logits");
    EXPECT_OK(ce_pairwise_losses(&sum, CE_LOGITS, &logits, &targets, losses, 0, 12));
    for (int i = 0; i < 12; i++) {
        const long double expected = pair_loss(&sum, CE_LOGITS, x + i / 2 * 2, t + i % 2 * 2);
        expect_within(losses[i], expected, 3e-7L * expected, "losses", i);
    }
}

static void test_certain_probabilities_are_clipped(void) {
    static const double p[] = {0, 1, 0.25, 1};
    static const uint8_t t[] = {1, 1, 1, 0};
    double losses[4];
    ce_options floors = CE_OPTIONS_INIT, exact = CE_OPTIONS_INIT;
    EXPECT_OK(ce_options_of(CE_PYTORCH, &floors));
    const ce_matrix probabilities = ce_matrix_of(CE_FLOAT64, p, 2, 2), targets = ce_matrix_of(CE_BOOL, t, 2, 2);
    const ce_options *const options[] = {&floors, &exact};
    for (int option = 0; option < 2; option++) {
        snprintf(context, sizeof context, "certain probabilities, options %d", option);
        EXPECT_OK(ce_pairwise_losses(options[option], CE_PROBABILITIES, &probabilities, &targets, losses, 0, 4));
        for (int i = 0; i < 4; i++) {
            const long double pair = pair_loss(options[option], CE_PROBABILITIES, p + i / 2 * 2, t + i % 2 * 2);
            expect_within(losses[i], pair / 2, 1e-13L, "losses", i);
        }
    }
}

static void test_rows_without_columns_have_no_losses(void) {
    float losses[6] = {1, 2, 3, 4, 5, 6};
    ce_options sum = CE_OPTIONS_INIT;
    sum.reduction = CE_SUM;
    const ce_matrix x = ce_matrix_of(CE_FLOAT32, NULL, 3, 0), t = ce_matrix_of(CE_BOOL, NULL, 2, 0);
    EXPECT_OK(ce_pairwise_losses(NULL, CE_LOGITS, &x, &t, losses, 0, 6));
    for (int i = 0; i < 6; i++) EXPECT(isnan(losses[i]));
    EXPECT_OK(ce_pairwise_losses(&sum, CE_LOGITS, &x, &t, losses, 0, 6));
    for (int i = 0; i < 6; i++) EXPECT(losses[i] == 0);
}

static void test_nothing_has_no_mean(void) {
    const uint8_t t[3] = {0, 1, 1};
    const double w[3] = {1, -1, 0.5};
    double out[3];
    ce_logistic *objective = NULL;
    const ce_matrix nothing = ce_matrix_of(CE_FLOAT64, NULL, 0, 2), labels = ce_matrix_of(CE_BOOL, NULL, 0, 1);
    const ce_matrix rows = ce_matrix_of(CE_FLOAT64, NULL, 3, 0), targets = ce_matrix_of(CE_BOOL, t, 3, 1);
    ce_options sum = CE_OPTIONS_INIT;
    sum.reduction = CE_SUM;
    double loss = -7;
    EXPECT_OK(ce_logistic_create(NULL, &nothing, &labels, NULL, 0, 1, &objective));
    EXPECT_OK(ce_logistic_loss(objective, w, 3, NULL, &loss));
    EXPECT(isnan(loss));
    EXPECT_OK(ce_logistic_logits(objective, w, 3, NULL, 0));
    ce_logistic_destroy(objective);
    // The sum consists of the penalty alone: 2 / 2 (1 + 1).
    EXPECT_OK(ce_logistic_create(&sum, &nothing, &labels, NULL, 2, 1, &objective));
    EXPECT_OK(ce_logistic_loss(objective, w, 3, out, &loss));
    EXPECT(loss == 2 && out[0] == 2 && out[1] == -2 && out[2] == 0);
    ce_logistic_destroy(objective);
    // Without features and an intercept, there are no parameters and all logits are 0.
    EXPECT_OK(ce_logistic_create(&sum, &rows, &targets, NULL, 2, 0, &objective));
    EXPECT_OK(ce_logistic_loss(objective, NULL, 0, NULL, &loss));
    EXPECT_NEAR(loss, 3 * log(2), 1e-15);
    EXPECT_OK(ce_logistic_hessian(objective, NULL, 0, 0, NULL, 0, 0));
    EXPECT_OK(ce_logistic_logits(objective, NULL, 0, out, 3));
    EXPECT(out[0] == 0 && out[1] == 0 && out[2] == 0);
    ce_logistic_destroy(objective);
}

int main(void) {
    test_certain_predictions_are_computed_pair_by_pair();
    test_certain_probabilities_are_clipped();
    test_rows_without_columns_have_no_losses();
    test_nothing_has_no_mean();
    return failures > 0;
}
