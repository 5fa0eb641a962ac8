#ifndef CCPU_H
#define CCPU_H

// What the CPU can do and Swift has no word for.

#include "Features.h"

/// Reads one leaf of the CPU's own description.
///
/// @param leaf, subleaf  what to ask.
/// @param registers      receives eax, ebx, ecx, edx.
/// @return 1 when the CPU knows the leaf, 0 otherwise (and always on other architectures).
int ccpu_identify(unsigned leaf, unsigned subleaf, unsigned registers[4]);

// The vectors of the kernels: as wide as the registers that the importing module is compiled for.
// Swift sees them as SIMD16<Float> and SIMD8<Double> where there is AVX-512, as SIMD8<Float> and
// SIMD4<Double> elsewhere. Its own addingProduct works lane by lane and counts on the optimiser to
// put the lanes together again, which it does in small functions only: log(1 + e^x) ran at a fifth
// of the speed.
#ifdef __AVX512F__
#define CCPU_VECTOR_BYTES 64
#define CCPU_VECTOR_REGISTERS 32
#else
#define CCPU_VECTOR_BYTES 32
#define CCPU_VECTOR_REGISTERS 16
#endif

typedef float ccpu_float __attribute__((ext_vector_type(CCPU_VECTOR_BYTES / 4)));
typedef int ccpu_float_mask __attribute__((ext_vector_type(CCPU_VECTOR_BYTES / 4)));
typedef unsigned ccpu_float_bits __attribute__((ext_vector_type(CCPU_VECTOR_BYTES / 4)));
typedef double ccpu_double __attribute__((ext_vector_type(CCPU_VECTOR_BYTES / 8)));
typedef long long ccpu_double_mask __attribute__((ext_vector_type(CCPU_VECTOR_BYTES / 8)));
typedef unsigned long long ccpu_double_bits
    __attribute__((ext_vector_type(CCPU_VECTOR_BYTES / 8)));

#define CCPU_INLINE static inline __attribute__((always_inline))

/// Vector registers of the instruction set that the importing module is compiled for.
CCPU_INLINE int ccpu_vector_registers(void) { return CCPU_VECTOR_REGISTERS; }

/// x · y + z, rounded once.
CCPU_INLINE ccpu_float ccpu_multiply_add_float(ccpu_float x, ccpu_float y, ccpu_float z) {
  return __builtin_elementwise_fma(x, y, z);
}

/// √x, correctly rounded.
CCPU_INLINE ccpu_float ccpu_square_root_float(ccpu_float x) { return __builtin_elementwise_sqrt(x); }

/// All ones in the lanes where x < y, zeros elsewhere.
CCPU_INLINE ccpu_float_mask ccpu_less_float(ccpu_float x, ccpu_float y) {
  return (ccpu_float_mask)(x < y);
}

/// All ones in the lanes where x = y, zeros elsewhere.
CCPU_INLINE ccpu_float_mask ccpu_equal_float(ccpu_float x, ccpu_float y) {
  return (ccpu_float_mask)(x == y);
}

/// a in the lanes where the mask is all ones, b where it is zero.
CCPU_INLINE ccpu_float ccpu_choose_float(ccpu_float_mask mask, ccpu_float a, ccpu_float b) {
  return mask < 0 ? a : b;
}

/// x · y + z, rounded once.
CCPU_INLINE ccpu_double ccpu_multiply_add_double(ccpu_double x, ccpu_double y, ccpu_double z) {
  return __builtin_elementwise_fma(x, y, z);
}

/// √x, correctly rounded.
CCPU_INLINE ccpu_double ccpu_square_root_double(ccpu_double x) { return __builtin_elementwise_sqrt(x); }

/// All ones in the lanes where x < y, zeros elsewhere.
CCPU_INLINE ccpu_double_mask ccpu_less_double(ccpu_double x, ccpu_double y) {
  return (ccpu_double_mask)(x < y);
}

/// All ones in the lanes where x = y, zeros elsewhere.
CCPU_INLINE ccpu_double_mask ccpu_equal_double(ccpu_double x, ccpu_double y) {
  return (ccpu_double_mask)(x == y);
}

/// a in the lanes where the mask is all ones, b where it is zero.
CCPU_INLINE ccpu_double ccpu_choose_double(ccpu_double_mask mask, ccpu_double a, ccpu_double b) {
  return mask < 0 ? a : b;
}

/// Asks for the cache line at `address`, which is about to be read and written.
CCPU_INLINE void ccpu_prefetch_for_writing(const void *address) {
  __builtin_prefetch(address, 1, 3);
}

#endif
