// The vector operations of CCPU.h against the same operations on one number at a time.
//
// Seen to fail: a comparison, on ARM only, that counted equal numbers as less.

#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "CCPU.h"

static uint64_t state = 7;

/// The next number of SplitMix64.
static uint64_t next(void) {
  uint64_t z = state += 0x9E3779B97F4A7C15;
  z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
  z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
  return z ^ (z >> 31);
}

static long compared, failed;

#define CHECK(T, Bits, name, i, actual, expected)                                  \
  do {                                                                             \
    const T a = (actual), e = (expected);                                          \
    compared++;                                                                    \
    if (memcmp(&a, &e, sizeof a) != 0 && !(isnan(a) && isnan(e)) && failed++ < 10) \
      printf("%s %s: lane %d is %a, not %a\n", #T, name, i, (double)a, (double)e); \
  } while (0)

// Numbers of any bits in one half of the rounds; in the other, numbers whose product and sum are of one
// size, some of them equal and some products cancelled.
#define TEST(T, Bits, vfma, vsqrt, vless, vequal, vchoose, sfma, ssqrt)              \
  static void test_##T(int rounds) {                                                 \
    enum { lanes = sizeof(ccpu_##T) / sizeof(T) };                                   \
    for (int round = 0; round < rounds; round++) {                                   \
      T x[lanes], y[lanes], z[lanes];                                                \
      for (int i = 0; i < lanes; i++) {                                              \
        Bits bits[3] = {(Bits)next(), (Bits)next(), (Bits)next()};                   \
        memcpy(&x[i], &bits[0], sizeof(T));                                          \
        memcpy(&y[i], &bits[1], sizeof(T));                                          \
        memcpy(&z[i], &bits[2], sizeof(T));                                          \
        if (round % 2 == 0) continue;                                                \
        x[i] = (T)(int64_t)next() / (T)INT64_MAX;                                    \
        y[i] = next() % 8 == 0 ? x[i] : (T)(int64_t)next() / (T)INT64_MAX;           \
        z[i] = next() % 8 == 0 ? -(x[i] * y[i]) : (T)(int64_t)next() / (T)INT64_MAX; \
      }                                                                              \
      ccpu_##T vx, vy, vz;                                                           \
      memcpy(&vx, x, sizeof vx), memcpy(&vy, y, sizeof vy), memcpy(&vz, z, sizeof vz); \
      const ccpu_##T fused = vfma(vx, vy, vz), root = vsqrt(vx);                     \
      const ccpu_##T less = vchoose(vless(vx, vy), vy, vz);                          \
      const ccpu_##T equal = vchoose(vequal(vx, vy), vz, vx);                        \
      for (int i = 0; i < lanes; i++) {                                              \
        CHECK(T, Bits, "multiply_add", i, fused[i], sfma(x[i], y[i], z[i]));         \
        CHECK(T, Bits, "square_root", i, root[i], ssqrt(x[i]));                      \
        CHECK(T, Bits, "less, choose", i, less[i], x[i] < y[i] ? y[i] : z[i]);       \
        CHECK(T, Bits, "equal, choose", i, equal[i], x[i] == y[i] ? z[i] : x[i]);    \
      }                                                                              \
    }                                                                                \
  }

TEST(float, uint32_t, ccpu_multiply_add_float, ccpu_square_root_float, ccpu_less_float,
     ccpu_equal_float, ccpu_choose_float, fmaf, sqrtf)
TEST(double, uint64_t, ccpu_multiply_add_double, ccpu_square_root_double, ccpu_less_double,
     ccpu_equal_double, ccpu_choose_double, fma, sqrt)

int main(void) {
  test_float(20000);
  test_double(20000);
  // No feature of x86-64 may be asked for or claimed elsewhere.
#ifndef __x86_64__
  if (ccpu_compiled_features() != 0 || ccpu_present_features() != 0) {
    puts("features of x86-64 on another architecture");
    failed++;
  }
#endif
  printf("vector operations: %ld compared, %ld failed\n", compared, failed);
  return failed != 0;
}
