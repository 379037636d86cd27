// Numeric kernels with the same bits on every machine.
//
// All matrices are row-major arrays of float. Nothing allocates; every function is re-entrant.
// Each element of a product is one chain of fused multiply-adds over k in ascending order:
//
//     c[i][j] = fma(a[i][k-1], b[k-1][j], ... fma(a[i][0], b[0][j], 0))
//
// Vector width, tile shape and packing then can't change a bit. Elementwise functions use no fused
// operation at all.
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// How weights w follow their gradient g; what is below 2^-100 becomes 0 in w, v and s.
enum hpk_rule {
    /// w -= rate g
    HPK_SGD,
    /// v = momentum v - rate g; w += v
    HPK_MOMENTUM,
    /// u = v; v = momentum v - rate g; w += (v + momentum v) - momentum u
    HPK_NESTEROV,
    /// s = decay s + (1 - decay) g^2; w -= rate g / (sqrt(s) + epsilon)
    HPK_RMSPROP,
    /// v = momentum v + (1 - momentum) g; s = decay s + (1 - decay) g^2;
    /// w -= rate (v unbias_v) / (sqrt(s unbias_s) + epsilon)
    HPK_ADAM,
};

/// What a gradient (m x n) does to weights, with numbers of their own for each column. To the
/// gradient comes reg w.
struct hpk_update {
    enum hpk_rule rule;
    /// w, and what the rule remembers of it: laid out alike, NULL what it doesn't read.
    float *w, *v, *s;
    /// For each column; a product reads hpk_padded_columns(n) of them.
    const float *rate, *reg, *momentum, *decay, *epsilon, *unbias_v, *unbias_s;
};

/// What some numbers are like.
struct hpk_summary {
    double mean, standard_deviation;
    /// The smallest and the largest; NaN is passed over.
    float low, high;
    /// Numbers below the first bound or above the second.
    size_t outside;
};

/// Sums of squares of some weights: as they are, as they were before, and of the difference.
struct hpk_squares {
    double now, before, change;
};

/// One implementation of every kernel, for one kind of processor.
struct hpk_kernels {
    const char *name;
    size_t panel_columns;
    size_t (*padded_columns)(size_t columns);
    void (*product)(size_t m, size_t n, size_t k, const float *a, size_t lda, const float *w,
                    float *c, size_t ldc, float *scratch);
    void (*product_transposed)(size_t m, size_t n, size_t k, const float *a, size_t lda,
                               const float *w, float *c, size_t ldc, float *scratch);
    void (*product_update)(size_t m, size_t n, size_t k, const float *a, size_t lda,
                           const float *b, size_t ldb, const struct hpk_update *update,
                           float *scratch);
    void (*add_bias)(size_t m, size_t n, const float *bias, float *y);
    void (*sum_rows)(size_t m, size_t n, const float *x, float *sum);
    void (*relu_forward)(size_t count, const float *x, float *y);
    void (*relu_backward)(size_t count, const float *y, float *dy);
    void (*tanh_forward)(size_t count, const float *x, float *y);
    void (*tanh_backward)(size_t count, const float *y, float *dy);
    void (*sigmoid_forward)(size_t count, const float *x, float *y);
    void (*sigmoid_backward)(size_t count, const float *y, float *dy);
    void (*leaky_relu_forward)(size_t count, float slope, const float *x, float *y);
    void (*leaky_relu_backward)(size_t count, float slope, const float *y, float *dy);
    void (*elu_forward)(size_t count, const float *x, float *y);
    void (*elu_backward)(size_t count, const float *y, float *dy);
    void (*prelu_forward)(size_t m, size_t n, const float *slope, const float *x, float *y);
    void (*prelu_backward)(size_t m, size_t n, const float *slope, const float *x, float *dy,
                           float *dslope);
    void (*maxout_forward)(size_t m, size_t units, size_t pieces, const float *z, size_t ldz,
                           float *y, size_t ldy);
    void (*maxout_backward)(size_t m, size_t units, size_t pieces, const float *z, size_t ldz,
                            const float *y, size_t ldy, float *dy, size_t lddy, float *dz,
                            size_t lddz);
    void (*column_moments)(size_t m, size_t n, const float *x, double *mean, double *variance);
    void (*normalize)(size_t m, size_t n, const float *mean, const float *scale, float *x);
    void (*scale_and_shift)(size_t m, size_t n, const float *gamma, const float *beta,
                            const float *x, float *y);
    void (*sum_row_products)(size_t m, size_t n, const float *x, const float *y, float *sum);
    void (*normalize_backward)(size_t m, size_t n, const float *x, const float *scale,
                               const float *dgamma, const float *dbeta, float *dy);
    void (*dropout)(size_t count, const uint32_t *random, uint32_t threshold, float scale,
                    float *y);
    double (*softmax_gradient)(size_t m, size_t classes, float *scores, const int32_t *labels);
    void (*softmax_evaluate)(size_t m, size_t classes, const float *scores, const int32_t *labels,
                             double *loss_sum, double *loss_square_sum, size_t *correct,
                             uint8_t *right);
    void (*update_row)(size_t n, const float *g, const struct hpk_update *update);
    void (*gather_u8)(size_t rows, size_t columns, const uint8_t *source, const uint32_t *row_index,
                      float scale, const float *subtract, const float *multiply,
                      float *destination);
    void (*gather_f32)(size_t rows, size_t columns, const float *source, const uint32_t *row_index,
                       const float *subtract, const float *multiply, float *destination);
    double (*sum_of_squares)(size_t count, const float *x);
    double (*sum_of_squared_differences)(size_t count, const float *x, const float *y);
    void (*column_squares)(size_t rows, size_t columns, const float *w, const float *before,
                           struct hpk_squares *squares);
    struct hpk_summary (*summarize)(size_t count, const float *x, float below, float above);
    void (*product_f64)(size_t m, size_t n, size_t k, const double *a, const double *b, double *c);
};

/// The kernels that this process uses: the widest that the processor has, or those that
/// HPCOORD_KERNELS names (avx512, avx2, neon, scalar).
const struct hpk_kernels *hpk_kernels(void);

/// Puts other kernels with the same layout of weights in their place, for measurements: not while
/// any is running.
void hpk_replace_kernels(const struct hpk_kernels *kernels);

/// The named kernels; NULL when the processor lacks them or the name is unknown.
const struct hpk_kernels *hpk_kernels_named(const char *name);

/// Whether HPCOORD_KERNELS is unset or names kernels that this processor has.
bool hpk_environment_is_valid(void);

/// Weights (k x n) are kept in panels, as the products read them: columns [0, panel_columns) row by
/// row, then the next as many; the last panel is as wide as it must be. Element (i, j) of the panel
/// that begins at column p and is w wide is at [p k + i w + j - p].
size_t hpk_panel_columns(void);

/// The panels' columns together for n columns: n, rounded up.
size_t hpk_padded_columns(size_t n);

/// Floats of scratch that either product needs for this shape.
size_t hpk_product_scratch_floats(size_t m, size_t n, size_t k);

/// c (m x n) = a (m x k) . w (k x n), w in panels
void hpk_product(size_t m, size_t n, size_t k, const float *a, size_t lda, const float *w,
                 float *c, size_t ldc, float *scratch);
/// c (m x n) = a (m x k) . w^T, w is n x k in panels
void hpk_product_transposed(size_t m, size_t n, size_t k, const float *a, size_t lda,
                            const float *w, float *c, size_t ldc, float *scratch);

/// Floats of scratch that hpk_product_update needs for this shape.
size_t hpk_product_update_scratch_floats(size_t m, size_t n, size_t k);

/// g (m x n) = a^T . b, a is k x m, b is k x n, never stored: weights in panels follow it at once,
/// as hpk_update_row would have it, with the same bits.
void hpk_product_update(size_t m, size_t n, size_t k, const float *a, size_t lda, const float *b,
                        size_t ldb, const struct hpk_update *update, float *scratch);

/// y[i][j] += bias[j]
void hpk_add_bias(size_t m, size_t n, const float *bias, float *y);
/// sum[j] = x[0][j] + x[1][j] + ...: one chain per column, rows ascending.
void hpk_sum_rows(size_t m, size_t n, const float *x, float *sum);
/// y = max(x, 0); NaN stays NaN.
void hpk_relu_forward(size_t count, const float *x, float *y);
/// dy = 0 where y <= 0
void hpk_relu_backward(size_t count, const float *y, float *dy);
void hpk_tanh_forward(size_t count, const float *x, float *y);
/// dy *= 1 - y^2
void hpk_tanh_backward(size_t count, const float *y, float *dy);
/// y = 1 / (1 + exp(-x))
void hpk_sigmoid_forward(size_t count, const float *x, float *y);
/// dy *= y (1 - y)
void hpk_sigmoid_backward(size_t count, const float *y, float *dy);
/// y = x where x > 0, slope x elsewhere; NaN stays NaN. The slope is at least 0.
void hpk_leaky_relu_forward(size_t count, float slope, const float *x, float *y);
/// dy *= slope where y <= 0
void hpk_leaky_relu_backward(size_t count, float slope, const float *y, float *dy);
/// y = x where x > 0, exp(x) - 1 elsewhere
void hpk_elu_forward(size_t count, const float *x, float *y);
/// dy *= y + 1 where y <= 0
void hpk_elu_backward(size_t count, const float *y, float *dy);
/// y[i][j] = x[i][j] where x > 0, slope[j] x[i][j] elsewhere
void hpk_prelu_forward(size_t m, size_t n, const float *slope, const float *x, float *y);
/// dslope[j] = sum of dy x where x <= 0, rows ascending; dy *= slope[j] there
void hpk_prelu_backward(size_t m, size_t n, const float *slope, const float *x, float *dy,
                        float *dslope);
/// y[i][j] = the largest of z[i][p units + j] over the pieces p; NaN if one is.
void hpk_maxout_forward(size_t m, size_t units, size_t pieces, const float *z, size_t ldz, float *y,
                        size_t ldy);
/// dz = dy for the piece that was the largest, the lowest of equals, and 0 for the others. What
/// was in dy is used up.
void hpk_maxout_backward(size_t m, size_t units, size_t pieces, const float *z, size_t ldz,
                         const float *y, size_t ldy, float *dy, size_t lddy, float *dz,
                         size_t lddz);
/// Mean and variance (over m) of each column in double precision: one chain each, rows ascending.
void hpk_column_moments(size_t m, size_t n, const float *x, double *mean, double *variance);
/// x[i][j] = (x[i][j] - mean[j]) scale[j]
void hpk_normalize(size_t m, size_t n, const float *mean, const float *scale, float *x);
/// y[i][j] = gamma[j] x[i][j] + beta[j]
void hpk_scale_and_shift(size_t m, size_t n, const float *gamma, const float *beta, const float *x,
                         float *y);
/// sum[j] = x[0][j] y[0][j] + x[1][j] y[1][j] + ...: one chain per column, rows ascending.
void hpk_sum_row_products(size_t m, size_t n, const float *x, const float *y, float *sum);
/// The gradient of a column's normalization over the minibatch, x normalized:
/// dy[i][j] = scale[j] (dy[i][j] - (dbeta[j] + x[i][j] dgamma[j]) / m)
void hpk_normalize_backward(size_t m, size_t n, const float *x, const float *scale,
                            const float *dgamma, const float *dbeta, float *dy);
/// y = scale y where the random number is at least the threshold, else 0: inverted dropout, and its
/// gradient.
void hpk_dropout(size_t count, const uint32_t *random, uint32_t threshold, float scale, float *y);
/// Returns the sum of the examples' cross-entropy losses, in nats; scores (m x classes) become
/// (p - onehot) / m.
double hpk_softmax_gradient(size_t m, size_t classes, float *scores, const int32_t *labels);
/// Adds to the three sums. Ties of the largest score go to the lowest class; an example with a
/// NaN score is never correct and its loss is NaN. right[i] becomes 1 for a correct example, else
/// 0; NULL where nobody asks.
void hpk_softmax_evaluate(size_t m, size_t classes, const float *scores, const int32_t *labels,
                          double *loss_sum, double *loss_square_sum, size_t *correct,
                          uint8_t *right);
/// Weights, one for each column, follow their gradient.
void hpk_update_row(size_t n, const float *g, const struct hpk_update *update);
/// destination[i][j] = (source[row_index[i]][j] scale - subtract[j]) multiply[j]; NULL means 0
/// and 1.
void hpk_gather_u8(size_t rows, size_t columns, const uint8_t *source, const uint32_t *row_index,
                   float scale, const float *subtract, const float *multiply, float *destination);
/// destination[i][j] = (source[row_index[i]][j] - subtract[j]) multiply[j]; NULL means 0 and 1.
void hpk_gather_f32(size_t rows, size_t columns, const float *source, const uint32_t *row_index,
                    const float *subtract, const float *multiply, float *destination);
/// Sum of squares in double precision: eight chains, x[i] to chain i mod 8, added in order.
double hpk_sum_of_squares(size_t count, const float *x);
/// The same of x - y.
double hpk_sum_of_squared_differences(size_t count, const float *x, const float *y);

/// Sums of squares of each column of weights (rows x columns, in panels), in double precision, row
/// after row. `before` is laid out alike; NULL where there is nothing to compare with: then all but
/// `now` is 0.
void hpk_column_squares(size_t rows, size_t columns, const float *w, const float *before,
                        struct hpk_squares *squares);

/// Sums in double precision: eight chains, x[i] to chain i mod 8, added in order.
struct hpk_summary hpk_summarize(size_t count, const float *x, float below, float above);

/// c (m x n) = a (m x k) . b (k x n) in double precision: each element adds its products in the
/// order of k, every product and every sum rounded.
void hpk_product_f64(size_t m, size_t n, size_t k, const double *a, const double *b, double *c);

/// Within 1 ulp (0.991 measured over 4e8 floats by hpbench units); vector code has the same bits.
float hpk_expf(float x);
/// Within 1 ulp (0.834 measured).
float hpk_logf(float x);
/// Within 1.5 ulp (1.331 measured).
float hpk_tanhf(float x);

/// Adds up columns over the chosen rows, exactly.
void hpk_column_sums_u8(size_t rows, size_t columns, const uint8_t *source,
                        const uint32_t *row_index, uint64_t *sum, uint64_t *sum_of_squares);
/// sum[j] = the chosen rows' (x[j] - center[j]) in order, or its squares; center NULL means 0.
void hpk_column_sums_f32(size_t rows, size_t columns, const float *source,
                         const uint32_t *row_index, const double *center, bool squared,
                         double *sum);

/// Adds the finite numbers from low to high to counts of bins of equal width.
void hpk_histogram(size_t count, const float *x, float low, float high, size_t bins,
                   uint32_t *counts);
/// Columns without a number above 0.
size_t hpk_count_dead_columns(size_t rows, size_t columns, const float *x);
