// What one core's fused multiply-adds can do when nothing else is in the way.
#pragma once
#include <stdint.h>

/// Runs independent chains of fused multiply-adds in single precision, with the widest vectors of
/// the processor, and returns the floating-point operations done; each chain has `repeats` links.
uint64_t peak_fused_multiply_adds(uint64_t repeats);
