// Measures of one core.
#pragma once
#include <stdint.h>

/// Runs independent chains of fused multiply-adds in single precision, with the widest vectors of
/// the processor, and returns the floating-point operations done; each chain has `repeats` links.
uint64_t peak_fused_multiply_adds(uint64_t repeats);

/// What kernels are for.
enum profile_part {
    PROFILE_GATHER,
    PROFILE_FORWARD,
    PROFILE_TO_INPUT,
    PROFILE_UPDATE,
    PROFILE_BIASES,
    PROFILE_ACTIVATION,
    PROFILE_LOSS,
    PROFILE_PARTS,
};

/// Begins or ends counting the time that this process' kernels take. Not while one is running.
void profile_kernels(int is_on);

/// Ticks of the processor's clock so far: in each part's kernels, and in all.
void profile_ticks(uint64_t ticks[PROFILE_PARTS], uint64_t *all);

/// Allocations of the calling thread so far, whoever made them.
uint64_t allocation_count(void);
