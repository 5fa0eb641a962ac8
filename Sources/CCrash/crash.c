#include "CCrash.h"

#include <signal.h>
#include <stddef.h>
#include <unistd.h>

enum { COUNT = 6 };
static const int numbers[COUNT] = {SIGSEGV, SIGBUS, SIGILL, SIGTRAP, SIGFPE, SIGABRT};
static struct sigaction earlier[COUNT];
static volatile int file = -1;
static volatile int is_listening = 0;

static void note(int number, siginfo_t *facts, void *context) {
  (void)context;
  char line[] = "crash 00\n";
  line[6] = (char)('0' + number / 10 % 10);
  line[7] = (char)('0' + number % 10);
  if (file >= 0 && write(file, line, sizeof line - 1) < 0) {
    // There is no one left to tell.
  }
  // A fault comes again when this handler returns, and then goes its former way. What someone sent comes
  // no second time by itself, and whoever was here before us may count on that: it ends the process.
  int is_sent = facts->si_code <= 0;
  for (int i = 0; i < COUNT; i++) {
    if (numbers[i] != number) continue;
    if (is_sent) {
      signal(number, SIG_DFL);
    } else {
      sigaction(number, &earlier[i], NULL);
    }
  }
  if (is_sent) raise(number);
}

void ccrash_note_in(int descriptor) {
  file = descriptor;
  if (is_listening) return;
  is_listening = 1;
  struct sigaction action = {.sa_sigaction = note, .sa_flags = SA_ONSTACK | SA_SIGINFO};
  sigemptyset(&action.sa_mask);
  for (int i = 0; i < COUNT; i++) sigaction(numbers[i], &action, &earlier[i]);
}

void ccrash_prepare_thread(void) {
  static __thread char stack[16384];
  stack_t known;
  if (sigaltstack(NULL, &known) != 0 || !(known.ss_flags & SS_DISABLE)) return;
  stack_t ours = {.ss_sp = stack, .ss_size = sizeof stack};
  sigaltstack(&ours, NULL);
}
