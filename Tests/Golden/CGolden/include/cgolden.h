// Golden vectors of the kernels: one digest of what they make of fixed inputs.
#pragma once
#include "ckernels.h"

/// What `golden_digest` is for kernels that are right, on every machine.
extern const uint64_t golden_expected;

/// FNV-1a of the bits of every kernel's results on fixed inputs, shapes with edges of tiles and
/// blocks among them.
uint64_t golden_digest(const struct hpk_kernels *kernels);
