// 8 x 3 sums, 3 columns of b and a broadcast: 28 of 32 registers.
#if defined(__aarch64__)
#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#define VARIANT neon
#define VARIANT_NAME "neon"
#define LANES 4
#define TILE_ROWS 8
#define TILE_VECTORS 3
#include "variant.inc"
#endif
