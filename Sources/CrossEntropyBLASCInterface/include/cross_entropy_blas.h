// SPDX-License-Identifier: Apache-2.0
//
// Pairwise losses and logistic regression, from C. They are matrix products and therefore need OpenBLAS.
//
//     float logits[] = {2, -1, 0.5f, 3};
//     uint8_t targets[] = {1, 0, 0, 1};
//     ce_matrix x = ce_matrix_of(CE_FLOAT32, logits, 2, 2), t = ce_matrix_of(CE_BOOL, targets, 2, 2);
//     float losses[4];   // of each row of x against each row of t
//     if (ce_pairwise_losses(NULL, CE_LOGITS, &x, &t, losses, 0, 4) != CE_OK) puts(ce_last_error()->message);
//
// Link with libcross_entropy_blas (-lcross_entropy_blas) instead of libcross_entropy: it has the functions of both
// headers. A process may load both libraries, for example because a plugin is linked with one of them. Each library
// then has its own errors and objects, which must not be passed to the other.
//
// What cross_entropy.h says about errors, memory and threads is also true here, with one exception: an objective
// (ce_logistic) keeps pointers to the arrays that it was created with.
//
// OpenBLAS decides in which order it sums and how many threads it uses (OPENBLAS_NUM_THREADS). The option `threads`
// limits only the threads of this library. The last bits of a result may therefore depend on the version of OpenBLAS
// and on the number of its threads, unless a function states otherwise.
#ifndef CROSS_ENTROPY_BLAS_H
#define CROSS_ENTROPY_BLAS_H

#include "cross_entropy.h"

#ifdef __cplusplus
extern "C" {
#endif

// ---- Matrices --------------------------------------------------------------------------------------------------------

// A matrix in memory, stored row by row. To describe a submatrix, use the stride of the whole matrix.
//
// Sizes and strides are at most 2^31 - 1, because BLAS counts with 32-bit integers; larger ones give CE_TOO_LARGE. In
// an error, the index of an element is row * columns + column, regardless of the stride.
typedef struct ce_matrix {
    size_t size;         // sizeof(ce_matrix)
    const void *data;    // the first element; may be null only if there are no elements
    ce_type type;        // each function states which types it accepts; none accepts CE_BIT
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
//   targets       n x k numbers in [0, 1] of any type except CE_BIT; they are rounded to the type of the predictions
//   losses        m x n numbers in the type of the predictions, in nats; elements between the rows are not changed
//   stride        the stride of the losses, at least n; 0 means n
//   room          the size of `losses` in elements, at least (m - 1) stride + n unless m or n is 0
//
// A loss is a linear function of its target, so all losses are computed by one matrix product and one sum per row. In
// the following cases, each pair is computed separately, which takes longer: with a focal factor and targets strictly
// between 0 and 1; with an option for missing targets; and for rows that contain an infinite logit, a probability of
// exactly 0 or 1 that is not clipped, or a NaN.
//
// Accuracy: the error of a sum is about 2^-24 (CE_FLOAT32) or 2^-53 (CE_FLOAT64) times S, and at most k + 4 times that.
// S is the sum of the losses that a row of predictions would have if all targets were 0, plus the sum that it would
// have if all targets were 1. Pairs that are computed separately are as accurate as ce_loss.
//
// Memory: the call allocates up to 4.3 MiB plus 8 bytes per row of predictions, and frees it before it returns.
//
// Errors, before anything is written: CE_SHAPE_MISMATCH if targets and predictions differ in their number of columns;
// CE_OUT_OF_DOMAIN for the first target outside [0, 1] or, as for ce_loss, the first probability outside [0, 1];
// CE_OUTPUT_TOO_SHORT, CE_TOO_LARGE, CE_INVALID_OPTION, CE_INVALID_ARGUMENT.
ce_status ce_pairwise_losses(
    const ce_options *options, ce_prediction kind, const ce_matrix *predictions, const ce_matrix *targets,
    void *losses, int64_t stride, int64_t room);

// ---- Logistic regression ---------------------------------------------------------------------------------------------

// The objective of logistic regression: the binary cross-entropy of the logits X w + b, plus a penalty.
//
//     f(w, b) = reduced loss(X w + b, targets) + l2 / 2 |w|^2
//
// If there are several labels (columns of targets), each has its own w and b. Losses are reduced over all rows and
// labels, and the penalties of all labels are added.
//
// Parameters are doubles for features of either type. For each label, they are its coefficients, followed by its
// intercept if it has one. With CE_FLOAT32 features, coefficients are rounded to float before they are multiplied. Sums
// over rows are doubles.
//
// With one label, losses, gradients, Hessian products and logits are bitwise identical for any number of threads.
typedef struct ce_logistic ce_logistic;

// ce_logistic_create: creates an objective, and checks the arguments once for all later calls.
//
// The objective keeps pointers to the features, targets and weights, and does not copy them. These arrays must stay
// valid and unchanged until the objective is destroyed. The structs that describe them, and the options, are copied.
//
//   options         null for the plain mean; CE_SUM and an l2 of 1 / C make it scikit-learn's objective divided by C
//   features        X, rows x columns numbers, CE_FLOAT32 or CE_FLOAT64; columns may be 0. They should be finite, which
//                   is not checked
//   targets         rows x labels numbers in [0, 1] of any type except CE_BIT; at least one label
//   row_weights     a CE_FLOAT32 or CE_FLOAT64 for each row; if there are none, null or an array of type CE_NONE
//   l2              the factor of the penalty, finite and at least 0; intercepts are not penalized
//   has_intercept   not 0 if each label has an intercept b
//   objective       is set to the objective
//
// Errors: CE_SHAPE_MISMATCH if targets and features differ in their number of rows; CE_OUT_OF_DOMAIN for the first
// target outside [0, 1] that is not missing; CE_TOO_LARGE for a matrix that is too large, or for more than 2^31 - 1
// parameters; CE_INVALID_OPTION, CE_INVALID_ARGUMENT.
ce_status ce_logistic_create(
    const ce_options *options, const ce_matrix *features, const ce_matrix *targets, const ce_array *row_weights,
    double l2, int32_t has_intercept, ce_logistic **objective);

// Does nothing if the pointer is null. The arrays are not freed.
void ce_logistic_destroy(ce_logistic *objective);

// ce_logistic_parameter_count: stores the number of parameters: labels times columns, or labels times (columns + 1) if
// there are intercepts.
ce_status ce_logistic_parameter_count(const ce_logistic *objective, int64_t *count);

// In the following functions, parameter_count is the number of parameters. An array of doubles has that size unless
// another one is stated. An objective keeps its working memory from one call to the next. The rows are divided into at
// most 64 parts; the memory has as many numbers as there are parameters for each part, and a few numbers for each label
// and each row of a tile of at most 512 rows.
//
// All of these functions fail with CE_COUNT_MISMATCH if parameter_count is wrong, and with CE_INVALID_ARGUMENT.

// ce_logistic_loss: the objective and, if requested, its gradient, in one pass over the features.
//
//   gradient   null, or where the gradient is to be stored, in the order of the parameters
//   loss       is set to the objective: the loss in nats, plus the penalty. If there are no rows, a mean is NaN.
ce_status ce_logistic_loss(
    const ce_logistic *objective, const double *parameters, int64_t parameter_count, double *gradient, double *loss);

// ce_logistic_hessian_product: the product of the Hessian and a direction, computed without forming the Hessian, for
// Newton steps by conjugate gradients.
//
//   parameters   the point at which the Hessian is taken
//   direction    in the order of the parameters
//   product      is overwritten
ce_status ce_logistic_hessian_product(
    const ce_logistic *objective, const double *parameters, int64_t parameter_count, const double *direction,
    double *product);

// ce_logistic_hessian: the Hessian with respect to the parameters of one label, for a Newton step if there are few
// columns. Second derivatives with respect to parameters of different labels are 0. The objective also keeps a matrix
// of this size, in the type of the features, as working memory.
//
//   label     the index of the label, from 0
//   hessian   a symmetric matrix with a row and a column for each feature, and for the intercept if there is one;
//             elements between the rows are not changed
//   stride    the stride of the Hessian, at least the number of its columns; 0 means that number
//   room      the size of `hessian` in elements, at least (n - 1) stride + n for a Hessian with n columns
//
// Errors: CE_INVALID_OPTION for a label that does not exist, CE_OUTPUT_TOO_SHORT, CE_TOO_LARGE.
ce_status ce_logistic_hessian(
    const ce_logistic *objective, const double *parameters, int64_t parameter_count, int64_t label, double *hessian,
    int64_t stride, int64_t room);

// ce_logistic_logits: the logits X w + b of all rows.
//
//   logits   an array of `room` numbers in the type of the features; the first rows x labels are written, row by row
//
// Errors: CE_OUTPUT_TOO_SHORT.
ce_status ce_logistic_logits(
    const ce_logistic *objective, const double *parameters, int64_t parameter_count, void *logits, int64_t room);

// ---- OpenBLAS --------------------------------------------------------------------------------------------------------

// The kernels that OpenBLAS selected when it was loaded. OpenBLAS recognizes CPUs by their model numbers. A version
// that is older than the CPU may select the kernels of a much older CPU, and matrix products then take up to five times
// as long. OpenBLAS gives no warning of this. The only remedy is to set the environment variable OPENBLAS_CORETYPE
// before the process starts.
typedef struct ce_blas_core {
    size_t size;                 // sizeof(ce_blas_core)
    char name[32];               // the CPU that the kernels are for, such as Haswell; empty if this is not OpenBLAS
    char better_core_type[32];   // the value of OPENBLAS_CORETYPE that makes products faster; empty if there is none or
                                 // the variable is already set
    char advice[244];            // the problem and its remedy, as a sentence in English; empty if there is no problem
    int32_t is_fastest;          // 0 if the kernels use narrower vectors than this library does on this CPU
} ce_blas_core;

#define CE_BLAS_CORE_INIT { sizeof(ce_blas_core), { 0 }, { 0 }, { 0 }, 0 }

// ce_blas_loaded_core: fills *core. The caller must have set its size.
ce_status ce_blas_loaded_core(ce_blas_core *core);

#ifdef __cplusplus
}
#endif

#endif
