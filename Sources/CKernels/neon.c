// 6 x 4 sums, 4 columns of b and a broadcast: 29 of 32 registers.
#if defined(__aarch64__)
#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#define VARIANT neon
#define VARIANT_NAME "neon"
#define LANES 4
#define TILE_ROWS 6
#define TILE_VECTORS 4
#include "variant.inc"
#endif
