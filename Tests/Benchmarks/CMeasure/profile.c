#include "ckernels.h"
#include "cmeasure.h"
#include <string.h>

// Every kernel is called through a table, so a table that reads the clock around each is enough.
static const struct hpk_kernels *original;
static struct hpk_kernels counting;
static uint64_t spent[PROFILE_PARTS];

static uint64_t now(void) {
#if defined(__x86_64__)
    return __builtin_ia32_rdtsc();
#elif defined(__aarch64__)
    uint64_t ticks;
    __asm__ volatile("mrs %0, cntvct_el0" : "=r"(ticks));
    return ticks;
#endif
}

#define COUNTED(part, name, parameters, arguments)                                                \
    static void counted_##name parameters {                                                       \
        uint64_t begin = now();                                                                   \
        original->name arguments;                                                                 \
        spent[part] += now() - begin;                                                             \
    }

COUNTED(PROFILE_FORWARD, product,
        (size_t m, size_t n, size_t k, const float *a, size_t lda, const float *w, float *c,
         size_t ldc, float *scratch),
        (m, n, k, a, lda, w, c, ldc, scratch))
COUNTED(PROFILE_TO_INPUT, product_transposed,
        (size_t m, size_t n, size_t k, const float *a, size_t lda, const float *w, float *c,
         size_t ldc, float *scratch),
        (m, n, k, a, lda, w, c, ldc, scratch))
COUNTED(PROFILE_UPDATE, product_update,
        (size_t m, size_t n, size_t k, const float *a, size_t lda, const float *b, size_t ldb,
         const struct hpk_update *update, float *scratch),
        (m, n, k, a, lda, b, ldb, update, scratch))
COUNTED(PROFILE_BIASES, add_bias, (size_t m, size_t n, const float *bias, float *y),
        (m, n, bias, y))
COUNTED(PROFILE_BIASES, sum_rows, (size_t m, size_t n, const float *x, float *sum), (m, n, x, sum))
COUNTED(PROFILE_BIASES, update_row, (size_t n, const float *g, const struct hpk_update *update),
        (n, g, update))
COUNTED(PROFILE_ACTIVATION, relu_forward, (size_t count, const float *x, float *y), (count, x, y))
COUNTED(PROFILE_ACTIVATION, relu_backward, (size_t count, const float *y, float *dy),
        (count, y, dy))
COUNTED(PROFILE_ACTIVATION, tanh_forward, (size_t count, const float *x, float *y), (count, x, y))
COUNTED(PROFILE_ACTIVATION, tanh_backward, (size_t count, const float *y, float *dy),
        (count, y, dy))
COUNTED(PROFILE_ACTIVATION, dropout,
        (size_t count, const uint32_t *random, uint32_t threshold, float scale, float *y),
        (count, random, threshold, scale, y))
COUNTED(PROFILE_GATHER, gather_u8,
        (size_t rows, size_t columns, const uint8_t *source, const uint32_t *row_index, float scale,
         const float *subtract, const float *multiply, float *destination),
        (rows, columns, source, row_index, scale, subtract, multiply, destination))
COUNTED(PROFILE_GATHER, gather_f32,
        (size_t rows, size_t columns, const float *source, const uint32_t *row_index,
         const float *subtract, const float *multiply, float *destination),
        (rows, columns, source, row_index, subtract, multiply, destination))

static double counted_softmax_gradient(size_t m, size_t classes, float *scores,
                                       const int32_t *labels) {
    uint64_t begin = now();
    double loss = original->softmax_gradient(m, classes, scores, labels);
    spent[PROFILE_LOSS] += now() - begin;
    return loss;
}

void profile_kernels(int is_on) {
    if (!original) {
        original = hpk_kernels();
        counting = *original;
        counting.product = counted_product;
        counting.product_transposed = counted_product_transposed;
        counting.product_update = counted_product_update;
        counting.add_bias = counted_add_bias;
        counting.sum_rows = counted_sum_rows;
        counting.update_row = counted_update_row;
        counting.relu_forward = counted_relu_forward;
        counting.relu_backward = counted_relu_backward;
        counting.tanh_forward = counted_tanh_forward;
        counting.tanh_backward = counted_tanh_backward;
        counting.dropout = counted_dropout;
        counting.gather_u8 = counted_gather_u8;
        counting.gather_f32 = counted_gather_f32;
        counting.softmax_gradient = counted_softmax_gradient;
    }
    hpk_replace_kernels(is_on ? &counting : original);
}

void profile_ticks(uint64_t ticks[PROFILE_PARTS], uint64_t *all) {
    memcpy(ticks, spent, sizeof spent);
    *all = now();
}
