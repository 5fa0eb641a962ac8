#ifndef CCRASH_H
#define CCRASH_H

// A last word of a process that a signal brings down. Swift code must not run in a signal handler.

/// From now on a signal that ends the process (SIGSEGV, SIGBUS, SIGILL, SIGTRAP, SIGFPE, SIGABRT)
/// first writes the line "crash N" to a file, N being its number in two digits; then it does what it
/// did before. Negative: to no file any longer.
void ccrash_note_in(int descriptor);

/// Gives the calling thread a stack for that word, so that one whose own stack overflowed has it
/// too. Cheap when it has one.
void ccrash_prepare_thread(void);

#endif
