// exp, log and tanh in single precision, written without branches so that loops over them become
// vector code, and without fused operations so that every width gives the same bits.
#pragma once
#include <stdint.h>
#include <string.h>

static inline __attribute__((always_inline)) float elementary_from_bits(uint32_t bits) {
    float x;
    memcpy(&x, &bits, sizeof x);
    return x;
}

static inline __attribute__((always_inline)) uint32_t elementary_bits(float x) {
    uint32_t bits;
    memcpy(&bits, &x, sizeof bits);
    return bits;
}

// x = n ln 2 + r with |r| <= ln(2)/2 (Cody and Waite, ln 2 in two parts of which the first has
// trailing zeros), exp r by a polynomial of degree 6, then scaled by 2^n in two steps so that
// results that are denormal round once.
static inline __attribute__((always_inline)) float elementary_exp(float x) {
    const float round_magic = 12582912.0f; // 1.5 * 2^23: adding it rounds to an integer
    float clamped = x > 89.0f ? 89.0f : x;
    clamped = clamped < -104.0f ? -104.0f : clamped;
    float shifted = clamped * 1.44269504088896341f + round_magic;
    float n = shifted - round_magic;
    float r = clamped - n * 0.693359375f;
    r = r - n * -2.12194440e-4f;
    float p = 1.9875691500e-4f;
    p = p * r + 1.3981999507e-3f;
    p = p * r + 8.3334519073e-3f;
    p = p * r + 4.1665795894e-2f;
    p = p * r + 1.6666665459e-1f;
    p = p * r + 5.0000001201e-1f;
    float y = (p * (r * r) + r) + 1.0f;
    int32_t exponent = (int32_t)n;
    int32_t half = exponent >> 1;
    float first = elementary_from_bits((uint32_t)(half + 127) << 23);
    float second = elementary_from_bits((uint32_t)(exponent - half + 127) << 23);
    float scaled = y * first * second;
    scaled = x > 88.7228394f ? elementary_from_bits(0x7f800000u) : scaled;
    scaled = x < -103.972084f ? 0.0f : scaled;
    return x != x ? elementary_from_bits(0x7fc00000u) : scaled;
}

// x = 2^e m with m in [sqrt(1/2), sqrt(2)); log m by a polynomial in m - 1.
static inline __attribute__((always_inline)) float elementary_log(float x) {
    int is_denormal = x < 1.17549435e-38f;
    float normal = is_denormal ? x * 8388608.0f : x;
    uint32_t bits = elementary_bits(normal);
    uint32_t offset = bits - 0x3f3504f3u; // the bits of sqrt(1/2)
    int32_t exponent = (int32_t)offset >> 23;
    float m = elementary_from_bits((offset & 0x007fffffu) + 0x3f3504f3u);
    float e = (float)(exponent - (is_denormal ? 23 : 0));
    float f = m - 1.0f;
    float z = f * f;
    float p = 7.0376836292e-2f;
    p = p * f + -1.1514610310e-1f;
    p = p * f + 1.1676998740e-1f;
    p = p * f + -1.2420140846e-1f;
    p = p * f + 1.4249322787e-1f;
    p = p * f + -1.6668057665e-1f;
    p = p * f + 2.0000714765e-1f;
    p = p * f + -2.4999993993e-1f;
    p = p * f + 3.3333331174e-1f;
    float y = f * z * p;
    y = y + e * -2.12194440e-4f;
    y = y - 0.5f * z;
    float result = (f + y) + e * 0.693359375f;
    result = x == 0.0f ? elementary_from_bits(0xff800000u) : result;
    result = x == elementary_from_bits(0x7f800000u) ? x : result;
    return ((x < 0.0f) | (x != x)) ? elementary_from_bits(0x7fc00000u) : result;
}

// A polynomial near 0, where 1 - 2/(exp(2|x|) + 1) would cancel; that formula elsewhere.
static inline __attribute__((always_inline)) float elementary_tanh(float x) {
    float magnitude = elementary_from_bits(elementary_bits(x) & 0x7fffffffu);
    float z = x * x;
    float p = -5.70498872745e-3f;
    p = p * z + 2.06390887954e-2f;
    p = p * z + -5.37397155531e-2f;
    p = p * z + 1.33314422036e-1f;
    p = p * z + -3.33332819422e-1f;
    float near = p * z * x + x;
    float doubled = magnitude + magnitude;
    float far = 1.0f - 2.0f / (elementary_exp(doubled) + 1.0f);
    far = elementary_from_bits(elementary_bits(far) | (elementary_bits(x) & 0x80000000u));
    float result = magnitude < 0.625f ? near : far;
    return x != x ? elementary_from_bits(0x7fc00000u) : result;
}
