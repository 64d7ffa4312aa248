#define _GNU_SOURCE
#include "CNcurses.h"

#include <errno.h>
#include <fcntl.h>
#include <langinfo.h>
#include <locale.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/signalfd.h>
#include <term.h>
#include <unistd.h>
#include <wchar.h>

// A macro of term.h, which is no name for a variable any more.
#undef columns

// ---- Output
// Cells go straight to newscr, the screen that the next doupdate makes true: stdscr would only be a
// third copy of each frame, which refreshing compares and copies.

bool nc_can_show(const char *name) {
  int error = 0;
  if (setupterm(name, STDOUT_FILENO, &error) != OK) return false;
  bool can = cursor_address != NULL && clear_screen != NULL && !hard_copy;
  del_curterm(cur_term);
  return can;
}

bool nc_start(void) {
  if (newterm(NULL, stdout, stdin) == NULL) return false;
  // ncurses' own handlers know nothing of our modes.
  const int handled[] = {SIGINT, SIGTERM, SIGTSTP, SIGWINCH};
  for (size_t i = 0; i < sizeof handled / sizeof *handled; i++) signal(handled[i], SIG_DFL);
  raw();
  noecho();
  nonl();
  typeahead(-1);
  leaveok(newscr, TRUE);
  curs_set(0);
  if (has_colors()) {
    start_color();
    use_default_colors();
  }
  def_prog_mode();
  return true;
}

int nc_rows(void) { return getmaxy(newscr); }
int nc_columns(void) { return getmaxx(newscr); }
int nc_colors(void) { return COLORS; }
int nc_pairs(void) { return COLOR_PAIRS; }

void nc_put(int row, int column, const nc_cell *cells, int count) {
  enum { SPAN = 256 };
  cchar_t span[SPAN];
  int used = 0, start = column;
  // setcchar is slow; a plain cell differs from the one before it in its character alone.
  cchar_t plain;
  uint32_t attributes = 0;
  int32_t pair = -1;

  for (int i = 0; i < count; i++, column++) {
    const nc_cell *cell = &cells[i];
    if (cell->characters[0] == 0) continue;
    if (cell->attributes != attributes || cell->pair != pair) {
      attributes = cell->attributes;
      pair = cell->pair;
      setcchar(&plain, L" ", attributes, 0, &pair);
    }
    bool wide = i + 1 < count && cells[i + 1].characters[0] == 0;
    if (!wide && cell->characters[1] == 0) {
      span[used] = plain;
      span[used++].chars[0] = (wchar_t)cell->characters[0];
      if (used < SPAN) continue;
    }
    if (used > 0) {
      mvwadd_wchnstr(newscr, row, start, span, used);
      start += used;
      used = 0;
    }
    if (wide || cell->characters[1] != 0) {
      wchar_t text[4] = {
        (wchar_t)cell->characters[0], (wchar_t)cell->characters[1], (wchar_t)cell->characters[2], 0
      };
      cchar_t one;
      setcchar(&one, text, attributes, 0, &pair);
      mvwadd_wch(newscr, row, start, &one);
      start += wide ? 2 : 1;
    }
  }
  if (used > 0) mvwadd_wchnstr(newscr, row, start, span, used);
}

void nc_update(int row, int column) {
  static int shown = 0;
  if (row >= 0) {
    leaveok(newscr, FALSE);
    wmove(newscr, row, column);
  } else {
    leaveok(newscr, TRUE);
  }
  if (shown != (row >= 0)) curs_set(shown = row >= 0);
  doupdate();
}

void nc_forget_screen(void) { clearok(curscr, TRUE); }

void nc_blank_screen(void) { werase(newscr); }

void nc_resume(void) { reset_prog_mode(); }

// ---- A crash

static char rescue_bytes[1024];
static size_t rescue_length;
static struct termios rescue_modes;
static int rescue_captured = -1, rescue_error = -1;
static off_t rescue_start;
static char rescue_log[1024];
static volatile sig_atomic_t rescue_armed;
static char rescue_stack[64 * 1024];

static void write_all(int descriptor, const char *bytes, size_t length) {
  while (length > 0) {
    ssize_t written = write(descriptor, bytes, length);
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return;
    bytes += written;
    length -= (size_t)written;
  }
}

static void tell(int descriptor, const char *text) {
  size_t length = 0;
  while (text[length] != 0) length++;
  write_all(descriptor, text, length);
}

static const char *name_of(int number) {
  switch (number) {
  case SIGSEGV: return "SIGSEGV";
  case SIGBUS: return "SIGBUS";
  case SIGILL: return "SIGILL";
  case SIGTRAP: return "SIGTRAP";
  case SIGABRT: return "SIGABRT";
  case SIGFPE: return "SIGFPE";
  default: return "a signal";
  }
}

// Only what is safe in a signal handler: endwin is not.
static void rescue(int number) {
  if (rescue_armed) {
    rescue_armed = 0;
    write_all(STDOUT_FILENO, rescue_bytes, rescue_length);
    tcsetattr(STDIN_FILENO, TCSANOW, &rescue_modes);
    int told = rescue_error >= 0 ? rescue_error : STDERR_FILENO;
    tell(told, "replicant crashed: ");
    tell(told, name_of(number));
    tell(told, ".\n");
    if (rescue_captured >= 0) {
      char piece[4096];
      off_t end = lseek(rescue_captured, 0, SEEK_END);
      off_t from = end - rescue_start > 4000 ? end - 4000 : rescue_start;
      ssize_t got;
      while ((got = pread(rescue_captured, piece, sizeof piece, from)) > 0) {
        write_all(rescue_error, piece, (size_t)got);
        from += got;
      }
    }
    if (rescue_log[0] != 0) {
      tell(told, "The log: ");
      tell(told, rescue_log);
      tell(told, "\n");
    }
  }
  struct sigaction standard = {.sa_handler = SIG_DFL};
  sigaction(number, &standard, NULL);
  sigset_t self;
  sigemptyset(&self);
  sigaddset(&self, number);
  pthread_sigmask(SIG_UNBLOCK, &self, NULL);
  raise(number);
}

// A terminfo string without its padding ("$<5>"), which is for terminals of another century.
static void append(const char *text) {
  if (text == NULL || text == (const char *)-1) return;
  while (*text != 0 && rescue_length + 1 < sizeof rescue_bytes) {
    if (text[0] == '$' && text[1] == '<') {
      const char *end = strchr(text, '>');
      if (end != NULL) {
        text = end + 1;
        continue;
      }
    }
    rescue_bytes[rescue_length++] = *text++;
  }
}

void nc_prepare_rescue(const char *modes, const struct termios *saved) {
  rescue_modes = *saved;
  rescue_length = 0;
  append(modes);
  append(exit_attribute_mode);
  append(orig_pair);
  append(cursor_normal);
  append(keypad_local);
  append(exit_ca_mode);
  append("\r");

  stack_t stack = {.ss_sp = rescue_stack, .ss_size = sizeof rescue_stack};
  sigaltstack(&stack, NULL);
  struct sigaction action = {.sa_handler = rescue, .sa_flags = SA_ONSTACK};
  sigfillset(&action.sa_mask);
  const int fatal[] = {SIGSEGV, SIGBUS, SIGILL, SIGTRAP, SIGABRT, SIGFPE};
  for (size_t i = 0; i < sizeof fatal / sizeof *fatal; i++) sigaction(fatal[i], &action, NULL);
}

void nc_name_log(const char *path) {
  size_t length = 0;
  while (path[length] != 0 && length + 1 < sizeof rescue_log) {
    rescue_log[length] = path[length];
    length++;
  }
  rescue_log[length] = 0;
}

void nc_arm_rescue(int captured, long start, int standard_error) {
  rescue_captured = captured;
  rescue_start = start;
  rescue_error = standard_error;
  rescue_armed = 1;
}

void nc_disarm_rescue(void) { rescue_armed = 0; }

// ---- The system

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

int nc_anonymous_file(void) { return memfd_create("stderr", MFD_CLOEXEC); }

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
  // The queue signals again for whatever arrives from here on.
  while (read(descriptor, &count, sizeof count) < 0 && errno == EINTR) {}
  _dispatch_main_queue_callback_4CF(NULL);
}
