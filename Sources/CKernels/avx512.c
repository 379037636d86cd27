// 8 x 3 sums, 3 columns of b and a broadcast: 28 of 32 registers.
#if defined(__x86_64__)
#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#define FEATURES "avx512f,avx512bw,avx512dq,avx512vl,avx2,fma"
#pragma clang attribute push(__attribute__((target(FEATURES))), apply_to = function)
#define VARIANT avx512
#define VARIANT_NAME "avx512"
#define LANES 16
#define TILE_ROWS 8
#define TILE_VECTORS 3
#include "variant.inc"
#pragma clang attribute pop
#endif
