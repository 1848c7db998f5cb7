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
// Every function that can fail returns a ce_status. After a failure, ce_last_error() describes what was wrong, the
// outputs of the call have no meaning, and objects (accumulators and so on) are unchanged. A call writes only to its
// outputs. A null pointer is an error (CE_INVALID_ARGUMENT) unless a comment says what it means.
//
// Memory. The library reads arrays in place and does not keep pointers to them after a call returns. An array must be
// aligned to the size of its elements. Outputs must not overlap inputs or each other, except where a function says that
// they may. If the library cannot allocate memory, it terminates the process.
//
// Threads. Any function may be called from any number of threads at once. Threads may share an object: calls that use
// it run one after another. Using an object that has been destroyed, or destroying one that another thread is using, is
// undefined behavior. The child of a fork may call every function, but must not use an object that another thread was
// using at the moment of the fork. Once loaded, the library stays in memory, because its threads continue after a dlclose.
//
// Versions. Structs that begin with a size may gain members in later versions. Set `size` to sizeof the struct, as the
// initializers do, so that later versions of the library accept the structs of programs that are already compiled.
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
    CE_OUTPUT_TOO_SHORT = 2,     // an output has too little room; nothing has been written to it
    CE_SHAPE_MISMATCH = 3,       // a matrix does not have the shape of the others
    CE_TOO_LARGE = 4,            // a size or an offset is too large to be computed with
    CE_TOO_MANY_ELEMENTS = 5,    // with these, an object would have more elements than it can count
    CE_OUT_OF_DOMAIN = 6,        // an element is outside its domain; see `index` and `value`
    CE_INVALID_OPTION = 7,       // an option or a number that is not allowed; see `value`
    CE_NO_HESSIAN = 8,           // the Hessian is available for logits, but not for probabilities
    CE_NO_INSTRUCTION_SET = 9,   // CROSS_ENTROPY_ISA names one that is not available here
    CE_INVALID_ARGUMENT = 10,    // a null or misaligned pointer, or an unknown type or size of a struct
    CE_INVALID_STATE = 11,       // the bytes are not a valid serialized state of this kind of object
    CE_NO_REPORT = 12            // the accumulator keeps no report
};

typedef struct ce_error {
    ce_status status;
    char argument[60];   // the name of the argument or member of a struct; "logits" or "probabilities" for predictions
    int64_t index;       // of the element, in row-major order; -1 if the error does not concern one element
    double value;        // the value that was rejected; NaN if there is none
    char message[368];   // an English sentence that contains all of this
} ce_error;

// The error of the last function that failed in the calling thread. Every call in a thread returns the same pointer,
// which is valid until the thread ends. A function that succeeds does not change the error. Before the first error, its
// status is CE_OK.
const ce_error *ce_last_error(void);

// ---- Batches ---------------------------------------------------------------------------------------------------------

// How the elements of an array are stored.
typedef int32_t ce_type;
enum {
    CE_NONE = 0,      // no array
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

// An array. If all members are zero, there is no array.
typedef struct ce_array {
    const void *data;      // may be null only if the array has no elements
    ce_type type;
    int32_t bit_offset;    // CE_BIT: the number of bits before the first element, 0 or more; otherwise 0
} ce_array;

// What the predictions are.
typedef int32_t ce_prediction;
enum { CE_LOGITS = 1, CE_PROBABILITIES = 2 };

#define CE_REPEATED (-1)

// Predictions and their targets, with a shape, weights and a mask. All members after `targets` are optional and may be
// zero. A batch may be empty: its count is then 0. If its columns are not 0, it has no rows, and the arrays by column
// still have `columns` numbers.
//
// Elements are stored row by row. A stride is the number of elements from the start of one row to the start of the
// next. A stride of 0 means `columns`: the rows are adjacent. CE_REPEATED means that one row in memory serves as every
// row.
//
// Predictions may have the types CE_FLOAT32, CE_FLOAT64, CE_FLOAT16 and CE_BFLOAT16. Targets may have any type except
// CE_NONE. Weights may be CE_FLOAT32 or CE_FLOAT64, and a mask CE_BOOL, CE_UINT8 (any value except 0 is true) or
// CE_BIT. Losses and derivatives are doubles if the predictions are CE_FLOAT64, otherwise floats.
typedef struct ce_batch {
    size_t size;                        // sizeof(ce_batch)
    ce_prediction kind;
    int32_t reserved;                   // 0
    int64_t count;                      // the number of elements, rows times columns
    int64_t columns;                    // a divisor of count; 0 means that there is one row
    ce_array predictions;
    ce_array targets;                   // in [0, 1]
    int64_t prediction_stride;
    int64_t target_stride;
    ce_array weights;                   // count numbers; like those of rows and columns, they may be negative
    ce_array row_weights;               // count / columns numbers
    ce_array column_weights;            // columns numbers
    ce_array positive_weights;          // count numbers, the factors of the term with ln p (pos_weight)
    ce_array positive_column_weights;   // columns numbers
    ce_array mask;                      // count elements; where it is false, an element does not count
} ce_batch;

#define CE_NO_ARRAY { 0, CE_NONE, 0 }
#define CE_BATCH_INIT \
    { sizeof(ce_batch), 0, 0, 0, 0, CE_NO_ARRAY, CE_NO_ARRAY, 0, 0, CE_NO_ARRAY, CE_NO_ARRAY, CE_NO_ARRAY, CE_NO_ARRAY, \
      CE_NO_ARRAY, CE_NO_ARRAY }

// A batch of one row, without weights or a mask.
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

// The sum of the weighted losses is divided by the number of elements that count, by 1, or by the sum of their weights.
enum { CE_MEAN = 0, CE_SUM = 1, CE_WEIGHTED_MEAN = 2 };

// How predictions of exactly 0 or 1 that are wrong are treated. The constant c is `clipping_value`. Logits need no
// clipping, and it does not affect them.
enum {
    CE_UNCLIPPED = 0,
    CE_CLIPPED = 1,           // clamped to [c, 1 - c], 0 < c < 0.5 (Keras)
    CE_CLIPPED_TWICE = 2,     // c is also added to p and 1 - p inside the logarithms (Keras 2)
    CE_MACHINE_EPSILON = 3,   // clamped to [c, 1 - c] with c = 2^-23, or 2^-52 if they are CE_FLOAT64 (scikit-learn)
    CE_LOG_FLOOR = 4          // logarithms are at least c < 0 (PyTorch)
};

enum { CE_NEVER_MISSING = 0, CE_NAN_MISSING = 1, CE_VALUE_MISSING = 2 };

// How the gradient with respect to a probability p is computed near 0 and 1. A and B are the factors of -ln p and
// -ln(1 - p) in the loss, and c is `gradient_value`.
enum {
    CE_DERIVATIVE = 0,        // -A / p + B / (1 - p), and 0 where clipping holds the loss constant
    CE_BOUNDED_FACTORS = 1,   // -A / max(p, c) + B / max(1 - p, c)
    CE_BOUNDED_PRODUCT = 2    // (B p - A (1 - p)) / max(p (1 - p), c)
};

// The loss of an element of weight w, with all options:
//
//     y = t (1 - label_smoothing) + label_smoothing / 2
//     loss = -w (positive_weight y ln p + (1 - y) ln(1 - p)) (1 - p_t)^gamma alpha_t
//
// with p_t = y p + (1 - y) (1 - p) and alpha_t = y alpha + (1 - y) (1 - alpha). Clipping changes p in the logarithms, but
// not in p_t. Wherever a function takes options, a null pointer means CE_OPTIONS_INIT.
typedef struct ce_options {
    size_t size;                   // sizeof(ce_options)
    int32_t reduction;             // CE_MEAN, ...
    int32_t clipping;              // CE_UNCLIPPED, ...
    double clipping_value;         // c; has no effect if clipping has no c
    double label_smoothing;        // in [0, 1]
    double positive_weight;        // at least 0
    double focal_gamma;            // at least 0; 0 for no factor (1 - p_t)^gamma
    double focal_alpha;            // in [0, 1]; CE_NO_ALPHA for none
    int32_t missing_targets;       // CE_NEVER_MISSING, ...; elements with missing targets do not count
    int32_t probability_gradient;  // CE_DERIVATIVE, ...
    double missing_value;          // outside [0, 1]; rounded to the type of the targets
    double gradient_value;         // c, in (0, 1)
    int32_t unchecked;             // if not 0, the formula is applied to numbers outside [0, 1], too
    int32_t threads;               // the largest number; 0: chosen from the work and the number of cores
} ce_options;

#define CE_NO_ALPHA (-1.0)
#define CE_OPTIONS_INIT { sizeof(ce_options), CE_MEAN, CE_UNCLIPPED, 0, 0, 1, 0, CE_NO_ALPHA, 0, 0, 0, 0, 0, 0 }

// Presets: the options with which other programs compute the loss.
enum {
    CE_EXACT = 0,          // CE_OPTIONS_INIT
    CE_KERAS = 1,          // CE_CLIPPED with 1e-7
    CE_KERAS_2 = 2,        // CE_CLIPPED_TWICE with 1e-7
    CE_PYTORCH = 3,        // CE_LOG_FLOOR with -100, and PyTorch's gradient, a CE_BOUNDED_PRODUCT
    CE_SCIKIT_LEARN = 4    // CE_MACHINE_EPSILON and CE_WEIGHTED_MEAN
};

// Sets *options to a preset. The caller must have set its size.
ce_status ce_options_of(int32_t program, ce_options *options);

// ---- Losses and derivatives ------------------------------------------------------------------------------------------

// ce_loss: the reduced loss of a batch.
//
//   options  null for the plain mean
//   batch    the predictions and targets
//   loss     is set to the loss in nats. If no element counts, a mean is NaN and a sum is 0.
//
// Errors: CE_OUT_OF_DOMAIN for the first element that counts and has a target outside [0, 1], or a probability outside
// [0, 1] that CE_CLIPPED, CE_CLIPPED_TWICE or CE_MACHINE_EPSILON does not move into that range (if focal_gamma is above
// 0, none of them does); CE_INVALID_OPTION, also for a count, columns or a stride; CE_TOO_LARGE for a stride;
// CE_INVALID_ARGUMENT; CE_NO_INSTRUCTION_SET. All other functions that take a batch have these errors, too. A NaN is not
// an error: if it counts, the result is NaN.
ce_status ce_loss(const ce_options *options, const ce_batch *batch, double *loss);

// ce_losses: the weighted loss of each element; 0 for elements that do not count.
//
//   losses   an array of `room` floats (doubles if the predictions are CE_FLOAT64); the first `count` are written
//
// Errors: as ce_loss, and CE_OUTPUT_TOO_SHORT, before anything is written.
ce_status ce_losses(const ce_options *options, const ce_batch *batch, void *losses, int64_t room);

// ce_gradient: the gradient of the reduced loss with respect to the predictions and, if requested, the diagonal of its
// Hessian and the loss, in one pass.
//
//   scale      multiplies the derivatives, not the loss; usually 1
//   gradient   an array of `room` floats (doubles if the predictions are CE_FLOAT64); the first `count` are written,
//              row by row without gaps; they are 0 for elements that do not count
//   hessian    null, or another such array; available only for logits
//   loss       null, or where the loss is to be stored
//
// Errors: as ce_losses, and CE_NO_HESSIAN.
ce_status ce_gradient(
    const ce_options *options, const ce_batch *batch, double scale, void *gradient, void *hessian, int64_t room,
    double *loss);

// ce_row_losses, ce_column_losses: the reduced loss of each row, or of each column.
//
//   losses          an array of `room` numbers of `type`, CE_FLOAT32 or CE_FLOAT64; one per row or column is written
//   gradient        null, or an array of gradient_room floats or doubles as in ce_gradient. For each element, it gets
//                   the derivative of the loss of its own row or column, times scale.
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
    int64_t clipped_count;     // elements whose loss was changed by clipping
    int64_t saturated_count;   // predictions that are 0 or 1, or logits whose probability rounds to 0 or 1
} ce_report;

#define CE_REPORT_INIT { sizeof(ce_report), 0, 0, 0, 0, 0, 0, 0 }

// ce_loss_report: fills *report. The caller must have set its size. Errors: as ce_loss.
ce_status ce_loss_report(const ce_options *options, const ce_batch *batch, ce_report *report);

// ce_probabilities: the probability 1 / (1 + e^-x) of each logit; ce_logits: the logit ln p - ln(1 - p) of each
// probability, NaN for numbers outside [0, 1].
//
//   type      of the inputs: CE_FLOAT32, CE_FLOAT64, CE_FLOAT16 or CE_BFLOAT16
//   results   an array of `count` floats (doubles if the type is CE_FLOAT64); it may be the input array if that is
//             CE_FLOAT32 or CE_FLOAT64
//   threads   the largest number of threads; 0: chosen from the work and the number of cores
//
// Errors: CE_INVALID_ARGUMENT, CE_INVALID_OPTION, CE_NO_INSTRUCTION_SET.
ce_status ce_probabilities(ce_type type, const void *logits, int64_t count, void *results, int32_t threads);
ce_status ce_logits(ce_type type, const void *probabilities, int64_t count, void *results, int32_t threads);

// ---- Accumulators ----------------------------------------------------------------------------------------------------

// Sums of losses over batches, shards or machines. Sums are exact until they are read, so results are bitwise identical
// for any order in which batches are added and accumulators are merged.
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

// The largest size of a serialized accumulator in bytes.
#define CE_ACCUMULATOR_STATE_SIZE 2048

// keeps_report: not 0 if ce_accumulator_report will be called; adding then takes about five times as long.
ce_status ce_accumulator_create(int32_t keeps_report, ce_accumulator **accumulator);
// Does nothing if the pointer is null.
void ce_accumulator_destroy(ce_accumulator *accumulator);
// Adds the losses of a batch; the reduction has no effect. Errors: as ce_loss, and CE_TOO_MANY_ELEMENTS.
ce_status ce_accumulator_add(ce_accumulator *accumulator, const ce_options *options, const ce_batch *batch);
// Adds the sums of another accumulator, which may be the same object. Errors: CE_TOO_MANY_ELEMENTS.
ce_status ce_accumulator_merge(ce_accumulator *accumulator, const ce_accumulator *other);
ce_status ce_accumulator_totals(const ce_accumulator *accumulator, ce_totals *totals);
// The report of everything that has been added, for the given reduction. Errors: CE_NO_REPORT, CE_INVALID_OPTION.
ce_status ce_accumulator_report(const ce_accumulator *accumulator, int32_t reduction, ce_report *report);
// Writes the serialized accumulator to `state`, which has room for `room` bytes, and stores the number of bytes in
// *size. If `state` is null, only the size is stored. Errors: CE_OUTPUT_TOO_SHORT; the size is stored in this case,
// too.
ce_status ce_accumulator_serialize(const ce_accumulator *accumulator, void *state, int64_t room, int64_t *size);
// Creates an accumulator from the bytes that ce_accumulator_serialize wrote on any machine. `size` is their number, or
// a larger one if only zero bytes follow them. Errors: CE_INVALID_STATE.
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
// Adds a batch. `numbers` contains number_count group numbers: one for each row or, if the batch has one row, one for
// each element. Their type is CE_UINT8, CE_UINT16, CE_UINT32, CE_INT32 or CE_INT64. Errors: as ce_loss,
// CE_OUT_OF_DOMAIN for a number that is negative or not less than the number of groups, CE_COUNT_MISMATCH for
// number_count, and CE_TOO_MANY_ELEMENTS.
ce_status ce_groups_add(
    ce_groups *groups, const ce_options *options, const ce_batch *batch, ce_type number_type, const void *numbers,
    int64_t number_count);
// Adds group i of `other`, which may be the same object, to group i, after adding empty groups if `other` has more. If
// `numbers` is not null, adds it to group numbers[i] instead; number_count is then the number of groups of `other`.
// Errors: CE_COUNT_MISMATCH for number_count, CE_OUT_OF_DOMAIN for a number that is negative or not less than the number
// of groups, CE_TOO_MANY_ELEMENTS.
ce_status ce_groups_merge(ce_groups *groups, const ce_groups *other, const int64_t *numbers, int64_t number_count);
// Stores the number of groups, and the number of elements that count in all of them. Either pointer may be null.
ce_status ce_groups_count(const ce_groups *groups, int64_t *group_count, int64_t *element_count);
// Fills `losses` with the losses of `count` groups, beginning with group `first`; loss_size is sizeof(ce_group_loss).
// Errors: CE_COUNT_MISMATCH if there are fewer groups, CE_INVALID_OPTION for a negative number.
ce_status ce_groups_losses(
    const ce_groups *groups, int64_t first, int64_t count, size_t loss_size, ce_group_loss *losses);
// As for accumulators. The size is about 50 bytes per group, or 110 with weights; an empty group takes one byte.
ce_status ce_groups_serialize(const ce_groups *groups, void *state, int64_t room, int64_t *size);
ce_status ce_groups_deserialize(const void *state, int64_t size, ce_groups **groups);

// ---- Evaluation ------------------------------------------------------------------------------------------------------

// How well predictions fit their targets: log loss, calibration and discrimination. An evaluation takes 1.8 MB of
// memory, and up to 0.3 MB more with 1,000 bins.
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
    double normalized_entropy;          // log_loss / (entropy of the base rate)
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

// bin_count: the number of bins of equal width in probability, from 1 to 1,000; usually 10.
ce_status ce_evaluation_create(int64_t bin_count, ce_evaluation **evaluation);
// Does nothing if the pointer is null.
void ce_evaluation_destroy(ce_evaluation *evaluation);
// Adds a batch. A call has a fixed cost of about 50 microseconds, so a batch should have at least ten thousand
// elements.
ce_status ce_evaluation_add(ce_evaluation *evaluation, const ce_options *options, const ce_batch *batch);
// Errors: CE_INVALID_OPTION if the numbers of bins differ, CE_TOO_MANY_ELEMENTS.
ce_status ce_evaluation_merge(ce_evaluation *evaluation, const ce_evaluation *other);
ce_status ce_evaluation_measures(const ce_evaluation *evaluation, ce_measures *measures);
// The bins that are not empty, in ascending order. If by_log_odds is 0, these are the bins of equal width in
// probability, otherwise the bins of width 1 in log-odds. Stores their number in *count and, unless `bins` is null,
// writes them to `bins`, which has room for `room` bins; bin_size is sizeof(ce_bin). Errors: CE_OUTPUT_TOO_SHORT; the
// number is stored in this case, too.
ce_status ce_evaluation_bins(
    const ce_evaluation *evaluation, int32_t by_log_odds, size_t bin_size, ce_bin *bins, int64_t room, int64_t *count);
// As for accumulators. The size is at most 2 MB.
ce_status ce_evaluation_serialize(const ce_evaluation *evaluation, void *state, int64_t room, int64_t *size);
ce_status ce_evaluation_deserialize(const void *state, int64_t size, ce_evaluation **evaluation);

#ifdef __cplusplus
}
#endif

#endif
