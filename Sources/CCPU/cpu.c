#include "CCPU.h"

#if defined(__x86_64__) || defined(__i386__)
#include <cpuid.h>

int ccpu_identify(unsigned leaf, unsigned subleaf, unsigned registers[4]) {
  return __get_cpuid_count(leaf, subleaf, &registers[0], &registers[1], &registers[2],
                           &registers[3]);
}

unsigned long long ccpu_saved_state(void) {
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

unsigned long long ccpu_saved_state(void) { return 0; }

#endif
