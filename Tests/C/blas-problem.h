// SPDX-License-Identifier: Apache-2.0
// The objective of logistic regression in long double, according to its definition in cross_entropy_blas.h, and its
// derivatives by finite differences.
#ifndef BLAS_PROBLEM_H
#define BLAS_PROBLEM_H

#include "blas-oracle.h"

typedef struct problem {
    int rows, columns, labels, gap, has_intercept, has_weights;
    ce_type type, target_type;
    ce_options options;
    double l2;
    double *x, *t, *weights;   // the values that the library reads
} problem;

static inline int size_of_label(const problem *p) { return p->columns + p->has_intercept; }

static inline long double logit(const problem *p, const long double *w, int row, int label) {
    const double *x = p->x + row * (p->columns + p->gap);
    w += label * size_of_label(p);
    long double sum = p->has_intercept ? w[p->columns] : 0;
    for (int c = 0; c < p->columns; c++) sum += w[c] * x[c];
    return sum;
}

static inline long double objective(const problem *p, const long double *w) {
    long double sum = 0, divisor = 0, penalty = 0;
    for (int row = 0; row < p->rows; row++) {
        for (int label = 0; label < p->labels; label++) {
            const double t = p->t[row * (p->labels + p->gap) + label];
            if (is_missing(&p->options, t)) continue;
            const double weight = p->has_weights ? p->weights[row] : 1;
            sum += weight * element_loss(&p->options, CE_LOGITS, logit(p, w, row, label), t);
            divisor += p->options.reduction == CE_WEIGHTED_MEAN ? weight : 1;
        }
    }
    for (int i = 0; i < p->labels * size_of_label(p); i++) {
        if (i % size_of_label(p) < p->columns) penalty += w[i] * w[i];
    }
    return sum / (p->options.reduction == CE_SUM ? 1 : divisor) + p->l2 / 2 * penalty;
}

// The derivative along a direction by central differences. Its error is step^2 / 6 times the third derivative.
static inline long double slope(const problem *p, const long double *w, int parameter) {
    const long double step = 1e-5L;
    const int count = p->labels * size_of_label(p);
    long double moved[count];
    memcpy(moved, w, sizeof moved);
    moved[parameter] = w[parameter] + step;
    const long double ahead = objective(p, moved);
    moved[parameter] = w[parameter] - step;
    return (ahead - objective(p, moved)) / (2 * step);
}

// The derivative of this slope along v.
static inline long double curvature(const problem *p, const double *w, const double *v, int parameter) {
    const long double step = 1e-5L;
    const int count = p->labels * size_of_label(p);
    long double ahead[count], behind[count];
    for (int i = 0; i < count; i++) ahead[i] = w[i] + step * v[i], behind[i] = w[i] - step * v[i];
    return (slope(p, ahead, parameter) - slope(p, behind, parameter)) / (2 * step);
}

#endif
