// SPDX-License-Identifier: Apache-2.0
//
// Binary cross-entropy over large buffers, from C.
//
//     loss = -(t ln p + (1 - t) ln(1 - p)),   p a probability, or 1 / (1 + e^-x) for a logit x,   0 ln 0 = 0
//
// Losses are in nats. Results are bitwise identical for any number of threads.
//
//     float targets[] = {0, 1, 0, 0}, predictions[] = {0.1f, 0.95f, 0.2f, 0.6f};
//     ce_batch batch = ce_batch_of(CE_PROBABILITIES, CE_FLOAT32, predictions, CE_FLOAT32, targets, 4);
//     double loss;
//     if (ce_loss(NULL, &batch, &loss) != CE_OK) puts(ce_last_error()->message);
//
// Every function that can fail returns a ce_status, and stores what was wrong where ce_last_error() finds it. Its
// outputs then have no meaning, and objects (accumulators and so on) are unchanged. A call writes only to its outputs.
// A null pointer is an error (CE_INVALID_ARGUMENT) unless a comment says what it stands for.
//
// Memory. The library reads arrays where they lie and keeps no pointer after a call. An array must be aligned to the
// size of its elements. Outputs must not overlap inputs or each other, except where a function says that they may.
//
// Threads. Any function may be called from any number of threads. An object may be shared between threads; its calls
// then wait for each other. Using an object that has been destroyed, or destroying one that another thread uses, is
// undefined behavior. After a fork, the child may call everything. An allocation that fails ends the process.
//
// Structs that begin with a size may get more members in later versions: set size to sizeof the struct, as the
// initializers do, and programs that were compiled before keep their meaning.
#ifndef CROSS_ENTROPY_H
#define CROSS_ENTROPY_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define CE_VERSION_MAJOR 1
#define CE_VERSION_MINOR 0
#define CE_VERSION_PATCH 0

// The version of the library, such as "1.0.0".
const char *ce_version(void);

// ---- Errors ----------------------------------------------------------------------------------------------------------

typedef int32_t ce_status;
enum {
    CE_OK = 0,
    CE_COUNT_MISMATCH = 1,       // a number of elements, parameters or groups is not the one that is needed
    CE_OUTPUT_TOO_SHORT = 2,     // an output has too little room; nothing has been written
    CE_SHAPE_MISMATCH = 3,       // a matrix does not have the shape of the others
    CE_TOO_LARGE = 4,            // a size overflows
    CE_TOO_MANY_ELEMENTS = 5,    // an object cannot count that many more elements
    CE_OUT_OF_DOMAIN = 6,        // an element is outside its domain: index and value say which
    CE_INVALID_OPTION = 7,       // a number that is not allowed; value has it
    CE_NO_HESSIAN = 8,           // a Hessian of probabilities; there is one only of logits
    CE_NO_INSTRUCTION_SET = 9,   // CROSS_ENTROPY_ISA names one that this machine does not have
    CE_INVALID_ARGUMENT = 10,    // a null or misaligned pointer, or an unknown type or size of a struct
    CE_INVALID_STATE = 11,       // bytes that are not the state of such an object, or are damaged
    CE_NO_REPORT = 12            // a report of an accumulator that keeps none
};

typedef struct ce_error {
    ce_status status;
    char argument[60];   // the name of the argument or member of a struct; "logits" or "probabilities" for predictions
    int64_t index;       // of the element, in row-major order; -1 if the error is about no single element
    double value;        // the value that was refused; NaN if there is none
    char message[368];   // a sentence in English with all of this
} ce_error;

// The error of the last function that failed in the calling thread. The pointer is valid, and the same, as long as the
// thread lives. Functions that succeed leave it as it is; before the first error, its status is CE_OK.
const ce_error *ce_last_error(void);

// ---- Batches ---------------------------------------------------------------------------------------------------------

// How the elements of an array are stored.
typedef int32_t ce_type;
enum {
    CE_NONE = 0,      // there is no array
    CE_FLOAT32 = 1,
    CE_FLOAT64 = 2,
    CE_FLOAT16 = 3,   // IEEE half precision
    CE_BFLOAT16 = 4,
    CE_BIT = 5,       // one bit per element, the lowest bit of a byte first, as Arrow packs booleans
    CE_BOOL = 6,      // one byte, 0 or 1
    CE_UINT8 = 7,
    CE_INT8 = 8,
    CE_UINT16 = 9,
    CE_INT16 = 10,
    CE_UINT32 = 11,
    CE_INT32 = 12,
    CE_UINT64 = 13,
    CE_INT64 = 14
};

// An array. All zero: none.
typedef struct ce_array {
    const void *data;      // may be null only if the array has no elements
    ce_type type;
    int32_t bit_offset;    // CE_BIT: the number of bits before the first element, 0 or more; otherwise 0
} ce_array;

// What the predictions are.
typedef int32_t ce_prediction;
enum { CE_LOGITS = 1, CE_PROBABILITIES = 2 };

#define CE_REPEATED (-1)

// Predictions and their targets, with a shape, weights and a mask. Everything after `targets` may be zero. A batch may
// be empty: its count is 0. If its columns are not 0, it has no rows, and the arrays by column still have `columns`
// numbers.
//
// Elements are stored row by row. A stride is the number of elements from the start of one row to the start of the
// next: 0 stands for `columns`, so that rows are adjacent, and CE_REPEATED for a single row that all rows share.
//
// The types of predictions are CE_FLOAT32, CE_FLOAT64, CE_FLOAT16 and CE_BFLOAT16; those of targets, all of ce_type;
// those of weights, CE_FLOAT32 and CE_FLOAT64; those of a mask, CE_BOOL, CE_UINT8 (not 0 means true) and CE_BIT.
// Losses and derivatives are doubles if the predictions are CE_FLOAT64, otherwise floats.
typedef struct ce_batch {
    size_t size;                        // sizeof(ce_batch)
    ce_prediction kind;
    int32_t reserved;                   // 0
    int64_t count;                      // the number of elements, rows times columns
    int64_t columns;                    // a divisor of count; 0: one row
    ce_array predictions;
    ce_array targets;                   // in [0, 1]
    int64_t prediction_stride;
    int64_t target_stride;
    ce_array weights;                   // count numbers, which may be negative, as may be those of rows and columns
    ce_array row_weights;               // count / columns numbers
    ce_array column_weights;            // columns numbers
    ce_array positive_weights;          // count numbers that multiply the part of the loss with t (pos_weight)
    ce_array positive_column_weights;   // columns numbers
    ce_array mask;                      // count elements; those that are false do not count
} ce_batch;

#define CE_NO_ARRAY { 0, CE_NONE, 0 }
#define CE_BATCH_INIT \
    { sizeof(ce_batch), 0, 0, 0, 0, CE_NO_ARRAY, CE_NO_ARRAY, 0, 0, CE_NO_ARRAY, CE_NO_ARRAY, CE_NO_ARRAY, CE_NO_ARRAY, \
      CE_NO_ARRAY, CE_NO_ARRAY }

// A batch of one row, without weights and mask.
static inline ce_batch ce_batch_of(
    ce_prediction kind, ce_type prediction_type, const void *predictions, ce_type target_type, const void *targets,
    int64_t count) {
    ce_batch batch = CE_BATCH_INIT;
    batch.kind = kind;
    batch.count = count;
    batch.predictions.data = predictions;
    batch.predictions.type = prediction_type;
    batch.targets.data = targets;
    batch.targets.type = target_type;
    return batch;
}

// ---- Options ---------------------------------------------------------------------------------------------------------

enum { CE_MEAN = 0, CE_SUM = 1, CE_WEIGHTED_MEAN = 2 };   // the sum over: the elements that count; 1; their weights

// How probabilities that are certain and wrong are treated. Logits need no clipping, and it does not affect them.
enum {
    CE_UNCLIPPED = 0,
    CE_CLIPPED = 1,           // clamped to [c, 1 - c], 0 < c < 0.5 (Keras)
    CE_CLIPPED_TWICE = 2,     // c is also added to p and 1 - p inside the logarithms (Keras 2)
    CE_MACHINE_EPSILON = 3,   // clamped to [c, 1 - c] with c = 2^-23, or 2^-52 if they are CE_FLOAT64 (scikit-learn)
    CE_LOG_FLOOR = 4          // logarithms are at least c < 0 (PyTorch)
};

enum { CE_NEVER_MISSING = 0, CE_NAN_MISSING = 1, CE_VALUE_MISSING = 2 };

// The gradient with respect to a probability near 0 and 1. With A and B, the factors of -ln p and -ln(1 - p):
enum {
    CE_DERIVATIVE = 0,        // -A / p + B / (1 - p), and 0 where clipping holds the loss constant
    CE_BOUNDED_FACTORS = 1,   // -A / max(p, c) + B / max(1 - p, c)
    CE_BOUNDED_PRODUCT = 2    // (B p - A (1 - p)) / max(p (1 - p), c)
};

// With all options, and a weight w of each element:
//
//     y = t (1 - label_smoothing) + label_smoothing / 2
//     loss = -w (positive_weight y ln p + (1 - y) ln(1 - p)) (1 - p_t)^gamma alpha_t
//
// with p_t = y p + (1 - y) (1 - p) and alpha_t = y alpha + (1 - y) (1 - alpha). Clipping changes p in the logarithms, but
// not in p_t. Where a function takes options, null stands for CE_OPTIONS_INIT.
typedef struct ce_options {
    size_t size;                   // sizeof(ce_options)
    int32_t reduction;             // CE_MEAN, ...
    int32_t clipping;              // CE_UNCLIPPED, ...
    double clipping_value;         // c; has no effect if clipping has no c
    double label_smoothing;        // in [0, 1]
    double positive_weight;        // at least 0
    double focal_gamma;            // at least 0, which is no focal factor
    double focal_alpha;            // in [0, 1]; CE_NO_ALPHA for none
    int32_t missing_targets;       // CE_NEVER_MISSING, ...: elements with such targets do not count
    int32_t probability_gradient;  // CE_DERIVATIVE, ...
    double missing_value;          // outside [0, 1]
    double gradient_value;         // c, in (0, 1)
    int32_t unchecked;             // not 0: targets and probabilities outside [0, 1] are no errors, and the formula holds
    int32_t threads;               // at most this many; 0: as many as the cores and the work ask for
} ce_options;

#define CE_NO_ALPHA (-1.0)
#define CE_OPTIONS_INIT { sizeof(ce_options), CE_MEAN, CE_UNCLIPPED, 0, 0, 1, 0, CE_NO_ALPHA, 0, 0, 0, 0, 0, 0 }

// The options with which another program computes its loss.
enum {
    CE_EXACT = 0,          // CE_OPTIONS_INIT
    CE_KERAS = 1,          // clipped by 1e-7
    CE_KERAS_2 = 2,        // clipped twice by 1e-7
    CE_PYTORCH = 3,        // logarithms of at least -100
    CE_SCIKIT_LEARN = 4    // clipped by the machine epsilon, weighted mean
};

// Sets *options, whose size must have been set, to those of a program.
ce_status ce_options_of(int32_t program, ce_options *options);

// ---- Losses and derivatives ------------------------------------------------------------------------------------------

// ce_loss: the reduced loss of a batch.
//
//   options  null for the plain mean
//   batch    the predictions and targets
//   loss     is set to the loss in nats. Without elements that count, a mean is NaN and a sum 0.
//
// Errors: CE_OUT_OF_DOMAIN with the first element that counts and has a target outside [0, 1], or a probability outside
// [0, 1] that CE_CLIPPED, CE_CLIPPED_TWICE or CE_MACHINE_EPSILON does not move there (with a focal_gamma above 0, none
// does); CE_INVALID_OPTION, also for a count, columns or a stride; CE_TOO_LARGE for a stride; CE_INVALID_ARGUMENT;
// CE_NO_INSTRUCTION_SET. These are also the errors of all other functions that take a batch. A NaN is data: the result
// is NaN.
ce_status ce_loss(const ce_options *options, const ce_batch *batch, double *loss);

// ce_losses: the weighted loss of each element, which is 0 for those that do not count.
//
//   losses   room for `room` floats (doubles if the predictions are CE_FLOAT64), of which count are written
//
// Errors: as ce_loss, and CE_OUTPUT_TOO_SHORT before anything is written.
ce_status ce_losses(const ce_options *options, const ce_batch *batch, void *losses, int64_t room);

// ce_gradient: the gradient of the reduced loss with respect to the predictions and, if asked for, the diagonal of its
// Hessian and the loss, in one pass.
//
//   scale      multiplies the derivatives, not the loss; usually 1
//   gradient   room for `room` floats (doubles if the predictions are CE_FLOAT64), of which count are written, row by row
//              without gaps; 0 for elements that do not count
//   hessian    the same, or null; only of logits
//   loss       null, or where the loss is stored
//
// Errors: as ce_losses, and CE_NO_HESSIAN.
ce_status ce_gradient(
    const ce_options *options, const ce_batch *batch, double scale, void *gradient, void *hessian, int64_t room,
    double *loss);

// ce_row_losses, ce_column_losses: the reduced loss of each row, or of each column.
//
//   losses          room for `room` numbers of `type`, CE_FLOAT32 or CE_FLOAT64: one per row, or per column
//   gradient        null, or room for gradient_room floats or doubles as in ce_gradient: the gradient of each loss with
//                   respect to its own elements, rows times columns of them, times scale
//
// Without elements that count, a mean is NaN, a sum 0 and a gradient 0. Errors: as ce_losses.
ce_status ce_row_losses(
    const ce_options *options, const ce_batch *batch, ce_type type, void *losses, int64_t room, double scale,
    void *gradient, int64_t gradient_room);
ce_status ce_column_losses(
    const ce_options *options, const ce_batch *batch, ce_type type, void *losses, int64_t room, double scale,
    void *gradient, int64_t gradient_room);

// The loss with counts and its standard error.
typedef struct ce_report {
    size_t size;               // sizeof(ce_report)
    double loss;               // nats
    double standard_error;     // of the loss, nats, estimated from the spread of the losses; NaN below two elements
    double weight_sum;         // of the elements that count
    int64_t count;             // elements that count
    int64_t ignored_count;     // elements that do not: masked, or with a missing target
    int64_t clipped_count;     // elements whose loss clipping has changed
    int64_t saturated_count;   // predictions that are 0 or 1, or logits whose probability rounds to 0 or 1
} ce_report;

#define CE_REPORT_INIT { sizeof(ce_report), 0, 0, 0, 0, 0, 0, 0 }

// ce_loss_report: fills *report, whose size must have been set. Errors: as ce_loss.
ce_status ce_loss_report(const ce_options *options, const ce_batch *batch, ce_report *report);

// ce_probabilities: the probability 1 / (1 + e^-x) of each logit; ce_logits: the logit ln p - ln(1 - p) of each
// probability, NaN for numbers outside [0, 1].
//
//   type      of the inputs: CE_FLOAT32, CE_FLOAT64, CE_FLOAT16 or CE_BFLOAT16
//   results   room for `count` floats (doubles if the type is CE_FLOAT64); may be the array of inputs if they are
//             CE_FLOAT32 or CE_FLOAT64
//   threads   at most this many; 0: as many as the cores and the work ask for
//
// Errors: CE_INVALID_ARGUMENT, CE_INVALID_OPTION, CE_NO_INSTRUCTION_SET.
ce_status ce_probabilities(ce_type type, const void *logits, int64_t count, void *results, int32_t threads);
ce_status ce_logits(ce_type type, const void *probabilities, int64_t count, void *results, int32_t threads);

// ---- Accumulators ----------------------------------------------------------------------------------------------------

// Sums of losses over batches, shards or machines. Sums are exact until they are read, so that results have the same
// bits in whatever order batches are added and accumulators merged.
typedef struct ce_accumulator ce_accumulator;

typedef struct ce_totals {
    size_t size;            // sizeof(ce_totals)
    int64_t count;          // elements that count
    double sum;             // of the weighted losses, nats
    double weight_sum;      // of the weights; the count if there are no weights
    double mean;            // sum / count; NaN without elements
    double weighted_mean;   // sum / weight_sum
} ce_totals;

#define CE_TOTALS_INIT { sizeof(ce_totals), 0, 0, 0, 0, 0 }

// A serialized accumulator has at most this many bytes.
#define CE_ACCUMULATOR_STATE_SIZE 2048

// keeps_report: not 0 if ce_accumulator_report will be called; adding then takes about five times as long.
ce_status ce_accumulator_create(int32_t keeps_report, ce_accumulator **accumulator);
// Does nothing if the pointer is null.
void ce_accumulator_destroy(ce_accumulator *accumulator);
// Adds the losses of a batch; the reduction has no effect. Errors: as ce_loss, and CE_TOO_MANY_ELEMENTS.
ce_status ce_accumulator_add(ce_accumulator *accumulator, const ce_options *options, const ce_batch *batch);
// Adds what another accumulator, which may be the same, has added up. Errors: CE_TOO_MANY_ELEMENTS.
ce_status ce_accumulator_merge(ce_accumulator *accumulator, const ce_accumulator *other);
ce_status ce_accumulator_totals(const ce_accumulator *accumulator, ce_totals *totals);
// The report of everything that was added, for a reduction. Errors: CE_NO_REPORT, CE_INVALID_OPTION.
ce_status ce_accumulator_report(const ce_accumulator *accumulator, int32_t reduction, ce_report *report);
// Writes the state into `state`, which has room for `room` bytes, and stores its size. With a null `state`, only the size
// is stored. Errors: CE_OUTPUT_TOO_SHORT, after the size has been stored.
ce_status ce_accumulator_serialize(const ce_accumulator *accumulator, void *state, int64_t room, int64_t *size);
// Creates an accumulator from the `size` bytes that ce_accumulator_serialize wrote, on any machine; further bytes of 0
// may follow them. Errors: CE_INVALID_STATE.
ce_status ce_accumulator_deserialize(const void *state, int64_t size, ce_accumulator **accumulator);

// ---- Losses by group -------------------------------------------------------------------------------------------------

// Sums of losses for each of many groups, numbered from 0.
typedef struct ce_groups ce_groups;

typedef struct ce_group_loss {
    int64_t count;                // elements that count
    double target_sum;            // the number of positives if targets are 0 or 1
    double weight_sum;
    double sum;                   // of the weighted losses, nats
    double mean;                  // sum / count
    double mean_error;            // its standard error; NaN below two elements
    double weighted_mean;         // sum / weight_sum
    double weighted_mean_error;   // its standard error
} ce_group_loss;

// group_count: 0 to 2^31. A group takes 128 bytes, or 320 once a batch with weights has been added.
ce_status ce_groups_create(int64_t group_count, ce_groups **groups);
// Does nothing if the pointer is null.
void ce_groups_destroy(ce_groups *groups);
// Adds empty groups until there are group_count of them; none are removed.
ce_status ce_groups_extend(ce_groups *groups, int64_t group_count);
// Adds a batch. `numbers` has the group of each row, or of each element if the batch has one row (number_count of them);
// its type is CE_UINT8, CE_UINT16, CE_UINT32, CE_INT32 or CE_INT64. Errors: as ce_loss, and CE_OUT_OF_DOMAIN for a number
// that is not that of a group, CE_COUNT_MISMATCH for number_count, CE_TOO_MANY_ELEMENTS.
ce_status ce_groups_add(
    ce_groups *groups, const ce_options *options, const ce_batch *batch, ce_type number_type, const void *numbers,
    int64_t number_count);
// Adds group i of `other` to group i, after adding empty groups if `other` has more. If `numbers` is not null, adds it to
// group numbers[i] instead: there is a number for each group of `other`, which may be the same object. Errors:
// CE_COUNT_MISMATCH for number_count, CE_OUT_OF_DOMAIN for a number that is not that of a group, CE_TOO_MANY_ELEMENTS.
ce_status ce_groups_merge(ce_groups *groups, const ce_groups *other, const int64_t *numbers, int64_t number_count);
// The number of groups, and of the elements that count in all of them; either may be null.
ce_status ce_groups_count(const ce_groups *groups, int64_t *group_count, int64_t *element_count);
// Fills `losses` with `count` groups from `first` on; loss_size is sizeof(ce_group_loss). Errors: CE_COUNT_MISMATCH if
// there are fewer groups, CE_INVALID_OPTION for a negative number.
ce_status ce_groups_losses(
    const ce_groups *groups, int64_t first, int64_t count, size_t loss_size, ce_group_loss *losses);
// As for accumulators; the size is about 100 bytes per group that is not empty.
ce_status ce_groups_serialize(const ce_groups *groups, void *state, int64_t room, int64_t *size);
ce_status ce_groups_deserialize(const void *state, int64_t size, ce_groups **groups);

// ---- Evaluation ------------------------------------------------------------------------------------------------------

// How well predictions fit their targets: log loss, calibration and discrimination. 1.8 MB of memory.
typedef struct ce_evaluation ce_evaluation;

typedef struct ce_measures {
    size_t size;                        // sizeof(ce_measures)
    int64_t count;                      // elements that count
    double weight_sum;
    double log_loss;                    // the weighted mean of the losses, nats
    double standard_error;              // of the log loss
    double base_rate;                   // the weighted mean of the targets
    double mean_prediction;             // the weighted mean of the probabilities
    double calibration_ratio;           // mean_prediction / base_rate
    double normalized_entropy;          // log_loss / the entropy of the base rate
    double brier_score;                 // the weighted mean of (p - t)^2
    double expected_calibration_error;  // over the bins of equal width
    double area_under_roc;              // from a histogram of logits
    double area_under_roc_error;        // the exact area is within this distance
} ce_measures;

#define CE_MEASURES_INIT { sizeof(ce_measures), 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0 }

typedef struct ce_bin {
    double lower, upper;      // borders: probabilities or logits
    int64_t count;            // elements
    double weight_sum;
    double mean_prediction;   // a probability
    double mean_target;
    double mean_target_lower, mean_target_upper;   // the 95 % interval of mean_target (Wilson 1927)
} ce_bin;

// bin_count: the number of bins of equal width in probability, 1 to 1,000; usually 10.
ce_status ce_evaluation_create(int64_t bin_count, ce_evaluation **evaluation);
// Does nothing if the pointer is null.
void ce_evaluation_destroy(ce_evaluation *evaluation);
// Adds a batch, which should have at least ten thousand elements: a call has a fixed cost of about 50 microseconds.
ce_status ce_evaluation_add(ce_evaluation *evaluation, const ce_options *options, const ce_batch *batch);
// Errors: CE_INVALID_OPTION if the numbers of bins differ, CE_TOO_MANY_ELEMENTS.
ce_status ce_evaluation_merge(ce_evaluation *evaluation, const ce_evaluation *other);
ce_status ce_evaluation_measures(const ce_evaluation *evaluation, ce_measures *measures);
// The bins that are not empty, in ascending order: by_log_odds 0 for those of equal width in probability, otherwise those
// of width 1 in log-odds. Stores how many there are in *count and, unless `bins` is null, fills it; it has room for
// `room` bins, and bin_size is sizeof(ce_bin). Errors: CE_OUTPUT_TOO_SHORT, after the number has been stored.
ce_status ce_evaluation_bins(
    const ce_evaluation *evaluation, int32_t by_log_odds, size_t bin_size, ce_bin *bins, int64_t room, int64_t *count);
// As for accumulators; the size is at most 2 MB.
ce_status ce_evaluation_serialize(const ce_evaluation *evaluation, void *state, int64_t room, int64_t *size);
ce_status ce_evaluation_deserialize(const void *state, int64_t size, ce_evaluation **evaluation);

#ifdef __cplusplus
}
#endif

#endif
