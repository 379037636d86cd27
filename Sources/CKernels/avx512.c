// 14 x 2 sums, 2 columns of b and a broadcast: 31 of 32 registers.
#if defined(__x86_64__)
#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#define FEATURES "avx512f,avx512bw,avx512dq,avx512vl,avx2,fma"
#pragma clang attribute push(__attribute__((target(FEATURES))), apply_to = function)
#define VARIANT avx512
#define VARIANT_NAME "avx512"
#define LANES 16
#define TILE_ROWS 14
#define TILE_VECTORS 2
#include "variant.inc"
#pragma clang attribute pop
#endif
