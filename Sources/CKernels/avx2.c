// 6 x 2 sums, 2 columns of b and a broadcast: 15 of 16 registers.
#if defined(__x86_64__)
#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#pragma clang attribute push(__attribute__((target("avx2,fma"))), apply_to = function)
#define VARIANT avx2
#define VARIANT_NAME "avx2"
#define LANES 8
#define TILE_ROWS 6
#define TILE_VECTORS 2
#include "variant.inc"
#pragma clang attribute pop
#endif
