// How the product is blocked. Blocks are multiples of no tile in particular: panels are padded.
#pragma once
#include <stddef.h>

// A block of a (m x k) stays in the L2 cache while the panels of b pass.
enum {
    PRODUCT_BLOCK_K = 384,
    PRODUCT_BLOCK_M = 208,
    // No variant's tile has more rows or columns.
    PRODUCT_TILE_MAXIMUM = 48,
};

static inline size_t product_minimum(size_t a, size_t b) { return a < b ? a : b; }

// What follows in the scratch begins where a line of the cache does.
static inline size_t product_whole_lines(size_t floats) { return (floats + 15) / 16 * 16; }

static inline size_t product_packed_a_floats(size_t m, size_t k) {
    return product_whole_lines((product_minimum(m, PRODUCT_BLOCK_M) + PRODUCT_TILE_MAXIMUM) *
                                   product_minimum(k, PRODUCT_BLOCK_K) +
                               PRODUCT_TILE_MAXIMUM);
}

static inline size_t product_packed_b_floats(size_t n, size_t k) {
    return (n + PRODUCT_TILE_MAXIMUM) * product_minimum(k, PRODUCT_BLOCK_K);
}

// The whole batch at once: a tile's sums must be complete before its weights are updated.
static inline size_t product_update_packed_a_floats(size_t m, size_t k) {
    return product_whole_lines((product_minimum(m, PRODUCT_BLOCK_M) + PRODUCT_TILE_MAXIMUM) * k +
                               PRODUCT_TILE_MAXIMUM);
}

static inline size_t product_update_packed_b_floats(size_t n, size_t k) {
    return (n + PRODUCT_TILE_MAXIMUM) * k;
}
