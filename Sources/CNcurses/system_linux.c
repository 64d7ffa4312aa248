// Implements system.h for Linux.
#ifdef __linux__

#define _GNU_SOURCE
#include "system.h"

#include <errno.h>
#include <langinfo.h>
#include <locale.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/signalfd.h>
#include <unistd.h>
#include <wchar.h>

const char *nc_charset(void) {
  if (setlocale(LC_CTYPE, "") == NULL || strcmp(nl_langinfo(CODESET), "ANSI_X3.4-1968") == 0) {
    setlocale(LC_CTYPE, "C.UTF-8");
  }
  return nl_langinfo(CODESET);
}

int nc_width(uint32_t character) { return wcwidth((wchar_t)character); }

int nc_signal_descriptor(const sigset_t *signals) {
  return signalfd(-1, signals, SFD_NONBLOCK | SFD_CLOEXEC);
}

int nc_next_signal(int descriptor) {
  struct signalfd_siginfo info;
  ssize_t got = read(descriptor, &info, sizeof info);
  return got == (ssize_t)sizeof info ? (int)info.ssi_signo : 0;
}

const int *nc_ending_signals(void) {
  static const int fixed[] = {
    SIGSEGV, SIGBUS, SIGILL, SIGTRAP, SIGABRT, SIGFPE, SIGSYS, SIGUSR1, SIGUSR2, SIGALRM,
    SIGVTALRM, SIGPROF, SIGXCPU, SIGPOLL, SIGSTKFLT, SIGPWR,
  };
  enum { FIXED = sizeof fixed / sizeof *fixed };
  static int all[FIXED + _NSIG + 1];
  memcpy(all, fixed, sizeof fixed);
  int count = FIXED;
  for (int number = SIGRTMIN; number <= SIGRTMAX; number++) all[count++] = number;
  all[count] = 0;
  return all;
}

int nc_anonymous_file(void) { return memfd_create("replicant", MFD_CLOEXEC); }

bool nc_terminal_size(int *rows, int *columns) {
  struct winsize size;
  if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_row == 0 || size.ws_col == 0) {
    return false;
  }
  *rows = size.ws_row;
  *columns = size.ws_col;
  return true;
}

bool nc_is_first_thread(void) { return gettid() == getpid(); }

int _dispatch_get_main_queue_handle_4CF(void);
void _dispatch_main_queue_callback_4CF(void *);

int nc_main_queue_descriptor(void) { return _dispatch_get_main_queue_handle_4CF(); }

void nc_run_main_queue(int descriptor) {
  uint64_t count;
  // The queue signals again for jobs that arrive from here on.
  while (read(descriptor, &count, sizeof count) < 0 && errno == EINTR) {}
  _dispatch_main_queue_callback_4CF(NULL);
}

#else
#error "Another system needs a file like this one: signals read from a descriptor (kqueue), a file \
without a name, the width of a character, the terminal's size, the first thread, and libdispatch's \
main queue (a Mach port on macOS) as a descriptor that poll() takes. include/system.h lists them."
#endif
