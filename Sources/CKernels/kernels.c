// The choice of kernels, made once when the program is loaded.
#include "ckernels.h"
#include "elementary.h"
#include "product.h"
#include <stdlib.h>
#include <string.h>

extern const struct hpk_kernels hpk_kernels_scalar;
#if defined(__x86_64__)
extern const struct hpk_kernels hpk_kernels_avx512, hpk_kernels_avx2;
#elif defined(__aarch64__)
extern const struct hpk_kernels hpk_kernels_neon;
#endif

static const struct hpk_kernels *chosen = &hpk_kernels_scalar;
static bool environment_is_valid = true;

const struct hpk_kernels *hpk_kernels_named(const char *name) {
    if (strcmp(name, "scalar") == 0) return &hpk_kernels_scalar;
#if defined(__x86_64__)
    __builtin_cpu_init();
    bool has_fma = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
    if (strcmp(name, "avx2") == 0 && has_fma) return &hpk_kernels_avx2;
    if (strcmp(name, "avx512") == 0 && has_fma && __builtin_cpu_supports("avx512f") &&
        __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512dq") &&
        __builtin_cpu_supports("avx512vl")) {
        return &hpk_kernels_avx512;
    }
#elif defined(__aarch64__)
    if (strcmp(name, "neon") == 0) return &hpk_kernels_neon;
#endif
    return NULL;
}

__attribute__((constructor)) static void choose(void) {
    static const char *const widest_first[] = {"avx512", "avx2", "neon", "scalar"};
    const char *asked = getenv("HPCOORD_KERNELS");
    if (asked && *asked) {
        const struct hpk_kernels *found = hpk_kernels_named(asked);
        environment_is_valid = found != NULL;
        if (found) {
            chosen = found;
            return;
        }
    }
    for (size_t i = 0; i < sizeof widest_first / sizeof *widest_first; i++) {
        const struct hpk_kernels *found = hpk_kernels_named(widest_first[i]);
        if (found) {
            chosen = found;
            return;
        }
    }
}

const struct hpk_kernels *hpk_kernels(void) { return chosen; }

void hpk_replace_kernels(const struct hpk_kernels *kernels) { chosen = kernels; }

bool hpk_environment_is_valid(void) { return environment_is_valid; }

size_t hpk_product_scratch_floats(size_t m, size_t n, size_t k) {
    return product_packed_a_floats(m, k) + product_packed_b_floats(n, k);
}

size_t hpk_panel_columns(void) { return chosen->panel_columns; }

size_t hpk_padded_columns(size_t n) { return chosen->padded_columns(n); }

void hpk_product(size_t m, size_t n, size_t k, const float *a, size_t lda, const float *w,
                 float *c, size_t ldc, float *scratch) {
    chosen->product(m, n, k, a, lda, w, c, ldc, scratch);
}

void hpk_product_transposed(size_t m, size_t n, size_t k, const float *a, size_t lda,
                            const float *w, float *c, size_t ldc, float *scratch) {
    chosen->product_transposed(m, n, k, a, lda, w, c, ldc, scratch);
}

size_t hpk_product_update_scratch_floats(size_t m, size_t n, size_t k) {
    return product_update_packed_a_floats(m, k) + product_update_packed_b_floats(n, k);
}

void hpk_product_update(size_t m, size_t n, size_t k, const float *a, size_t lda, const float *b,
                        size_t ldb, const struct hpk_update *update, float *scratch) {
    chosen->product_update(m, n, k, a, lda, b, ldb, update, scratch);
}

void hpk_add_bias(size_t m, size_t n, const float *bias, float *y) {
    chosen->add_bias(m, n, bias, y);
}

void hpk_sum_rows(size_t m, size_t n, const float *x, float *sum) {
    chosen->sum_rows(m, n, x, sum);
}

void hpk_relu_forward(size_t count, const float *x, float *y) {
    chosen->relu_forward(count, x, y);
}

void hpk_relu_backward(size_t count, const float *y, float *dy) {
    chosen->relu_backward(count, y, dy);
}

void hpk_tanh_forward(size_t count, const float *x, float *y) {
    chosen->tanh_forward(count, x, y);
}

void hpk_tanh_backward(size_t count, const float *y, float *dy) {
    chosen->tanh_backward(count, y, dy);
}

void hpk_sigmoid_forward(size_t count, const float *x, float *y) {
    chosen->sigmoid_forward(count, x, y);
}

void hpk_sigmoid_backward(size_t count, const float *y, float *dy) {
    chosen->sigmoid_backward(count, y, dy);
}

void hpk_leaky_relu_forward(size_t count, float slope, const float *x, float *y) {
    chosen->leaky_relu_forward(count, slope, x, y);
}

void hpk_leaky_relu_backward(size_t count, float slope, const float *y, float *dy) {
    chosen->leaky_relu_backward(count, slope, y, dy);
}

void hpk_elu_forward(size_t count, const float *x, float *y) { chosen->elu_forward(count, x, y); }

void hpk_elu_backward(size_t count, const float *y, float *dy) {
    chosen->elu_backward(count, y, dy);
}

void hpk_prelu_forward(size_t m, size_t n, const float *slope, const float *x, float *y) {
    chosen->prelu_forward(m, n, slope, x, y);
}

void hpk_prelu_backward(size_t m, size_t n, const float *slope, const float *x, float *dy,
                        float *dslope) {
    chosen->prelu_backward(m, n, slope, x, dy, dslope);
}

void hpk_maxout_forward(size_t m, size_t units, size_t pieces, const float *z, size_t ldz, float *y,
                        size_t ldy) {
    chosen->maxout_forward(m, units, pieces, z, ldz, y, ldy);
}

void hpk_maxout_backward(size_t m, size_t units, size_t pieces, const float *z, size_t ldz,
                         const float *y, size_t ldy, float *dy, size_t lddy, float *dz,
                         size_t lddz) {
    chosen->maxout_backward(m, units, pieces, z, ldz, y, ldy, dy, lddy, dz, lddz);
}

void hpk_column_moments(size_t m, size_t n, const float *x, double *mean, double *variance) {
    chosen->column_moments(m, n, x, mean, variance);
}

void hpk_normalize(size_t m, size_t n, const float *mean, const float *scale, float *x) {
    chosen->normalize(m, n, mean, scale, x);
}

void hpk_scale_and_shift(size_t m, size_t n, const float *gamma, const float *beta, const float *x,
                         float *y) {
    chosen->scale_and_shift(m, n, gamma, beta, x, y);
}

void hpk_sum_row_products(size_t m, size_t n, const float *x, const float *y, float *sum) {
    chosen->sum_row_products(m, n, x, y, sum);
}

void hpk_normalize_backward(size_t m, size_t n, const float *x, const float *scale,
                            const float *dgamma, const float *dbeta, float *dy) {
    chosen->normalize_backward(m, n, x, scale, dgamma, dbeta, dy);
}

void hpk_dropout(size_t count, const uint32_t *random, uint32_t threshold, float scale, float *y) {
    chosen->dropout(count, random, threshold, scale, y);
}

double hpk_softmax_gradient(size_t m, size_t classes, float *scores, const int32_t *labels) {
    return chosen->softmax_gradient(m, classes, scores, labels);
}

void hpk_softmax_evaluate(size_t m, size_t classes, const float *scores, const int32_t *labels,
                          double *loss_sum, double *loss_square_sum, size_t *correct,
                          uint8_t *right) {
    chosen->softmax_evaluate(m, classes, scores, labels, loss_sum, loss_square_sum, correct,
                             right);
}

void hpk_update_row(size_t n, const float *g, const struct hpk_update *update) {
    chosen->update_row(n, g, update);
}

void hpk_gather_u8(size_t rows, size_t columns, const uint8_t *source, const uint32_t *row_index,
                   float scale, const float *subtract, const float *multiply, float *destination) {
    chosen->gather_u8(rows, columns, source, row_index, scale, subtract, multiply, destination);
}

void hpk_gather_f32(size_t rows, size_t columns, const float *source, const uint32_t *row_index,
                    const float *subtract, const float *multiply, float *destination) {
    chosen->gather_f32(rows, columns, source, row_index, subtract, multiply, destination);
}

double hpk_sum_of_squares(size_t count, const float *x) {
    return chosen->sum_of_squares(count, x);
}

double hpk_sum_of_squared_differences(size_t count, const float *x, const float *y) {
    return chosen->sum_of_squared_differences(count, x, y);
}

void hpk_column_squares(size_t rows, size_t columns, const float *w, const float *before,
                        struct hpk_squares *squares) {
    chosen->column_squares(rows, columns, w, before, squares);
}

struct hpk_summary hpk_summarize(size_t count, const float *x, float below, float above) {
    return chosen->summarize(count, x, below, above);
}

void hpk_product_f64(size_t m, size_t n, size_t k, const double *a, const double *b, double *c) {
    chosen->product_f64(m, n, k, a, b, c);
}

float hpk_expf(float x) { return elementary_exp(x); }
float hpk_logf(float x) { return elementary_log(x); }
float hpk_tanhf(float x) { return elementary_tanh(x); }
