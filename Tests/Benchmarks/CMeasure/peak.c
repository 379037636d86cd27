#include "cmeasure.h"

// Enough chains to hide the latency of any core's two units, few enough to stay in registers.
enum { CHAINS = 12 };

#define DEFINE_CHAINS(name, lanes, features)                                                      \
    features static uint64_t name(uint64_t repeats) {                                             \
        typedef float vector __attribute__((vector_size((lanes) * 4)));                           \
        vector chain[CHAINS];                                                                     \
        vector factor = (vector){0} + 0.999999f, term = (vector){0} + 1e-6f;                      \
        _Pragma("clang loop unroll(full)") for (int i = 0; i < CHAINS; i++) {                     \
            chain[i] = (vector){0} + (float)i;                                                    \
        }                                                                                         \
        for (uint64_t r = 0; r < repeats; r++) {                                                  \
            _Pragma("clang loop unroll(full)") for (int i = 0; i < CHAINS; i++) {                 \
                chain[i] = __builtin_elementwise_fma(chain[i], factor, term);                     \
            }                                                                                     \
        }                                                                                         \
        _Pragma("clang loop unroll(full)") for (int i = 0; i < CHAINS; i++) {                     \
            volatile vector kept = chain[i];                                                      \
            (void)kept;                                                                           \
        }                                                                                         \
        return repeats * CHAINS * (lanes) * 2;                                                    \
    }

#if defined(__x86_64__)
DEFINE_CHAINS(chains_avx512, 16, __attribute__((target("avx512f"))))
DEFINE_CHAINS(chains_avx2, 8, __attribute__((target("avx2,fma"))))
#endif
DEFINE_CHAINS(chains_portable, 4, )

uint64_t peak_fused_multiply_adds(uint64_t repeats) {
#if defined(__x86_64__)
    __builtin_cpu_init();
    if (__builtin_cpu_supports("avx512f")) return chains_avx512(repeats);
    if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) {
        return chains_avx2(repeats);
    }
#endif
    return chains_portable(repeats);
}
