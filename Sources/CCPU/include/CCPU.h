#ifndef CCPU_H
#define CCPU_H

// What the CPU can do and Swift has no word for.

/// Reads one leaf of the CPU's own description.
///
/// @param leaf, subleaf  what to ask.
/// @param registers      receives eax, ebx, ecx, edx.
/// @return 1 when the CPU knows the leaf, 0 otherwise (and always on other architectures).
int ccpu_identify(unsigned leaf, unsigned subleaf, unsigned registers[4]);

/// The register states that the operating system saves (XCR0); 0 when it cannot be asked.
unsigned long long ccpu_saved_state(void);

// Swift sees these as SIMD8<Float> and SIMD4<Double>. Its own addingProduct works lane by lane
// and counts on the optimiser to put the lanes together again, which it does in small functions
// only: log(1 + e^x) ran at a fifth of the speed. Compiled with the flags of the Swift module
// that imports them.
typedef float ccpu_float8 __attribute__((ext_vector_type(8)));
typedef double ccpu_double4 __attribute__((ext_vector_type(4)));

typedef int ccpu_int8 __attribute__((ext_vector_type(8)));
typedef long long ccpu_long4 __attribute__((ext_vector_type(4)));

#define CCPU_INLINE static inline __attribute__((always_inline))

/// x · y + z, rounded once.
CCPU_INLINE ccpu_float8 ccpu_multiply_add_float8(ccpu_float8 x, ccpu_float8 y, ccpu_float8 z) {
  return __builtin_elementwise_fma(x, y, z);
}

/// x · y + z, rounded once.
CCPU_INLINE ccpu_double4 ccpu_multiply_add_double4(ccpu_double4 x, ccpu_double4 y,
                                                   ccpu_double4 z) {
  return __builtin_elementwise_fma(x, y, z);
}

/// √x, correctly rounded.
CCPU_INLINE ccpu_float8 ccpu_square_root_float8(ccpu_float8 x) {
  return __builtin_elementwise_sqrt(x);
}

/// √x, correctly rounded.
CCPU_INLINE ccpu_double4 ccpu_square_root_double4(ccpu_double4 x) {
  return __builtin_elementwise_sqrt(x);
}

/// All ones in the lanes where x < y, zeros elsewhere.
CCPU_INLINE ccpu_int8 ccpu_less_float8(ccpu_float8 x, ccpu_float8 y) { return x < y; }

/// All ones in the lanes where x < y, zeros elsewhere.
CCPU_INLINE ccpu_long4 ccpu_less_double4(ccpu_double4 x, ccpu_double4 y) {
  return (ccpu_long4)(x < y);
}

/// All ones in the lanes where x = y, zeros elsewhere.
CCPU_INLINE ccpu_int8 ccpu_equal_float8(ccpu_float8 x, ccpu_float8 y) { return x == y; }

/// All ones in the lanes where x = y, zeros elsewhere.
CCPU_INLINE ccpu_long4 ccpu_equal_double4(ccpu_double4 x, ccpu_double4 y) {
  return (ccpu_long4)(x == y);
}

/// a in the lanes where the mask is all ones, b where it is zero.
CCPU_INLINE ccpu_float8 ccpu_choose_float8(ccpu_int8 mask, ccpu_float8 a, ccpu_float8 b) {
  return (ccpu_float8)((mask & (ccpu_int8)a) | (~mask & (ccpu_int8)b));
}

/// a in the lanes where the mask is all ones, b where it is zero.
CCPU_INLINE ccpu_double4 ccpu_choose_double4(ccpu_long4 mask, ccpu_double4 a, ccpu_double4 b) {
  return (ccpu_double4)((mask & (ccpu_long4)a) | (~mask & (ccpu_long4)b));
}

#endif
