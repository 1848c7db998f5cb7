// SPDX-License-Identifier: Apache-2.0
//
// Pairwise losses and logistic regression, from C: what is a product of matrices, and therefore needs OpenBLAS.
//
//     float logits[] = {2, -1, 0.5f, 3};
//     uint8_t targets[] = {1, 0, 0, 1};
//     ce_matrix x = ce_matrix_of(CE_FLOAT32, logits, 2, 2), t = ce_matrix_of(CE_BOOL, targets, 2, 2);
//     float losses[4];   // of each row of x against each row of t
//     if (ce_pairwise_losses(NULL, CE_LOGITS, &x, &t, losses, 0, 4) != CE_OK) puts(ce_last_error()->message);
//
// Link with libcross_entropy_blas (-lcross_entropy_blas) instead of libcross_entropy: it has the functions of both
// headers. If a process has both libraries, for example because a plugin brings one of them, each has its own errors
// and objects.
//
// What cross_entropy.h says of errors, memory and threads holds here too, with one exception: an objective
// (ce_logistic) keeps pointers to the arrays that it was created with.
//
// OpenBLAS determines the order of its sums and the number of its threads (OPENBLAS_NUM_THREADS); the option `threads`
// limits only those of this library. Results may therefore differ in their last bits with the threads and the version
// of OpenBLAS, except where a function says that they do not.
#ifndef CROSS_ENTROPY_BLAS_H
#define CROSS_ENTROPY_BLAS_H

#include "cross_entropy.h"

#ifdef __cplusplus
extern "C" {
#endif

// ---- Matrices --------------------------------------------------------------------------------------------------------

// A matrix in memory, stored row by row. A submatrix has the stride of the matrix that it is a part of.
//
// Sizes and strides are at most 2^31 - 1, which BLAS can count; larger ones are CE_TOO_LARGE. The index of an element
// in an error is row * columns + column, without the gaps between rows.
typedef struct ce_matrix {
    size_t size;         // sizeof(ce_matrix)
    const void *data;    // the first element; may be null only if there are no elements
    ce_type type;        // each function says which ones it takes; CE_BIT is never among them
    int32_t reserved;    // 0
    int64_t rows;
    int64_t columns;
    int64_t stride;      // elements from the start of one row to the start of the next, at least columns; 0: columns
} ce_matrix;

#define CE_MATRIX_INIT { sizeof(ce_matrix), 0, CE_NONE, 0, 0, 0, 0 }

// A matrix whose rows are adjacent.
static inline ce_matrix ce_matrix_of(ce_type type, const void *data, int64_t rows, int64_t columns) {
    ce_matrix matrix = CE_MATRIX_INIT;
    matrix.data = data;
    matrix.type = type;
    matrix.rows = rows;
    matrix.columns = columns;
    return matrix;
}

// ---- Pairwise losses -------------------------------------------------------------------------------------------------

// ce_pairwise_losses: the loss of every row of predictions against every row of targets, for the cost matrix of a
// matching, a Bernoulli mixture, or a search for the nearest code.
//
//     losses[i, j] = sum over k of loss(predictions[i, k], targets[j, k]), divided by the number of k that count
//                    unless the reduction is CE_SUM
//
//   options       null for the plain mean; CE_WEIGHTED_MEAN is the mean, as there are no weights
//   kind          CE_LOGITS, which may be infinite, or CE_PROBABILITIES
//   predictions   m x k numbers, CE_FLOAT32 or CE_FLOAT64
//   targets       n x k numbers in [0, 1] of any type but CE_BIT; rounded to the type of the predictions
//   losses        m x n numbers in the type of the predictions, in nats; elements between the rows are not changed
//   stride        of the losses, at least n; 0: n
//   room          the elements that there is room for, at least (m - 1) stride + n unless m or n is 0
//
// A loss is linear in its target, so that the losses are one matrix product and a sum per row. With a focal factor and
// targets between 0 and 1, with options for missing targets, and for rows with an infinite logit, a certain probability
// that is not clipped, or a NaN, each pair is computed separately, which takes longer.
//
// Accuracy: the error of a sum is about 2^-24 (CE_FLOAT32) or 2^-53 (CE_FLOAT64) times S, and at most k + 4 times that,
// where S is the sum of a row's losses if all targets were 0, plus their sum if all were 1. Pairs that are computed
// separately are as accurate as ce_loss.
//
// Memory: the call allocates up to 4.3 MiB plus 8 bytes per row of predictions, and frees it.
//
// Errors, before anything is written: CE_SHAPE_MISMATCH if the columns of targets and predictions differ; CE_OUT_OF_DOMAIN
// with the first target outside [0, 1] or, as for ce_loss, the first probability outside [0, 1];
// CE_OUTPUT_TOO_SHORT, CE_TOO_LARGE, CE_INVALID_OPTION, CE_INVALID_ARGUMENT.
ce_status ce_pairwise_losses(
    const ce_options *options, ce_prediction kind, const ce_matrix *predictions, const ce_matrix *targets,
    void *losses, int64_t stride, int64_t room);

// ---- Logistic regression ---------------------------------------------------------------------------------------------

// The objective of logistic regression, binary cross-entropy of the logits X w + b, and a penalty:
//
//     f(w, b) = reduced loss(X w + b, targets) + l2 / 2 |w|^2
//
// With several labels (columns of targets), each has a w and b of its own; losses are reduced over all rows and labels,
// and the penalties of all labels are added.
//
// Parameters are doubles whatever the type of the features: for each label its coefficients, then its intercept if there
// is one. CE_FLOAT32 features are multiplied by coefficients rounded to float; sums over rows are doubles.
//
// With one label, losses, gradients, Hessian products and logits are bitwise identical for any number of threads.
typedef struct ce_logistic ce_logistic;

// ce_logistic_create: checks the arguments once, for all calls that follow.
//
// The objective keeps the addresses of the features, targets and weights and does not copy them: these arrays must stay
// where they are, unchanged, until it is destroyed. The structs that describe them, and the options, may go.
//
//   options         null for the plain mean; CE_SUM and an l2 of 1 / C make it scikit-learn's objective divided by C
//   features        X, rows x columns numbers, CE_FLOAT32 or CE_FLOAT64; columns may be 0. They should be finite, which is
//                   not checked
//   targets         rows x labels numbers in [0, 1] of any type but CE_BIT; at least one label
//   row_weights     null, or an array of CE_NONE, for none; otherwise a CE_FLOAT32 or CE_FLOAT64 for each row
//   l2              the penalty of the coefficients, finite and at least 0; intercepts have none
//   has_intercept   not 0 if each label has an intercept b
//   objective       is set to the objective
//
// Errors: CE_SHAPE_MISMATCH if the rows of targets and features differ; CE_OUT_OF_DOMAIN with the first target outside
// [0, 1] that is not missing; CE_TOO_LARGE for a matrix or for more than 2^31 - 1 parameters; CE_INVALID_OPTION,
// CE_INVALID_ARGUMENT.
ce_status ce_logistic_create(
    const ce_options *options, const ce_matrix *features, const ce_matrix *targets, const ce_array *row_weights,
    double l2, int32_t has_intercept, ce_logistic **objective);

// Does nothing if the pointer is null. The arrays stay the caller's.
void ce_logistic_destroy(ce_logistic *objective);

// ce_logistic_parameter_count: stores the number of parameters, labels times columns, or labels times (columns + 1) with
// intercepts.
ce_status ce_logistic_parameter_count(const ce_logistic *objective, int64_t *count);

// In the following functions, parameter_count is the number of parameters, and each array of doubles without another
// size has as many. An objective keeps its working memory from one call to the next: for each of up to 64 parts of the
// rows, as many numbers as there are parameters, and a few numbers for each label in a tile of up to 512 rows.
//
// Errors of all: CE_COUNT_MISMATCH for another number of parameters, CE_INVALID_ARGUMENT.

// ce_logistic_loss: the objective and, if asked for, its gradient, in one pass over the features.
//
//   gradient   null, or where the gradient is stored, in the order of the parameters
//   loss       is set to the objective: the loss in nats, plus the penalty. Without rows, the mean is NaN.
ce_status ce_logistic_loss(
    const ce_logistic *objective, const double *parameters, int64_t parameter_count, double *gradient, double *loss);

// ce_logistic_hessian_product: the product of the Hessian and a direction, without the Hessian, for a step of conjugate
// gradients.
//
//   parameters   where the Hessian is taken
//   direction    in the order of the parameters
//   product      is overwritten
ce_status ce_logistic_hessian_product(
    const ce_logistic *objective, const double *parameters, int64_t parameter_count, const double *direction,
    double *product);

// ce_logistic_hessian: the Hessian of the parameters of one label, for a Newton step with few columns. Second
// derivatives between different labels are 0. The objective keeps a copy of this size in the type of the features.
//
//   label     from 0 on
//   hessian   a symmetric matrix with a row and a column for each feature, and for the intercept if there is one; the
//             elements between the rows are not changed
//   stride    of the Hessian, at least the number of its columns; 0: that number
//   room      the elements that there is room for, at least (columns - 1) stride + columns
//
// Errors: CE_INVALID_OPTION for a label that does not exist, CE_OUTPUT_TOO_SHORT, CE_TOO_LARGE.
ce_status ce_logistic_hessian(
    const ce_logistic *objective, const double *parameters, int64_t parameter_count, int64_t label, double *hessian,
    int64_t stride, int64_t room);

// ce_logistic_logits: the logits X w + b of all rows.
//
//   logits   room for `room` numbers in the type of the features, of which rows x labels are written, row by row
//
// Errors: CE_OUTPUT_TOO_SHORT.
ce_status ce_logistic_logits(
    const ce_logistic *objective, const double *parameters, int64_t parameter_count, void *logits, int64_t room);

// ---- OpenBLAS --------------------------------------------------------------------------------------------------------

// The kernels that OpenBLAS selected when it was loaded. It knows CPUs by their model numbers, and a version that is
// older than the CPU may select kernels for a much older one, with which products take five times as long. There is no
// other sign of this, and only the environment variable OPENBLAS_CORETYPE, set before the process starts, changes it.
typedef struct ce_blas_core {
    size_t size;                 // sizeof(ce_blas_core)
    char name[32];               // the CPU that the kernels are for, such as Haswell; empty if this is not OpenBLAS
    char better_core_type[32];   // the value of OPENBLAS_CORETYPE that makes products faster; empty if there is none or
                                 // the variable is already set
    char advice[244];            // the problem and its remedy, as a sentence in English; empty if there is no problem
    int32_t is_fastest;          // 0 if the kernels do not use the widest vectors that this library uses on this CPU
} ce_blas_core;

#define CE_BLAS_CORE_INIT { sizeof(ce_blas_core), { 0 }, { 0 }, { 0 }, 0 }

// ce_blas_loaded_core: fills *core, whose size must have been set.
ce_status ce_blas_loaded_core(ce_blas_core *core);

#ifdef __cplusplus
}
#endif

#endif
