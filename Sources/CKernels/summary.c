// What diagnostics say of many numbers in a few.
#include "ckernels.h"

void hpk_histogram(size_t count, const float *x, float low, float high, size_t bins,
                   uint32_t *counts) {
    double width = (double)high - (double)low;
    double bins_per_number = width > 0 ? (double)bins / width : 0;
    for (size_t i = 0; i < count; i++) {
        if (!(x[i] >= low && x[i] <= high)) continue;
        uint32_t bin = (uint32_t)(((double)x[i] - (double)low) * bins_per_number);
        counts[bin < bins ? bin : bins - 1]++;
    }
}

size_t hpk_count_dead_columns(size_t rows, size_t columns, const float *x) {
    enum { COLUMNS_PER_BLOCK = 64 };
    size_t dead = 0;
    for (size_t first = 0; first < columns; first += COLUMNS_PER_BLOCK) {
        size_t width = columns - first < COLUMNS_PER_BLOCK ? columns - first : COLUMNS_PER_BLOCK;
        uint32_t lives[COLUMNS_PER_BLOCK] = {0};
        for (size_t i = 0; i < rows; i++) {
            const float *row = x + i * columns + first;
            for (size_t j = 0; j < width; j++) lives[j] |= row[j] > 0;
        }
        for (size_t j = 0; j < width; j++) dead += !lives[j];
    }
    return dead;
}
