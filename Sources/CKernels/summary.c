// What diagnostics say of many numbers in a few.
#include "ckernels.h"
#include <math.h>

enum { CHAINS = 8 };

static double sum_of_chains(const double chain[CHAINS]) {
    double sum = 0;
    for (size_t j = 0; j < CHAINS; j++) sum += chain[j];
    return sum;
}

struct hpk_summary hpk_summarize(size_t count, const float *x, float below, float above) {
    if (count == 0) return (struct hpk_summary){0, 0, 0, 0, 0};
    struct hpk_summary summary = {0, 0, INFINITY, -INFINITY, 0};
    double sum[CHAINS] = {0}, squares[CHAINS] = {0};
    float low[CHAINS], high[CHAINS];
    uint32_t outside[CHAINS] = {0};
    for (size_t j = 0; j < CHAINS; j++) {
        low[j] = INFINITY;
        high[j] = -INFINITY;
    }
    for (size_t i = 0; i < count; i += CHAINS) {
        size_t width = count - i < CHAINS ? count - i : CHAINS;
        for (size_t j = 0; j < width; j++) {
            float number = x[i + j];
            sum[j] += (double)number;
            low[j] = number < low[j] ? number : low[j];
            high[j] = number > high[j] ? number : high[j];
            outside[j] += (number < below) | (number > above);
        }
    }
    for (size_t j = 0; j < CHAINS; j++) {
        summary.low = low[j] < summary.low ? low[j] : summary.low;
        summary.high = high[j] > summary.high ? high[j] : summary.high;
        summary.outside += outside[j];
    }
    summary.mean = sum_of_chains(sum) / (double)count;
    for (size_t i = 0; i < count; i += CHAINS) {
        size_t width = count - i < CHAINS ? count - i : CHAINS;
        for (size_t j = 0; j < width; j++) {
            double difference = (double)x[i + j] - summary.mean;
            squares[j] += difference * difference;
        }
    }
    summary.standard_deviation = sqrt(sum_of_chains(squares) / (double)count);
    return summary;
}

void hpk_histogram(size_t count, const float *x, float low, float high, size_t bins,
                   uint32_t *counts) {
    double width = (double)high - (double)low;
    for (size_t i = 0; i < count; i++) {
        if (!(x[i] >= low && x[i] <= high)) continue;
        double share = width > 0 ? ((double)x[i] - (double)low) / width : 0;
        size_t bin = (size_t)(share * (double)bins);
        counts[bin < bins ? bin : bins - 1]++;
    }
}

size_t hpk_count_dead_columns(size_t rows, size_t columns, const float *x) {
    size_t dead = 0;
    for (size_t j = 0; j < columns; j++) {
        size_t i = 0;
        while (i < rows && !(x[i * columns + j] > 0)) i++;
        dead += i == rows;
    }
    return dead;
}
