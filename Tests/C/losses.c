// SPDX-License-Identifier: Apache-2.0
// Losses and derivatives of random batches with a shape, strides, all weights, a mask of bits, and options, compared
// with an independent implementation of the formula in long double.

#include "expect.h"

enum { ROWS = 7, COLUMNS = 13, COUNT = ROWS * COLUMNS, STRIDE = 17 };

typedef struct problem {
    float predictions[ROWS * STRIDE];
    double targets[COUNT];
    double weights[COUNT], row_weights[ROWS], column_weights[COLUMNS];
    float positive_weights[COUNT], positive_column_weights[COLUMNS];
    uint8_t mask[COUNT / 8 + 2];
    int mask_offset;
} problem;

typedef struct result {
    long double loss, gradient, hessian, weight;
    int counts;
} result;

static problem make_problem(uint64_t seed, ce_prediction kind) {
    problem p;
    memset(&p, 0, sizeof p);
    for (int i = 0; i < ROWS * STRIDE; i++)
        p.predictions[i] = (float)(kind == CE_LOGITS ? 16 * next_number(&seed) - 8 : 0.001 + 0.998 * next_number(&seed));
    for (int i = 0; i < COUNT; i++) {
        double u = next_number(&seed);
        p.targets[i] = u < 0.3 ? 0 : u < 0.6 ? 1 : next_number(&seed);
        p.weights[i] = 0.5 + 2 * next_number(&seed);
        p.positive_weights[i] = (float)(0.5 + next_number(&seed));
    }
    for (int i = 0; i < ROWS; i++) p.row_weights[i] = 0.5 + next_number(&seed);
    for (int i = 0; i < COLUMNS; i++) {
        p.column_weights[i] = 0.5 + next_number(&seed);
        p.positive_column_weights[i] = (float)(0.5 + next_number(&seed));
    }
    for (size_t i = 0; i < sizeof p.mask; i++) p.mask[i] = (uint8_t)next_bits(&seed);
    p.mask_offset = (int)(next_bits(&seed) % 8);
    return p;
}

static ce_batch make_batch(const problem *p, ce_prediction kind) {
    ce_batch batch = ce_batch_of(kind, CE_FLOAT32, p->predictions, CE_FLOAT64, p->targets, COUNT);
    batch.columns = COLUMNS;
    batch.prediction_stride = STRIDE;
    batch.weights = (ce_array){p->weights, CE_FLOAT64, 0};
    batch.row_weights = (ce_array){p->row_weights, CE_FLOAT64, 0};
    batch.column_weights = (ce_array){p->column_weights, CE_FLOAT64, 0};
    batch.positive_weights = (ce_array){p->positive_weights, CE_FLOAT32, 0};
    batch.positive_column_weights = (ce_array){p->positive_column_weights, CE_FLOAT32, 0};
    batch.mask = (ce_array){p->mask, CE_BIT, p->mask_offset};
    return batch;
}

// The loss of one element and its derivatives with respect to the logit, or to the probability.
static result element(const problem *p, ce_prediction kind, const ce_options *o, int row, int column) {
    int i = row * COLUMNS + column, bit = i + p->mask_offset;
    result r = {0, 0, 0, 0, p->mask[bit / 8] >> bit % 8 & 1};
    if (!r.counts) return r;
    long double x = p->predictions[row * STRIDE + column], s = o->label_smoothing;
    long double y = (long double)p->targets[i] * (1 - s) + s / 2;
    r.weight = (long double)p->weights[i] * p->row_weights[row] * p->column_weights[column];
    long double a = r.weight * p->positive_weights[i] * p->positive_column_weights[column] * o->positive_weight * y;
    long double b = r.weight * (1 - y);
    if (kind == CE_PROBABILITIES) {
        r.loss = -(a * logl(x) + b * log1pl(-x));
        r.gradient = -a / x + b / (1 - x);
        return r;
    }
    long double up = 1 / (1 + expl(-x)), down = 1 / (1 + expl(x));
    r.loss = a * log1pl(expl(-x)) + b * log1pl(expl(x));
    r.gradient = b * up - a * down;
    r.hessian = (a + b) * up * down;
    return r;
}

static long double divisor(const ce_options *o, long double count, long double weight) {
    return o->reduction == CE_SUM ? 1 : o->reduction == CE_MEAN ? count : weight;
}

// Errors of Float kernels are below 1e-6 of the terms that are added. The terms of a gradient may cancel.
static void expect_element(double value, long double expected, long double parts) {
    EXPECT(fabsl(value - expected) <= 1e-6L * (fabsl(expected) + parts));
}

static void test_losses_and_derivatives(uint64_t seed, ce_prediction kind, int32_t reduction) {
    problem p = make_problem(seed, kind);
    ce_batch batch = make_batch(&p, kind);
    ce_options options = CE_OPTIONS_INIT;
    options.reduction = reduction;
    options.label_smoothing = 0.1;
    options.positive_weight = 1.75;

    static result e[ROWS][COLUMNS];
    long double sum = 0, count = 0, weight = 0;
    for (int i = 0; i < COUNT; i++) {
        result r = e[i / COLUMNS][i % COLUMNS] = element(&p, kind, &options, i / COLUMNS, i % COLUMNS);
        sum += r.loss;
        count += r.counts;
        weight += r.weight;
    }
    long double d = divisor(&options, count, weight);

    double loss = -1, with_gradient = -1;
    float losses[COUNT], gradient[COUNT], hessian[COUNT];
    EXPECT_OK(ce_loss(&options, &batch, &loss));
    EXPECT_NEAR(loss, (double)(sum / d), 1e-6);
    EXPECT_OK(ce_losses(&options, &batch, losses, COUNT));
    EXPECT_OK(ce_gradient(
        &options, &batch, 2, gradient, kind == CE_LOGITS ? hessian : NULL, COUNT, &with_gradient));
    EXPECT_NEAR(with_gradient, (double)(sum / d), 1e-6);
    for (int i = 0; i < COUNT; i++) {
        result r = e[i / COLUMNS][i % COLUMNS];
        expect_element(losses[i], r.loss, 0);
        expect_element(gradient[i], 2 * r.gradient / d, 2 * r.weight / d);
        if (kind == CE_LOGITS) expect_element(hessian[i], 2 * r.hessian / d, 0);
    }

    double rows[ROWS];
    float columns[COLUMNS], partial[COUNT];
    EXPECT_OK(ce_row_losses(&options, &batch, CE_FLOAT64, rows, ROWS, 1, partial, COUNT));
    for (int row = 0; row < ROWS; row++) {
        long double row_sum = 0, row_count = 0, row_weight = 0;
        for (int column = 0; column < COLUMNS; column++) {
            row_sum += e[row][column].loss;
            row_count += e[row][column].counts;
            row_weight += e[row][column].weight;
        }
        long double row_divisor = divisor(&options, row_count, row_weight);
        EXPECT_NEAR(rows[row], (double)(row_sum / row_divisor), 1e-6);
        for (int column = 0; column < COLUMNS; column++) {
            result r = e[row][column];
            expect_element(partial[row * COLUMNS + column], r.gradient / row_divisor, r.weight / row_divisor);
        }
    }
    EXPECT_OK(ce_column_losses(&options, &batch, CE_FLOAT32, columns, COLUMNS, 1, NULL, 0));
    for (int column = 0; column < COLUMNS; column++) {
        long double column_sum = 0, column_count = 0, column_weight = 0;
        for (int row = 0; row < ROWS; row++) {
            column_sum += e[row][column].loss;
            column_count += e[row][column].counts;
            column_weight += e[row][column].weight;
        }
        EXPECT_NEAR(columns[column], (double)(column_sum / divisor(&options, column_count, column_weight)), 1e-6);
    }
}

// Targets of every type give the same loss as the same numbers in doubles. In a signed type, -1 is not read as 255.
static void test_target_types(void) {
    double x[5] = {-1, 2, 0.5, 3, -4}, t[5] = {0, 1, 1, 0, 1}, expected, loss;
    int8_t i8[5];
    uint8_t u8[5], boolean[5], bits = 0;
    int16_t i16[5];
    uint16_t u16[5], half[5], brain[5];
    int32_t i32[5];
    uint32_t u32[5];
    int64_t i64[5];
    uint64_t u64[5];
    float f32[5];
    for (int i = 0; i < 5; i++) {
        i8[i] = (int8_t)t[i], u8[i] = boolean[i] = (uint8_t)t[i], i16[i] = (int16_t)t[i], u16[i] = (uint16_t)t[i];
        i32[i] = (int32_t)t[i], u32[i] = (uint32_t)t[i], i64[i] = (int64_t)t[i], u64[i] = (uint64_t)t[i];
        f32[i] = (float)t[i], half[i] = t[i] != 0 ? 0x3c00 : 0, brain[i] = t[i] != 0 ? 0x3f80 : 0;
        bits |= (uint8_t)(u8[i] << (i + 2));
    }
    ce_batch batch = ce_batch_of(CE_LOGITS, CE_FLOAT64, x, CE_FLOAT64, t, 5);
    EXPECT_OK(ce_loss(NULL, &batch, &expected));
    EXPECT_NEAR(expected,
                (log1p(exp(-1)) + log1p(exp(-2)) + log1p(exp(-0.5)) + log1p(exp(3)) + log1p(exp(4))) / 5, 1e-14);
    struct { ce_type type; const void *data; } targets[] = {
        {CE_FLOAT32, f32}, {CE_FLOAT16, half}, {CE_BFLOAT16, brain}, {CE_BOOL, boolean}, {CE_UINT8, u8}, {CE_INT8, i8},
        {CE_UINT16, u16}, {CE_INT16, i16}, {CE_UINT32, u32}, {CE_INT32, i32}, {CE_UINT64, u64}, {CE_INT64, i64}};
    for (size_t i = 0; i < sizeof targets / sizeof *targets; i++) {
        batch.targets = (ce_array){targets[i].data, targets[i].type, 0};
        EXPECT_OK(ce_loss(NULL, &batch, &loss));
        EXPECT(loss == expected);
    }
    batch.targets = (ce_array){&bits, CE_BIT, 2};
    EXPECT_OK(ce_loss(NULL, &batch, &loss));
    EXPECT(loss == expected);

    i8[3] = -1, i16[3] = -2, i32[3] = -3, i64[3] = -4;
    for (int i = 0; i < 4; i++) {
        const void *data[] = {i8, i16, i32, i64};
        const ce_type types[] = {CE_INT8, CE_INT16, CE_INT32, CE_INT64};
        batch.targets = (ce_array){data[i], types[i], 0};
        EXPECT_STATUS(ce_loss(NULL, &batch, &loss), CE_OUT_OF_DOMAIN);
        EXPECT(ce_last_error()->index == 3 && ce_last_error()->value == -1 - i);
    }
}

static void test_repeated_row(void) {
    float x[4] = {1, 2, 3, 4}, loss_of_pair[2];
    uint8_t t[2] = {1, 0};
    ce_batch batch = ce_batch_of(CE_LOGITS, CE_FLOAT32, x, CE_UINT8, t, 4);
    batch.columns = 2;
    batch.target_stride = CE_REPEATED;
    EXPECT_OK(ce_row_losses(NULL, &batch, CE_FLOAT32, loss_of_pair, 2, 1, NULL, 0));
    EXPECT_NEAR(loss_of_pair[0], (log1p(exp(-1)) + log1p(exp(2))) / 2, 1e-6);
    EXPECT_NEAR(loss_of_pair[1], (log1p(exp(-3)) + log1p(exp(4))) / 2, 1e-6);
}

// Infinite losses of both signs add up to NaN, but not in a row with weight 0, in which every loss is 0.
static void test_row_with_weight_0(void) {
    float p[6] = {1, 1, 0.5f, 0.5f, 0.5f, 0.5f}, t[6] = {0, 0, 1, 1, 1, 1}, w[6] = {1, -1, 2, 1, 1, 1};
    float row_weights[2] = {0, 2}, losses[6];
    double rows[2], loss;
    ce_batch batch = ce_batch_of(CE_PROBABILITIES, CE_FLOAT32, p, CE_FLOAT32, t, 6);
    batch.columns = 3;
    batch.weights = (ce_array){w, CE_FLOAT32, 0};
    batch.row_weights = (ce_array){row_weights, CE_FLOAT32, 0};
    for (int32_t reduction = CE_MEAN; reduction <= CE_SUM; reduction++) {
        ce_options options = CE_OPTIONS_INIT;
        options.reduction = reduction;
        EXPECT_OK(ce_losses(&options, &batch, losses, 6));
        EXPECT(losses[0] == 0 && losses[1] == 0 && losses[2] == 0);
        EXPECT_OK(ce_row_losses(&options, &batch, CE_FLOAT64, rows, 2, 1, NULL, 0));
        EXPECT(rows[0] == 0);
        EXPECT_NEAR(rows[1], (reduction == CE_SUM ? 6 : 2) * log(2), 1e-6);
        EXPECT_OK(ce_loss(&options, &batch, &loss));
        EXPECT_NEAR(loss, (reduction == CE_SUM ? 6 : 1) * log(2), 1e-6);
    }
    row_weights[0] = 1;
    EXPECT_OK(ce_row_losses(NULL, &batch, CE_FLOAT64, rows, 2, 1, NULL, 0));
    EXPECT(isnan(rows[0]));
}

static void test_conversions(void) {
    double x[3] = {-700, 0.25, 40}, p[3], back[3];
    EXPECT_OK(ce_probabilities(CE_FLOAT64, x, 3, p, 0));
    for (int i = 0; i < 3; i++) EXPECT_NEAR(p[i], (double)(1 / (1 + expl(-x[i]))), 1e-15);
    EXPECT_OK(ce_logits(CE_FLOAT64, p, 2, back, 1));
    for (int i = 0; i < 2; i++) EXPECT_NEAR(back[i], x[i], 1e-14);
    EXPECT_OK(ce_probabilities(CE_FLOAT64, x, 3, x, 0));
    EXPECT(memcmp(x, p, sizeof x) == 0);
}

int main(void) {
    for (uint64_t seed = 1; seed <= 20; seed++)
        for (ce_prediction kind = CE_LOGITS; kind <= CE_PROBABILITIES; kind++)
            for (int32_t reduction = CE_MEAN; reduction <= CE_WEIGHTED_MEAN; reduction++) {
                int before = failures;
                test_losses_and_derivatives(seed, kind, reduction);
                if (failures > before)
                    printf("seed %d, kind %d, reduction %d\n", (int)seed, (int)kind, (int)reduction);
            }
    test_target_types();
    test_repeated_row();
    test_row_with_weight_0();
    test_conversions();
    return failures > 0;
}
