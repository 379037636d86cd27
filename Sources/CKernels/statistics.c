// Column statistics for preprocessing: exact for bytes, one chain per column for floats.
#include "ckernels.h"
#include <string.h>

// Row sums of 65,536 squares of bytes still fit in 32 bits.
enum { ROWS_PER_BLOCK = 65536, COLUMNS_PER_BLOCK = 1024 };

static void add_block(size_t rows, size_t columns, size_t stride, const uint8_t *source,
                      const uint32_t *row_index, uint64_t *sum, uint64_t *sum_of_squares) {
    uint32_t partial[COLUMNS_PER_BLOCK] = {0};
    uint32_t partial_squares[COLUMNS_PER_BLOCK] = {0};
    for (size_t i = 0; i < rows; i++) {
        const uint8_t *row = source + (size_t)row_index[i] * stride;
        for (size_t j = 0; j < columns; j++) {
            uint32_t x = row[j];
            partial[j] += x;
            partial_squares[j] += x * x;
        }
    }
    for (size_t j = 0; j < columns; j++) {
        sum[j] += partial[j];
        sum_of_squares[j] += partial_squares[j];
    }
}

void hpk_column_sums_u8(size_t rows, size_t columns, const uint8_t *source,
                        const uint32_t *row_index, uint64_t *sum, uint64_t *sum_of_squares) {
    memset(sum, 0, columns * sizeof *sum);
    memset(sum_of_squares, 0, columns * sizeof *sum_of_squares);
    for (size_t i = 0; i < rows; i += ROWS_PER_BLOCK) {
        size_t height = rows - i < ROWS_PER_BLOCK ? rows - i : ROWS_PER_BLOCK;
        for (size_t j = 0; j < columns; j += COLUMNS_PER_BLOCK) {
            size_t width = columns - j < COLUMNS_PER_BLOCK ? columns - j : COLUMNS_PER_BLOCK;
            add_block(height, width, columns, source + j, row_index + i, sum + j,
                      sum_of_squares + j);
        }
    }
}

void hpk_column_sums_f32(size_t rows, size_t columns, const float *source,
                         const uint32_t *row_index, const double *center, bool squared,
                         double *sum) {
    memset(sum, 0, columns * sizeof *sum);
    for (size_t i = 0; i < rows; i++) {
        const float *row = source + (size_t)row_index[i] * columns;
        for (size_t j = 0; j < columns; j++) {
            double x = (double)row[j] - (center ? center[j] : 0);
            sum[j] += squared ? x * x : x;
        }
    }
}
