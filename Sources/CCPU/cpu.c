#include "CCPU.h"

#include <stddef.h>

#if defined(__x86_64__) || defined(__i386__)
#include <cpuid.h>

int ccpu_identify(unsigned leaf, unsigned subleaf, unsigned registers[4]) {
  return __get_cpuid_count(leaf, subleaf, &registers[0], &registers[1], &registers[2],
                           &registers[3]);
}

/// The register states that the operating system saves (XCR0); 0 when it cannot be asked.
static unsigned long long saved_state(void) {
  unsigned registers[4];
  const unsigned osxsave = 1u << 27;
  if (!ccpu_identify(1, 0, registers) || !(registers[2] & osxsave)) return 0;
  unsigned low, high;
  __asm__ volatile("xgetbv" : "=a"(low), "=d"(high) : "c"(0));
  return (unsigned long long)high << 32 | low;
}

#else

int ccpu_identify(unsigned leaf, unsigned subleaf, unsigned registers[4]) {
  (void)leaf, (void)subleaf, (void)registers;
  return 0;
}

static unsigned long long saved_state(void) { return 0; }

#endif

enum { eax, ebx, ecx, edx };

struct feature {
  const char *name;
  unsigned level, leaf, place, bit, state;
};

static const struct feature features[] = {
#define ROW(identifier, name, macro, level, leaf, place, bit, state) \
  {name, level, leaf, place, bit, state},
    CCPU_FEATURES(ROW)
#undef ROW
};

_Static_assert(CCPU_FEATURE_COUNT <= 64, "the features have a bit each");

unsigned long long ccpu_present_features(void) {
  // A virtual machine traps each question, so each is asked once.
  unsigned leaves[CCPU_LEAF_COUNT][4] = {{0}};
  ccpu_identify(1, 0, leaves[CCPU_LEAF_1]);
  ccpu_identify(7, 0, leaves[CCPU_LEAF_7]);
  ccpu_identify(7, 1, leaves[CCPU_LEAF_7_1]);
  ccpu_identify(0x80000001, 0, leaves[CCPU_LEAF_AMD]);
  const unsigned long long saved = saved_state();
  unsigned long long present = 0;
  for (int i = 0; i < CCPU_FEATURE_COUNT; i++) {
    const struct feature *f = &features[i];
    const int is_saved = (saved & f->state) == f->state;
    if (is_saved && leaves[f->leaf][f->place] >> f->bit & 1) present |= 1ull << i;
  }
  return present;
}

const char *ccpu_feature_name(int bit) {
  return bit < CCPU_FEATURE_COUNT ? features[bit].name : NULL;
}

int ccpu_level(unsigned long long present) {
  unsigned level = 4;
  for (int i = 0; i < CCPU_FEATURE_COUNT; i++) {
    const unsigned asks = features[i].level;
    if (asks != 0 && !(present >> i & 1) && asks <= level) level = asks - 1;
  }
  return (int)level;
}
