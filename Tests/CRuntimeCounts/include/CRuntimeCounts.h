#ifndef C_RUNTIME_COUNTS_H
#define C_RUNTIME_COUNTS_H

// Counts what a piece of Swift code asks of the runtime on the calling thread: a claim such as "a
// step allocates nothing" can then be tested. Linked into a test process, it stands in for malloc
// and its kin and for the runtime's reference counting; outside a count it passes everything on.

typedef struct {
  /// Calls of malloc, calloc, realloc, memalign and the like.
  long allocations;
  /// Reference counts changed, up or down.
  long referenceCounts;
  /// Exclusivity checks.
  long accesses;
} RuntimeCounts;

/// Starts a count on this thread, from zero.
void runtime_counts_begin(void);

/// Ends it.
RuntimeCounts runtime_counts_end(void);

/// 1 where this platform can be counted on, else 0: not beside a sanitizer.
int runtime_counts_available(void);

#endif
