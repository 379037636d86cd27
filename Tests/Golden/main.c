// The golden vectors as a program, for processors that the test machine can only emulate.
#include "cgolden.h"
#include <inttypes.h>
#include <stdio.h>

int main(void) {
    static const char *const names[] = {"avx512", "avx2", "neon", "scalar"};
    int wrong = 0;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        const struct hpk_kernels *kernels = hpk_kernels_named(names[i]);
        if (!kernels) continue;
        uint64_t digest = golden_digest(kernels);
        int is_right = digest == golden_expected;
        wrong += !is_right;
        printf("%s %016" PRIx64 " %s\n", names[i], digest, is_right ? "right" : "WRONG");
    }
    return wrong > 0;
}
