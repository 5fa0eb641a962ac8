// The part of the C library that the modules with SIMD code use.
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
