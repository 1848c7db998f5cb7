// SPDX-License-Identifier: Apache-2.0
// A refused argument has the name that the header gives it, and is refused before memory is read or allocated for it.

#include "expect.h"

// No program can read at this address, and it is not a multiple of any alignment but 1.
#define MISALIGNED ((void *)(uintptr_t)3)

static float x[4] = {-1, 0, 1, 2}, t[4] = {0, 1, 0, 1};

static ce_batch valid_batch(void) { return ce_batch_of(CE_LOGITS, CE_FLOAT32, x, CE_FLOAT32, t, 4); }

static void test_structs_misaligned_areNotRead(void) {
    ce_batch batch = valid_batch();
    double loss;
    EXPECT_STATUS(ce_loss(NULL, MISALIGNED, &loss), CE_INVALID_ARGUMENT);
    expect_error("batch", "aligned");
    EXPECT_STATUS(ce_loss(MISALIGNED, &batch, &loss), CE_INVALID_ARGUMENT);
    expect_error("options", "aligned");
    EXPECT_STATUS(ce_loss(NULL, &batch, MISALIGNED), CE_INVALID_ARGUMENT);
    expect_error("loss", "aligned");
    EXPECT_STATUS(ce_loss_report(NULL, &batch, MISALIGNED), CE_INVALID_ARGUMENT);
    expect_error("report", "aligned");
}

static void test_groups_count_misaligned_isNotWritten(void) {
    ce_groups *groups = NULL;
    EXPECT_OK(ce_groups_create(5, &groups));
    int64_t count = -1;
    EXPECT_STATUS(ce_groups_count(groups, &count, MISALIGNED), CE_INVALID_ARGUMENT);
    expect_error("element_count", "aligned");
    EXPECT_STATUS(ce_groups_count(groups, MISALIGNED, &count), CE_INVALID_ARGUMENT);
    expect_error("group_count", "aligned");
    EXPECT(count == -1);
    ce_groups_destroy(groups);
}

static void test_groups_merge_wrongNumberCount_allocatesNothing(void) {
    ce_groups *groups = NULL, *other = NULL;
    EXPECT_OK(ce_groups_create(5, &groups));
    EXPECT_OK(ce_groups_create(2, &other));
    const int64_t numbers[2] = {4, 0}, counts[] = {1, 3, INT64_C(1) << 40, INT64_C(1) << 56};
    for (size_t i = 0; i < sizeof counts / sizeof *counts; i++) {
        EXPECT_STATUS(ce_groups_merge(groups, other, numbers, counts[i]), CE_COUNT_MISMATCH);
        expect_error("numbers", "expected 2");
    }
    EXPECT_STATUS(ce_groups_merge(groups, other, numbers, INT64_MIN), CE_INVALID_OPTION);
    expect_error("number_count", "expected");
    EXPECT_OK(ce_groups_merge(groups, other, numbers, 2));
    ce_groups_destroy(groups), ce_groups_destroy(other);
}

static void test_options_refusedValues_haveTheNamesOfMembers(void) {
    ce_batch batch = ce_batch_of(CE_PROBABILITIES, CE_FLOAT32, t, CE_FLOAT32, t, 4);
    const int32_t clippings[] = {CE_CLIPPED, CE_CLIPPED_TWICE, CE_LOG_FLOOR};
    double loss;
    for (int i = 0; i < 3; i++) {
        ce_options options = CE_OPTIONS_INIT;
        options.clipping = clippings[i];
        options.clipping_value = 2;
        EXPECT_STATUS(ce_loss(&options, &batch, &loss), CE_INVALID_OPTION);
        expect_error("clipping_value", "clipping_value is 2");
    }
    ce_options options = CE_OPTIONS_INIT;
    options.probability_gradient = CE_BOUNDED_FACTORS;
    options.gradient_value = -3;
    EXPECT_STATUS(ce_loss(&options, &batch, &loss), CE_INVALID_OPTION);
    expect_error("gradient_value", "gradient_value is -3");
}

static void test_rowAndColumnLosses_shortOutputs_haveTheNameOfTheArgument(void) {
    ce_batch batch = valid_batch();
    batch.columns = 2;
    double losses[2];
    EXPECT_STATUS(ce_row_losses(NULL, &batch, CE_FLOAT64, losses, 1, 1, NULL, 0), CE_OUTPUT_TOO_SHORT);
    expect_error("losses", "losses has room for 1");
    EXPECT_STATUS(ce_column_losses(NULL, &batch, CE_FLOAT64, losses, 0, 1, NULL, 0), CE_OUTPUT_TOO_SHORT);
    expect_error("losses", "losses has room for 0");
}

static void test_deserialize_noState_namesTheArgument(void) {
    const unsigned char bytes[40] = "no state";
    ce_accumulator *accumulator = NULL;
    ce_evaluation *evaluation = NULL;
    ce_groups *groups = NULL;
    EXPECT_STATUS(ce_accumulator_deserialize(bytes, 40, &accumulator), CE_INVALID_STATE);
    expect_error("state", "state is no valid state");
    EXPECT_STATUS(ce_evaluation_deserialize(bytes, 8, &evaluation), CE_INVALID_STATE);
    expect_error("state", "8 bytes");
    EXPECT_STATUS(ce_groups_deserialize(bytes, 0, &groups), CE_INVALID_STATE);
    expect_error("state", "0 bytes");
    EXPECT(!accumulator && !evaluation && !groups);
}

int main(void) {
    test_structs_misaligned_areNotRead();
    test_groups_count_misaligned_isNotWritten();
    test_groups_merge_wrongNumberCount_allocatesNothing();
    test_options_refusedValues_haveTheNamesOfMembers();
    test_rowAndColumnLosses_shortOutputs_haveTheNameOfTheArgument();
    test_deserialize_noState_namesTheArgument();
    return failures > 0;
}
