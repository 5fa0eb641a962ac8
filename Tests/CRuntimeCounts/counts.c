#include "CRuntimeCounts.h"

// The sanitizers stand in for the same functions.
#if defined(__has_feature)
#if __has_feature(thread_sanitizer) || __has_feature(address_sanitizer)
#define IS_SANITIZED
#endif
#endif

#if defined(__linux__) && !defined(IS_SANITIZED)
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <stddef.h>
#include <stdint.h>

static __thread int isCounting;
static __thread RuntimeCounts counts;

// The C library's own functions, under the names that interposers use.
void *__libc_malloc(size_t);
void *__libc_calloc(size_t, size_t);
void *__libc_realloc(void *, size_t);
void *__libc_memalign(size_t, size_t);

void *malloc(size_t size) {
  counts.allocations += isCounting;
  return __libc_malloc(size);
}

void *calloc(size_t count, size_t size) {
  counts.allocations += isCounting;
  return __libc_calloc(count, size);
}

void *realloc(void *memory, size_t size) {
  counts.allocations += isCounting;
  return __libc_realloc(memory, size);
}

void *memalign(size_t alignment, size_t size) {
  counts.allocations += isCounting;
  return __libc_memalign(alignment, size);
}

void *aligned_alloc(size_t alignment, size_t size) { return memalign(alignment, size); }

int posix_memalign(void **memory, size_t alignment, size_t size) {
  void *result = memalign(alignment, size);
  if (!result) return ENOMEM;
  *memory = result;
  return 0;
}

// The runtime's functions as the code under test calls them; its own libraries call theirs.
#define NEXT(type, name) ((type)next(name))

static void *next(const char *name) { return dlsym(RTLD_NEXT, name); }

typedef void *(*Retain)(void *);
typedef void (*Release)(void *);
typedef void *(*RetainN)(void *, uint32_t);
typedef void (*ReleaseN)(void *, uint32_t);
typedef void (*BeginAccess)(void *, void *, uintptr_t, void *);

#define COUNTED(result, name, type, parameters, arguments)      \
  result name parameters {                                      \
    static type original;                                       \
    if (!original) original = NEXT(type, #name);                \
    counts.referenceCounts += isCounting;                       \
    return original arguments;                                  \
  }

COUNTED(void *, swift_retain, Retain, (void *object), (object))
COUNTED(void, swift_release, Release, (void *object), (object))
COUNTED(void *, swift_retain_n, RetainN, (void *object, uint32_t n), (object, n))
COUNTED(void, swift_release_n, ReleaseN, (void *object, uint32_t n), (object, n))
COUNTED(void *, swift_bridgeObjectRetain, Retain, (void *object), (object))
COUNTED(void, swift_bridgeObjectRelease, Release, (void *object), (object))

void swift_beginAccess(void *pointer, void *buffer, uintptr_t flags, void *pc) {
  static BeginAccess original;
  if (!original) original = NEXT(BeginAccess, "swift_beginAccess");
  counts.accesses += isCounting;
  original(pointer, buffer, flags, pc);
}

int runtime_counts_available(void) { return 1; }

void runtime_counts_begin(void) {
  counts = (RuntimeCounts){0, 0, 0};
  isCounting = 1;
}

RuntimeCounts runtime_counts_end(void) {
  isCounting = 0;
  return counts;
}

#else

int runtime_counts_available(void) { return 0; }
void runtime_counts_begin(void) {}
RuntimeCounts runtime_counts_end(void) { return (RuntimeCounts){0, 0, 0}; }

#endif
