// What Swift can't reach by itself: ncurses' macros, and what must be done inside a signal handler.
#ifndef CNCURSES_H
#define CNCURSES_H

#define NCURSES_WIDECHAR 1
#include <curses.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>
#include <termios.h>

#include "system.h"

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
/// Finds what changed, and puts the cursor there, or hides it if the row is negative.
void nc_update(int row, int column);
/// Takes a part of a row that the next update shows, to be written once more as a link to an address;
/// an empty one takes the link away. The cursor stays.
void nc_put_link(int row, int column, const nc_cell *cells, int count, const char *address);
/// Sends the updates and links since the last time, between two texts, with one call; nothing where
/// there are none.
void nc_send(const char *before, const char *after);
/// Makes the next update send everything.
void nc_forget_screen(void);
/// Takes the terminal's modes back after another program has changed them.
void nc_resume(void);
/// Leaves the full screen; the next update takes it back. The terminal's modes stay.
void nc_end(void);
void nc_blank_screen(void);

/// Prepares what a crash writes: `modes`, then terminfo's own resets, and arms the rescue. Call it
/// once, after nc_start.
void nc_prepare_rescue(const char *modes, const struct termios *saved);
/// Writes terminfo's resets alone, and takes the terminal's first modes back.
void nc_restore(void);
/// Says where a crash is told (`standard_error`), and which file holds what came to stderr
/// meanwhile (`log`, or -1), from where on, and under which name (or NULL).
void nc_report_crashes(int standard_error, int log, off_t log_start, const char *log_path);
/// From now on, and again after nc_disarm_rescue, a crash restores the terminal before it is told.
void nc_arm_rescue(void);
/// Whether the terminal has been asked something that it hasn't answered yet.
void nc_expect_answers(bool expected);
/// The terminal is somebody else's: a crash is told, and nothing restored.
void nc_disarm_rescue(void);

#endif
