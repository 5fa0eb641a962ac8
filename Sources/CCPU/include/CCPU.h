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

#endif
