// Preloaded, tells Thread Sanitizer what Swift's Mutex orders on Linux (6.3). Its uncontended paths are compiled into
// the code that uses it, which the sanitizer sees; a contended lock is taken and given up inside the library, which it
// does not: it would call what the lock protects a race.

#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdint.h>
#include <stdlib.h>

// Swift's convention: the mutex, which is the method's self, comes in a register of its own.
#define SWIFT __attribute__((swiftcall))
#define SELF __attribute__((swift_context))
// _MutexHandle._lockSlow(UInt32) and _MutexHandle._unlockSlow() of module Synchronization.
#define LOCK "$s15Synchronization12_MutexHandleV9_lockSlowyys6UInt32VF"
#define UNLOCK "$s15Synchronization12_MutexHandleV11_unlockSlowyyF"

typedef SWIFT void (*Lock)(uint32_t, SELF void *);
typedef SWIFT void (*Unlock)(SELF void *);
typedef void (*Note)(void *);

SWIFT void lock(uint32_t thread, SELF void *mutex) __asm__(LOCK);
SWIFT void unlock(SELF void *mutex) __asm__(UNLOCK);

static void *next(const char *name) {
  void *function = dlsym(RTLD_NEXT, name);
  if (!function) abort();
  return function;
}

// Nothing in the processes that are not sanitized, such as the shell that starts the tests.
static void note(const char *name, void *mutex) {
  Note function = (Note)dlsym(RTLD_DEFAULT, name);
  if (function) function(mutex);
}

SWIFT void lock(uint32_t thread, SELF void *mutex) {
  ((Lock)next(LOCK))(thread, mutex);
  note("__tsan_acquire", mutex);
}

SWIFT void unlock(SELF void *mutex) {
  note("__tsan_release", mutex);
  ((Unlock)next(UNLOCK))(mutex);
}
