#ifndef CCPU_H
#define CCPU_H

/// Reads one leaf of the CPU's own description.
///
/// @param leaf, subleaf  what to ask.
/// @param registers      receives eax, ebx, ecx, edx.
/// @return 1 when the CPU knows the leaf, 0 otherwise (and always on other architectures).
int ccpu_identify(unsigned leaf, unsigned subleaf, unsigned registers[4]);

/// The register states that the operating system saves (XCR0); 0 when it cannot be asked.
unsigned long long ccpu_saved_state(void);

#endif
