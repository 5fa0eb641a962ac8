#ifndef CCPU_FEATURES_H
#define CCPU_FEATURES_H

// The x86-64 features that a compiler uses of its own accord, in one table: what code was compiled
// for and what a CPU can run are told from the same rows, a bit for each.

#define CCPU_AVX_STATE 0x6u        // XMM and the upper halves of YMM
#define CCPU_AVX512_STATE 0xE6u    // and the mask registers, ZMM and its upper sixteen
#define CCPU_APX_STATE (1u << 19)  // the general registers from r16 on

/// The leaves of CPUID that tell of features: 1, 7, the second part of 7, and AMD's.
enum { CCPU_LEAF_1, CCPU_LEAF_7, CCPU_LEAF_7_1, CCPU_LEAF_AMD, CCPU_LEAF_COUNT };

/// X(identifier, usual name, the compiler's macro, level, leaf, register, bit, saved state)
///
/// The level is that of the x86-64 psABI which asks for the feature, 0 where none does; leaf,
/// register and bit are where CPUID tells of it, and the state is what the operating system must
/// save (XCR0).
#define CCPU_FEATURES(X) \
  X(CX16, "cx16", __GCC_HAVE_SYNC_COMPARE_AND_SWAP_16, 2, CCPU_LEAF_1, ecx, 13, 0) \
  X(LAHF, "lahf", __LAHF_SAHF__, 2, CCPU_LEAF_AMD, ecx, 0, 0) \
  X(POPCNT, "popcnt", __POPCNT__, 2, CCPU_LEAF_1, ecx, 23, 0) \
  X(SSE3, "sse3", __SSE3__, 2, CCPU_LEAF_1, ecx, 0, 0) \
  X(SSSE3, "ssse3", __SSSE3__, 2, CCPU_LEAF_1, ecx, 9, 0) \
  X(SSE4_1, "sse4.1", __SSE4_1__, 2, CCPU_LEAF_1, ecx, 19, 0) \
  X(SSE4_2, "sse4.2", __SSE4_2__, 2, CCPU_LEAF_1, ecx, 20, 0) \
  X(AVX, "avx", __AVX__, 3, CCPU_LEAF_1, ecx, 28, CCPU_AVX_STATE) \
  X(AVX2, "avx2", __AVX2__, 3, CCPU_LEAF_7, ebx, 5, CCPU_AVX_STATE) \
  X(FMA, "fma", __FMA__, 3, CCPU_LEAF_1, ecx, 12, CCPU_AVX_STATE) \
  X(F16C, "f16c", __F16C__, 3, CCPU_LEAF_1, ecx, 29, CCPU_AVX_STATE) \
  X(BMI1, "bmi1", __BMI__, 3, CCPU_LEAF_7, ebx, 3, 0) \
  X(BMI2, "bmi2", __BMI2__, 3, CCPU_LEAF_7, ebx, 8, 0) \
  X(LZCNT, "lzcnt", __LZCNT__, 3, CCPU_LEAF_AMD, ecx, 5, 0) \
  X(MOVBE, "movbe", __MOVBE__, 3, CCPU_LEAF_1, ecx, 22, 0) \
  X(AVX512F, "avx512f", __AVX512F__, 4, CCPU_LEAF_7, ebx, 16, CCPU_AVX512_STATE) \
  X(AVX512BW, "avx512bw", __AVX512BW__, 4, CCPU_LEAF_7, ebx, 30, CCPU_AVX512_STATE) \
  X(AVX512CD, "avx512cd", __AVX512CD__, 4, CCPU_LEAF_7, ebx, 28, CCPU_AVX512_STATE) \
  X(AVX512DQ, "avx512dq", __AVX512DQ__, 4, CCPU_LEAF_7, ebx, 17, CCPU_AVX512_STATE) \
  X(AVX512VL, "avx512vl", __AVX512VL__, 4, CCPU_LEAF_7, ebx, 31, CCPU_AVX512_STATE) \
  X(AVX512IFMA, "avx512ifma", __AVX512IFMA__, 0, CCPU_LEAF_7, ebx, 21, CCPU_AVX512_STATE) \
  X(AVX512VBMI, "avx512vbmi", __AVX512VBMI__, 0, CCPU_LEAF_7, ecx, 1, CCPU_AVX512_STATE) \
  X(AVX512VBMI2, "avx512vbmi2", __AVX512VBMI2__, 0, CCPU_LEAF_7, ecx, 6, CCPU_AVX512_STATE) \
  X(AVX512VNNI, "avx512vnni", __AVX512VNNI__, 0, CCPU_LEAF_7, ecx, 11, CCPU_AVX512_STATE) \
  X(AVX512BITALG, "avx512bitalg", __AVX512BITALG__, 0, CCPU_LEAF_7, ecx, 12, CCPU_AVX512_STATE) \
  X(AVX512VPOPCNTDQ, "avx512vpopcntdq", __AVX512VPOPCNTDQ__, 0, CCPU_LEAF_7, ecx, 14, CCPU_AVX512_STATE) \
  X(AVX512BF16, "avx512bf16", __AVX512BF16__, 0, CCPU_LEAF_7_1, eax, 5, CCPU_AVX512_STATE) \
  X(AVX512FP16, "avx512fp16", __AVX512FP16__, 0, CCPU_LEAF_7, edx, 23, CCPU_AVX512_STATE) \
  X(AVXVNNI, "avxvnni", __AVXVNNI__, 0, CCPU_LEAF_7_1, eax, 4, CCPU_AVX_STATE) \
  X(AVXIFMA, "avxifma", __AVXIFMA__, 0, CCPU_LEAF_7_1, eax, 23, CCPU_AVX_STATE) \
  X(GFNI, "gfni", __GFNI__, 0, CCPU_LEAF_7, ecx, 8, 0) \
  X(SSE4A, "sse4a", __SSE4A__, 0, CCPU_LEAF_AMD, ecx, 6, 0) \
  X(XOP, "xop", __XOP__, 0, CCPU_LEAF_AMD, ecx, 11, CCPU_AVX_STATE) \
  X(FMA4, "fma4", __FMA4__, 0, CCPU_LEAF_AMD, ecx, 16, CCPU_AVX_STATE) \
  X(TBM, "tbm", __TBM__, 0, CCPU_LEAF_AMD, ecx, 21, 0) \
  X(APX, "apx", __EGPR__, 0, CCPU_LEAF_7_1, edx, 21, CCPU_APX_STATE)

enum {
#define CCPU_INDEX(identifier, ...) CCPU_##identifier,
  CCPU_FEATURES(CCPU_INDEX)
#undef CCPU_INDEX
  CCPU_FEATURE_COUNT
};

// A macro that the compiler defines becomes "1" before it is a string; any other stays its name.
#define CCPU_STRING(text) #text
#define CCPU_IS_DEFINED(macro) (sizeof(CCPU_STRING(macro)) == sizeof("1"))

/// The features that the importing module is compiled for; none on other architectures, where some
/// of the macros have another meaning.
static inline __attribute__((always_inline)) unsigned long long ccpu_compiled_features(void) {
#ifdef __x86_64__
#define CCPU_BIT(identifier, name, macro, ...) \
  (unsigned long long)CCPU_IS_DEFINED(macro) << CCPU_##identifier |
  return CCPU_FEATURES(CCPU_BIT) 0;
#undef CCPU_BIT
#else
  return 0;
#endif
}

/// The features that this CPU has and whose registers the operating system saves.
unsigned long long ccpu_present_features(void);

/// The usual name of the feature with this bit; NULL behind the last one.
const char *ccpu_feature_name(int bit);

/// The highest level of x86-64 of which no feature is missing: 1 (the baseline) to 4.
int ccpu_level(unsigned long long features);

#endif
