// What Swift can't reach by itself: ncurses' macros and a few calls of the system.
#ifndef CNCURSES_H
#define CNCURSES_H

#define NCURSES_WIDECHAR 1
#include <curses.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <termios.h>

// Attributes; the WA_ names are cast macros, which aren't imported.
static const uint32_t NC_BOLD = (uint32_t)WA_BOLD;
static const uint32_t NC_DIM = (uint32_t)WA_DIM;
static const uint32_t NC_UNDERLINE = (uint32_t)WA_UNDERLINE;
static const uint32_t NC_REVERSE = (uint32_t)WA_REVERSE;
static const uint32_t NC_ITALIC = (uint32_t)WA_ITALIC;

/// One column to show: a base character and two marks, attributes and a colour pair.
/// The right half of a wide character has no character.
typedef struct {
  uint32_t characters[3];
  uint32_t attributes;
  int32_t pair;
} nc_cell;

/// Whether the terminal of that name can show a full screen.
bool nc_can_show(const char *name);
/// Starts ncurses for output, with the terminal in raw mode; false if it can't.
bool nc_start(void);
/// The size that ncurses works with.
int nc_rows(void);
int nc_columns(void);
/// How many colours and colour pairs there are.
int nc_colors(void);
int nc_pairs(void);
/// Hands a part of a row to ncurses; nothing is sent yet.
void nc_put(int row, int column, const nc_cell *cells, int count);
/// Sends what changed, and puts the cursor there, or hides it if the row is negative.
void nc_update(int row, int column);
/// Makes the next update send everything.
void nc_forget_screen(void);
/// Goes back to ncurses' modes after another program has changed them.
void nc_resume(void);
void nc_blank_screen(void);

/// Prepares what a crash writes: `modes`, then terminfo's own resets. Call it once, after nc_start.
void nc_prepare_rescue(const char *modes, const struct termios *saved);
/// Where the log is, as a crash tells it.
void nc_name_log(const char *path);
/// From now on a crash restores the terminal first, tells that it was one, and then copies the end of
/// what `captured` (a file that stands for stderr, or -1) holds from `start` on to `standard_error`.
void nc_arm_rescue(int captured, long start, int standard_error);
void nc_disarm_rescue(void);

/// The columns of a character; negative if it can't be shown.
int nc_width(uint32_t character);
/// The name of the locale's character set.
const char *nc_charset(void);

/// A descriptor that is readable while one of the signals is pending.
int nc_signal_descriptor(const sigset_t *signals);
/// The next pending signal, or 0.
int nc_next_signal(int descriptor);
/// A file without a name, for what must not reach the screen.
int nc_anonymous_file(void);
/// The size in the terminal's own words; false if it doesn't say.
bool nc_terminal_size(int *rows, int *columns);
/// Whether this is the process's first thread.
bool nc_is_first_thread(void);

/// libdispatch's main queue for run loops that aren't its own; CFRunLoop uses the same two.
int nc_main_queue_descriptor(void);
void nc_run_main_queue(int descriptor);

#endif
