// The exact reference for processors without fused multiply-add: libm's fmaf rounds once.
#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#define VARIANT scalar
#define VARIANT_NAME "scalar"
#define LANES 4
#define TILE_ROWS 4
#define TILE_VECTORS 1
#include "variant.inc"
