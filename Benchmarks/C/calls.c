// SPDX-License-Identifier: Apache-2.0
// The time of a call from C on few elements, which is mostly overhead. Prints the fastest of 30 measurements.

#include <cross_entropy.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { LARGEST = 1024, CALLS = 2000, MEASUREMENTS = 30 };

static float x[LARGEST], t[LARGEST], w[LARGEST], gradient[LARGEST];
static const ce_options exact = CE_OPTIONS_INIT;

typedef ce_status (*call)(const ce_batch *batch, double *loss);

static ce_status loss_of(const ce_batch *batch, double *loss) { return ce_loss(NULL, batch, loss); }

static ce_status loss_with_options(const ce_batch *batch, double *loss) { return ce_loss(&exact, batch, loss); }

static ce_status loss_with_weights(const ce_batch *batch, double *loss) {
    ce_batch weighted = *batch;
    weighted.weights.data = w;
    weighted.weights.type = CE_FLOAT32;
    return ce_loss(NULL, &weighted, loss);
}

static ce_status loss_and_gradient(const ce_batch *batch, double *loss) {
    return ce_gradient(NULL, batch, 1, gradient, NULL, batch->count, loss);
}

static double nanoseconds(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return 1e9 * (double)now.tv_sec + (double)now.tv_nsec;
}

static double fastest(call body, int count) {
    ce_batch batch = ce_batch_of(CE_LOGITS, CE_FLOAT32, x, CE_FLOAT32, t, count);
    double best = 1e99, loss;
    for (int i = 0; i < MEASUREMENTS; i++) {
        double start = nanoseconds();
        for (int j = 0; j < CALLS; j++)
            if (body(&batch, &loss) != CE_OK) exit(1);
        double time = (nanoseconds() - start) / CALLS;
        if (time < best) best = time;
    }
    return best;
}

int main(void) {
    static const struct {
        const char *name;
        call body;
    } calls[] = {{"loss", loss_of},
                 {"loss with options", loss_with_options},
                 {"loss with weights", loss_with_weights},
                 {"loss and gradient", loss_and_gradient}};
    srand(1);
    for (int i = 0; i < LARGEST; i++) {
        x[i] = (float)rand() / (float)RAND_MAX * 8 - 4;
        t[i] = (float)(rand() & 1);
        w[i] = (float)rand() / (float)RAND_MAX + 0.5f;
    }
    puts("nanoseconds of a call from C      16 elements   1,024 elements");
    for (size_t i = 0; i < sizeof calls / sizeof *calls; i++)
        printf("  %-29s %13.0f %16.0f\n", calls[i].name, fastest(calls[i].body, 16), fastest(calls[i].body, 1024));
    return 0;
}
