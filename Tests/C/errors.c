// SPDX-License-Identifier: Apache-2.0
// Every invalid argument gives a status and a message, and never a crash.

#include "expect.h"

static float x[6] = {-2, -1, 0, 1, 2, 3}, t[6] = {0, 1, 0, 1, 0, 1};
static double loss;

static ce_batch valid_batch(void) { return ce_batch_of(CE_LOGITS, CE_FLOAT32, x, CE_FLOAT32, t, 6); }

static void test_domains(void) {
    ce_batch batch = valid_batch();
    t[4] = 1.5f;
    EXPECT_STATUS(ce_loss(NULL, &batch, &loss), CE_OUT_OF_DOMAIN);
    EXPECT(ce_last_error()->status == CE_OUT_OF_DOMAIN && ce_last_error()->index == 4);
    EXPECT(ce_last_error()->value == 1.5);
    expect_error("targets", "targets[4] is 1.5");
    ce_options unchecked = CE_OPTIONS_INIT;
    unchecked.unchecked = 1;
    EXPECT_OK(ce_loss(&unchecked, &batch, &loss));
    t[4] = NAN;
    EXPECT_OK(ce_loss(NULL, &batch, &loss));
    EXPECT(isnan(loss));
    t[4] = 0;
}

static void test_pointers(void) {
    ce_batch batch = valid_batch();
    float gradient[6];
    EXPECT_STATUS(ce_loss(NULL, NULL, &loss), CE_INVALID_ARGUMENT);
    expect_error("batch", "null");
    EXPECT_STATUS(ce_loss(NULL, &batch, NULL), CE_INVALID_ARGUMENT);
    expect_error("loss", "null");
    EXPECT_STATUS(ce_losses(NULL, &batch, NULL, 6), CE_INVALID_ARGUMENT);
    expect_error("losses", "null");
    EXPECT_STATUS(ce_gradient(NULL, &batch, 1, (char *)gradient + 1, NULL, 5, NULL), CE_INVALID_ARGUMENT);
    expect_error("gradient", "aligned to the 4 bytes");
    EXPECT_STATUS(ce_gradient(NULL, &batch, 1, gradient, NULL, 5, NULL), CE_OUTPUT_TOO_SHORT);
    EXPECT_STATUS(ce_gradient(NULL, &batch, 1, gradient, NULL, INT64_MIN, NULL), CE_OUTPUT_TOO_SHORT);
    batch.targets.data = NULL;
    EXPECT_STATUS(ce_loss(NULL, &batch, &loss), CE_INVALID_ARGUMENT);
    expect_error("targets", "null");
    batch.targets.data = (char *)t + 2;
    EXPECT_STATUS(ce_loss(NULL, &batch, &loss), CE_INVALID_ARGUMENT);
    expect_error("targets", "aligned");
    batch = valid_batch();
    batch.count = 0;
    batch.predictions.data = batch.targets.data = NULL;
    EXPECT_OK(ce_loss(NULL, &batch, &loss));
    EXPECT(isnan(loss));
}

static void test_types(void) {
    const ce_type wrong[] = {-1, CE_NONE, CE_INT64 + 1, INT32_MAX};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        ce_batch batch = valid_batch();
        batch.targets.type = wrong[i];
        EXPECT_STATUS(ce_loss(NULL, &batch, &loss), CE_INVALID_ARGUMENT);
        expect_error("targets", "type");
        batch = valid_batch();
        batch.mask = (ce_array){x, wrong[i], 0};
        EXPECT_STATUS(ce_loss(NULL, &batch, &loss), CE_INVALID_ARGUMENT);
        expect_error("mask", "type");
    }
    ce_batch batch = valid_batch();
    batch.predictions.type = CE_UINT8;
    EXPECT_STATUS(ce_loss(NULL, &batch, &loss), CE_INVALID_ARGUMENT);
    expect_error("logits", "CE_FLOAT32, CE_FLOAT64");
    batch = valid_batch();
    batch.weights = (ce_array){x, CE_FLOAT16, 0};
    EXPECT_STATUS(ce_loss(NULL, &batch, &loss), CE_INVALID_ARGUMENT);
    expect_error("weights", "CE_FLOAT32 or CE_FLOAT64");
    batch = valid_batch();
    batch.targets.bit_offset = 3;
    EXPECT_STATUS(ce_loss(NULL, &batch, &loss), CE_INVALID_ARGUMENT);
    expect_error("targets", "bit_offset");
    batch = valid_batch();
    batch.kind = 0;
    EXPECT_STATUS(ce_loss(NULL, &batch, &loss), CE_INVALID_ARGUMENT);
    expect_error("kind", "CE_LOGITS");
}

static void test_sizes(void) {
    ce_batch batch = valid_batch();
    batch.size = 8;
    EXPECT_STATUS(ce_loss(NULL, &batch, &loss), CE_INVALID_ARGUMENT);
    expect_error("batch", "size 8");
    const int64_t counts[] = {-1, INT64_MIN, INT64_MAX, (INT64_C(1) << 56) + 1};
    for (size_t i = 0; i < sizeof counts / sizeof *counts; i++) {
        batch = valid_batch();
        batch.count = counts[i];
        EXPECT_STATUS(ce_loss(NULL, &batch, &loss), CE_INVALID_OPTION);
        expect_error("count", "expected a number from 0 to 2^56");
        batch = valid_batch();
        batch.columns = counts[i];
        EXPECT_STATUS(ce_loss(NULL, &batch, &loss), CE_INVALID_OPTION);
        expect_error("columns", "expected");
    }
    batch = valid_batch();
    batch.columns = 4;
    EXPECT_STATUS(ce_loss(NULL, &batch, &loss), CE_INVALID_OPTION);
    expect_error("columns", "4");
    batch.columns = 3;
    batch.prediction_stride = 2;
    EXPECT_STATUS(ce_loss(NULL, &batch, &loss), CE_INVALID_OPTION);
    expect_error("prediction_stride", "2");
    batch.prediction_stride = INT64_MAX;
    EXPECT_STATUS(ce_loss(NULL, &batch, &loss), CE_TOO_LARGE);
    batch.prediction_stride = -2;
    EXPECT_STATUS(ce_loss(NULL, &batch, &loss), CE_INVALID_OPTION);
}

static void test_options(void) {
    ce_batch batch = valid_batch();
    static const double not_allowed[] = {-0.5, 1.5, NAN, INFINITY};
    for (int i = 0; i < 4; i++) {
        ce_options options = CE_OPTIONS_INIT;
        options.label_smoothing = not_allowed[i];
        EXPECT_STATUS(ce_loss(&options, &batch, &loss), CE_INVALID_OPTION);
        expect_error("label_smoothing", "expected a number in [0, 1]");
        EXPECT(ce_last_error()->value == not_allowed[i] || isnan(not_allowed[i]));
    }
    int32_t *members[6];
    ce_options options = CE_OPTIONS_INIT;
    members[0] = &options.reduction, members[1] = &options.clipping, members[2] = &options.missing_targets;
    members[3] = &options.probability_gradient, members[4] = &options.threads, members[5] = NULL;
    for (int i = 0; members[i]; i++) {
        *members[i] = -7;
        EXPECT_STATUS(ce_loss(&options, &batch, &loss), CE_INVALID_OPTION);
        EXPECT(ce_last_error()->value == -7);
        *members[i] = 0;
    }
    options.size--;
    EXPECT_STATUS(ce_loss(&options, &batch, &loss), CE_INVALID_ARGUMENT);
    EXPECT_STATUS(ce_options_of(9, &options), CE_INVALID_ARGUMENT);
    options.size++;
    EXPECT_STATUS(ce_options_of(9, &options), CE_INVALID_OPTION);
    EXPECT_STATUS(ce_options_of(CE_KERAS, NULL), CE_INVALID_ARGUMENT);
    EXPECT_OK(ce_options_of(CE_SCIKIT_LEARN, &options));
    EXPECT(options.reduction == CE_WEIGHTED_MEAN && options.clipping == CE_MACHINE_EPSILON);
    EXPECT_OK(ce_options_of(CE_EXACT, &options));
    const ce_options exact = CE_OPTIONS_INIT;
    EXPECT(memcmp(&options, &exact, sizeof exact) == 0);
    float hessian[6];
    batch.kind = CE_PROBABILITIES;
    EXPECT_STATUS(ce_gradient(NULL, &batch, 1, hessian, hessian, 6, NULL), CE_NO_HESSIAN);
}

int main(void) {
    EXPECT(ce_last_error()->status == CE_OK && ce_last_error()->index == -1);
    test_domains();
    test_pointers();
    test_types();
    test_sizes();
    test_options();
    return failures > 0;
}
