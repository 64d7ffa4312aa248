// Needs only ncurses and POSIX; system_linux.c has the rest.
#define _XOPEN_SOURCE 700
#define _DEFAULT_SOURCE
#include "CNcurses.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <term.h>
#include <unistd.h>
#include <wchar.h>

// term.h defines macros with these names.
#undef columns
#undef lines

static void write_all(int descriptor, const char *bytes, size_t length) {
  while (length > 0) {
    ssize_t written = write(descriptor, bytes, length);
    if (written < 0 && errno == EINTR) continue;
    // Another program may have made the terminal non-blocking.
    if (written < 0 && errno == EAGAIN) {
      struct pollfd output = {.fd = descriptor, .events = POLLOUT};
      if (poll(&output, 1, 5000) > 0 && (output.revents & (POLLHUP | POLLERR | POLLNVAL)) == 0) continue;
    }
    if (written <= 0) return;
    bytes += written;
    length -= (size_t)written;
  }
}

// ---- Sending
// ncurses 6.4 writes to the terminal at every cursor movement: many system calls, and torn frames.
// So its descriptor is replaced with an in-memory file, whose contents are sent with one call.

struct bytes {
  char *start;
  size_t length, room;
};

static bool make_room(struct bytes *bytes, size_t more) {
  if (bytes->length + more <= bytes->room) return true;
  size_t room = (bytes->length + more) * 2 + 4096;
  char *grown = realloc(bytes->start, room);
  if (grown == NULL) return false;
  bytes->start = grown;
  bytes->room = room;
  return true;
}

static void append_bytes(struct bytes *bytes, const char *more, size_t length) {
  if (!make_room(bytes, length)) return;
  memcpy(bytes->start + bytes->length, more, length);
  bytes->length += length;
}

static void append_text(struct bytes *bytes, const char *text) {
  append_bytes(bytes, text, strlen(text));
}

static int frame_file = -1;
static struct termios screen_modes;
static struct bytes links;

static void append_frame(struct bytes *bytes, size_t length) {
  if (!make_room(bytes, length)) return;
  size_t done = 0;
  while (done < length) {
    ssize_t got = pread(frame_file, bytes->start + bytes->length, length - done, (off_t)done);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return;
    done += (size_t)got;
    bytes->length += (size_t)got;
  }
}

static int put_link_byte(int value) {
  char byte = (char)value;
  append_bytes(&links, &byte, 1);
  return value;
}

void nc_send(const char *before, const char *after) {
  static struct bytes frame;
  off_t length = lseek(frame_file, 0, SEEK_CUR);
  lseek(frame_file, 0, SEEK_SET);
  if (length <= 0 && links.length == 0) return;
  frame.length = 0;
  append_text(&frame, before);
  if (length > 0) append_frame(&frame, (size_t)length);
  if (links.length > 0) {
    append_text(&links, "\0338");
    append_bytes(&frame, links.start, links.length);
    links.length = 0;
  }
  append_text(&frame, after);
  write_all(STDOUT_FILENO, frame.start, frame.length);
}

// ---- Output
// Cells go straight to newscr, which the next doupdate shows. stdscr would only be another copy of
// each frame to compare.

// ncurses would believe COLUMNS and LINES, which many shells export, more than the terminal.
static void ask_terminal_for_size(void) {
  use_env(FALSE);
  use_tioctl(TRUE);
}

bool nc_can_show(const char *name) {
  ask_terminal_for_size();
  int error = 0;
  if (setupterm(name, STDOUT_FILENO, &error) != OK) return false;
  bool can = cursor_address != NULL && clear_screen != NULL && !hard_copy;
  del_curterm(cur_term);
  return can;
}

bool nc_start(void) {
  ask_terminal_for_size();
  frame_file = nc_anonymous_file();
  int output = fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 3);
  FILE *frames = frame_file < 0 || output < 0 ? NULL : fdopen(output, "w");
  if (frames == NULL || newterm(NULL, frames, stdin) == NULL) return false;
  // ncurses' own signal handlers don't know our modes.
  const int handled[] = {SIGINT, SIGTERM, SIGTSTP, SIGWINCH};
  for (size_t i = 0; i < sizeof handled / sizeof *handled; i++) signal(handled[i], SIG_DFL);
  raw();
  noecho();
  nonl();
  if (tcgetattr(STDIN_FILENO, &screen_modes) != 0) return false;
  typeahead(-1);
  leaveok(newscr, TRUE);
  curs_set(0);
  if (has_colors()) {
    start_color();
    use_default_colors();
  }
  // ncurses has the terminal's size and modes now; from here on, we send what it writes.
  return dup2(frame_file, output) >= 0 && fcntl(output, F_SETFD, FD_CLOEXEC) == 0;
}

int nc_rows(void) { return getmaxy(newscr); }
int nc_columns(void) { return getmaxx(newscr); }
int nc_colors(void) { return COLORS; }
int nc_pairs(void) { return COLOR_PAIRS; }

enum { SPAN = 256 };

// ncurses mends the wide characters that a cell overwrites half of, but finds their first half by
// their second one: if a new wide character stands before what is left of an old one, it blanks the
// new one. So nothing of the old ones may be left.
void nc_blank(int row, int column, int count) {
  cchar_t blanks[SPAN];
  setcchar(&blanks[0], L" ", 0, 0, NULL);
  for (int i = 1; i < SPAN; i++) blanks[i] = blanks[0];
  for (int done = 0; done < count; done += SPAN) {
    mvwadd_wchnstr(newscr, row, column + done, blanks, count - done < SPAN ? count - done : SPAN);
  }
}

void nc_put(int row, int column, const nc_cell *cells, int count) {
  cchar_t span[SPAN];
  int used = 0, start = column;
  // setcchar is slow; for plain cells it is called only when the attributes change.
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
  // If the cursor can't be hidden, it goes to the last row.
  if (row < 0 && cursor_invisible == NULL) row = getmaxy(newscr) - 1;
  if (row >= 0) {
    leaveok(newscr, FALSE);
    wmove(newscr, row, column);
  } else {
    leaveok(newscr, TRUE);
  }
  if (shown != (row >= 0)) curs_set(shown = row >= 0);
  doupdate();
}

// ---- Links
// ncurses doesn't support links (OSC 8), so their cells are written behind its back, and the cursor
// is moved back.

void nc_put_link(int row, int column, const nc_cell *cells, int count, const char *address) {
  if (links.length == 0) append_text(&links, "\0337");
  tputs(tparm(cursor_address, (long)row, (long)column, 0L, 0L, 0L, 0L, 0L, 0L, 0L), 1, put_link_byte);
  if (address[0] != 0) {
    append_text(&links, "\033]8;;");
    append_text(&links, address);
    append_text(&links, "\033\\");
  }
  for (int i = 0; i < count; i++) {
    const nc_cell *cell = &cells[i];
    if (cell->characters[0] == 0) continue;
    int pair = cell->pair;
    vid_puts(cell->attributes, (short)(pair > 32767 ? 0 : pair), &pair, put_link_byte);
    for (int part = 0; part < 3 && cell->characters[part] != 0; part++) {
      char bytes[MB_LEN_MAX];
      int length = wctomb(bytes, (wchar_t)cell->characters[part]);
      if (length > 0) append_bytes(&links, bytes, (size_t)length);
    }
  }
  if (address[0] != 0) append_text(&links, "\033]8;;\033\\");
  // This is sent after the frame, so leave the attributes as ncurses expects them.
  int pair = 0;
  vid_puts(A_NORMAL, 0, &pair, put_link_byte);
}

void nc_forget_screen(void) { clearok(curscr, TRUE); }

void nc_blank_screen(void) { werase(newscr); }

void nc_resume(void) { tcsetattr(STDIN_FILENO, TCSADRAIN, &screen_modes); }

void nc_end(void) {
  endwin();
  nc_send("", "");
}

// ---- A crash

enum { MOST_LINES = 20, MOST_BYTES = 8192 };

static char rescue_bytes[2048];
static size_t rescue_length, rescue_modes_length;
static struct termios rescue_modes;
static int rescue_error = STDERR_FILENO, rescue_log = -1;
static off_t rescue_log_start;
static char rescue_log_path[4096];
static volatile sig_atomic_t rescue_armed, rescue_expects_answers;
static char rescue_tail[MOST_BYTES];
static char rescue_stack[64 * 1024];
static int rescue_entered;

static void write_text(int descriptor, const char *text) {
  size_t length = 0;
  while (text[length] != 0) length++;
  write_all(descriptor, text, length);
}

static void write_number(int descriptor, int number) {
  char digits[12];
  size_t start = sizeof digits;
  digits[--start] = 0;
  do {
    digits[--start] = (char)('0' + number % 10);
    number /= 10;
  } while (number > 0 && start > 0);
  write_text(descriptor, digits + start);
}

// Whether a signal comes from outside, and not from a mistake in the program.
static bool is_from_outside(int number) {
  switch (number) {
    case SIGSEGV: case SIGBUS: case SIGILL: case SIGTRAP: case SIGABRT: case SIGFPE: case SIGSYS:
      return false;
    default: return true;
  }
}

static const char *signal_name(int number) {
  switch (number) {
    case SIGSEGV: return "SIGSEGV";
    case SIGBUS: return "SIGBUS";
    case SIGILL: return "SIGILL";
    case SIGTRAP: return "SIGTRAP";
    case SIGABRT: return "SIGABRT";
    case SIGFPE: return "SIGFPE";
    case SIGSYS: return "SIGSYS";
    case SIGUSR1: return "SIGUSR1";
    case SIGUSR2: return "SIGUSR2";
    case SIGALRM: return "SIGALRM";
    case SIGVTALRM: return "SIGVTALRM";
    case SIGPROF: return "SIGPROF";
    case SIGXCPU: return "SIGXCPU";
    default: return NULL;
  }
}

// Writes the last lines that this session logged, without control characters.
static void write_log_tail(void) {
  struct stat facts;
  if (fstat(rescue_log, &facts) != 0 || facts.st_size <= rescue_log_start) return;
  off_t from = facts.st_size - rescue_log_start > MOST_BYTES ? facts.st_size - MOST_BYTES
                                                            : rescue_log_start;
  bool is_cut = from > rescue_log_start;
  size_t length = 0;
  while (length < sizeof rescue_tail) {
    ssize_t got = pread(
      rescue_log, rescue_tail + length, sizeof rescue_tail - length, from + (off_t)length);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) break;
    length += (size_t)got;
  }
  while (length > 0 && rescue_tail[length - 1] == '\n') length--;
  size_t start = length;
  int lines = 0;
  while (start > 0) {
    if (rescue_tail[start - 1] == '\n' && ++lines == MOST_LINES) break;
    start--;
  }
  // Leave out a partial line, unless there is nothing else.
  if (start == 0 && is_cut) {
    while (start < length && rescue_tail[start] != '\n') start++;
    start = start < length ? start + 1 : 0;
  }
  for (size_t i = start; i < length; i++) {
    unsigned char byte = (unsigned char)rescue_tail[i];
    if ((byte < 0x20 && byte != '\n' && byte != '\t') || byte == 0x7F) rescue_tail[i] = '?';
    // C1 control characters in UTF-8.
    if (byte == 0xC2 && i + 1 < length && ((unsigned char)rescue_tail[i + 1] & 0xE0) == 0x80) {
      rescue_tail[i] = rescue_tail[i + 1] = '?';
    }
  }
  if (length > start) {
    write_all(rescue_error, rescue_tail + start, length - start);
    write_text(rescue_error, "\n");
  }
}

// Uses only what is safe in a signal handler; endwin isn't.
static void rescue(int number) {
  // Only the first crash is reported; other threads wait for the end.
  if (__atomic_exchange_n(&rescue_entered, 1, __ATOMIC_SEQ_CST)) {
    while (true) pause();
  }
  if (rescue_armed) {
    rescue_armed = 0;
    // Another thread may be drawing: send its output to /dev/null from here on.
    int screen = dup(STDOUT_FILENO), nowhere = open("/dev/null", O_WRONLY | O_CLOEXEC);
    if (screen >= 0 && nowhere >= 0) dup2(nowhere, STDOUT_FILENO);
    write_all(screen >= 0 ? screen : STDOUT_FILENO, rescue_bytes, rescue_length);
    // Keys and answers meant for the program must not reach the shell.
    if (rescue_expects_answers) {
      struct pollfd input = {.fd = STDIN_FILENO, .events = POLLIN};
      poll(&input, 1, 100);
    }
    tcflush(STDIN_FILENO, TCIFLUSH);
    tcsetattr(STDIN_FILENO, TCSANOW, &rescue_modes);
  }
  bool crashed = !is_from_outside(number);
  const char *name = signal_name(number);
  write_text(rescue_error, crashed ? "replicant crashed (" : "replicant was ended by a signal (");
  if (name != NULL) {
    write_text(rescue_error, name);
  } else {
    write_number(rescue_error, number);
  }
  write_text(rescue_error, ").\n");
  if (crashed && rescue_log >= 0) write_log_tail();
  if (crashed && rescue_log_path[0] != 0) {
    write_text(rescue_error, "The log: ");
    write_text(rescue_error, rescue_log_path);
    write_text(rescue_error, "\n");
  }
  struct sigaction standard = {.sa_handler = SIG_DFL};
  sigaction(number, &standard, NULL);
  sigset_t self;
  sigemptyset(&self);
  sigaddset(&self, number);
  pthread_sigmask(SIG_UNBLOCK, &self, NULL);
  raise(number);
}

// Appends a terminfo string without its padding ("$<5>"), which modern terminals don't need.
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
  rescue_modes_length = rescue_length;
  append(exit_attribute_mode);
  append(orig_pair);
  append(exit_alt_charset_mode);
  append(cursor_normal);
  append(keypad_local);
  append(exit_ca_mode);
  append("\r");
  // Without an alternate screen the frame stays visible, so move the cursor down below it.
  if (exit_ca_mode == NULL || exit_ca_mode == (char *)-1) append("\n\033[999B\r\n");

  stack_t stack = {.ss_sp = rescue_stack, .ss_size = sizeof rescue_stack};
  sigaltstack(&stack, NULL);
  struct sigaction action = {.sa_handler = rescue, .sa_flags = SA_ONSTACK};
  sigfillset(&action.sa_mask);
  const int *ending = nc_ending_signals();
  for (size_t i = 0; ending[i] != 0; i++) {
    struct sigaction before;
    // Whoever started us may want a signal to be ignored.
    if (sigaction(ending[i], NULL, &before) == 0 && before.sa_handler == SIG_IGN
        && is_from_outside(ending[i])) continue;
    sigaction(ending[i], &action, NULL);
  }
  rescue_armed = 1;
}

void nc_restore(void) {
  write_all(
    STDOUT_FILENO, rescue_bytes + rescue_modes_length, rescue_length - rescue_modes_length);
  tcsetattr(STDIN_FILENO, TCSADRAIN, &rescue_modes);
}

void nc_report_crashes(int standard_error, int log, off_t log_start, const char *log_path) {
  rescue_error = standard_error;
  rescue_log = log;
  rescue_log_start = log_start;
  rescue_log_path[0] = 0;
  if (log_path != NULL && strlen(log_path) < sizeof rescue_log_path) {
    strcpy(rescue_log_path, log_path);
  }
}

void nc_arm_rescue(void) { rescue_armed = 1; }

void nc_expect_answers(bool expected) { rescue_expects_answers = expected; }

void nc_disarm_rescue(void) { rescue_armed = 0; }
