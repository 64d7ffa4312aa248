// What Swift can't do itself: use ncurses' macros, and run code inside a signal handler.
#ifndef CNCURSES_H
#define CNCURSES_H

#define NCURSES_WIDECHAR 1
#include <curses.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>
#include <termios.h>

#include "system.h"

// Attributes. The WA_ names are cast macros, which Swift doesn't import.
static const uint32_t NC_BOLD = (uint32_t)WA_BOLD;
static const uint32_t NC_DIM = (uint32_t)WA_DIM;
static const uint32_t NC_UNDERLINE = (uint32_t)WA_UNDERLINE;
static const uint32_t NC_REVERSE = (uint32_t)WA_REVERSE;
static const uint32_t NC_ITALIC = (uint32_t)WA_ITALIC;

/// A cell: a base character with up to two combining marks, attributes and a color pair.
/// The right half of a wide character has no character.
typedef struct {
  uint32_t characters[3];
  uint32_t attributes;
  int32_t pair;
} nc_cell;

/// Whether the terminal type of that name can show a full screen.
bool nc_can_show(const char *name);
/// Starts ncurses for output, with the terminal in raw mode; false if it can't.
bool nc_start(void);
/// The screen size known to ncurses.
int nc_rows(void);
int nc_columns(void);
/// The numbers of colors and of color pairs.
int nc_colors(void);
int nc_pairs(void);
/// Blanks part of a row, so that nothing is left of wide characters when it is put anew.
void nc_blank(int row, int column, int count);
/// Passes part of a row to ncurses; nothing is sent yet.
void nc_put(int row, int column, const nc_cell *cells, int count);
/// Computes the update, with the cursor at a position, or hidden if the row is negative.
void nc_update(int row, int column);
/// Queues part of a row to be written again as a link to an address, or without a link if that is
/// empty. The cursor doesn't move.
void nc_put_link(int row, int column, const nc_cell *cells, int count, const char *address);
/// Sends the pending updates and links with one system call, between two strings; sends nothing if
/// there are none.
void nc_send(const char *before, const char *after);
/// Makes the next update send everything.
void nc_forget_screen(void);
/// Sets the terminal's modes again after another program has changed them.
void nc_resume(void);
/// Leaves full-screen mode; the next update enters it again. The terminal's modes stay.
void nc_end(void);
void nc_blank_screen(void);

/// Prepares what is written after a crash, `modes` and then terminfo's resets, and arms the rescue.
/// Call this once, after nc_start.
void nc_prepare_rescue(const char *modes, const struct termios *saved);
/// Writes terminfo's resets, and restores the terminal's original modes.
void nc_restore(void);
/// Sets where a crash is reported: on `standard_error`, with the lines that `log` (or -1) has from
/// `log_start` on, and the log's path (or NULL).
void nc_report_crashes(int standard_error, int log, off_t log_start, const char *log_path);
/// From now on, a crash restores the terminal before it is reported.
void nc_arm_rescue(void);
/// Sets whether the terminal still has to answer a query.
void nc_expect_answers(bool expected);
/// From now on, a crash is only reported: another program has the terminal.
void nc_disarm_rescue(void);

#endif
