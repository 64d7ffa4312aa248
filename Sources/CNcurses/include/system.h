// What each operating system does in its own way; system_linux.c is Linux's.
#ifndef CNCURSES_SYSTEM_H
#define CNCURSES_SYSTEM_H

#include <signal.h>
#include <stdbool.h>
#include <stdint.h>

/// The columns of a character; negative if it can't be shown.
int nc_width(uint32_t character);
/// Takes the user's locale, or C.UTF-8 where there is none; the name of its character set.
const char *nc_charset(void);

/// A descriptor that is readable while one of the signals is pending.
int nc_signal_descriptor(const sigset_t *signals);
/// The next pending signal, or 0.
int nc_next_signal(int descriptor);
/// A file without a name, in memory.
int nc_anonymous_file(void);
/// The size in the terminal's own words; false if it doesn't say.
bool nc_terminal_size(int *rows, int *columns);
/// Whether this is the process's first thread.
bool nc_is_first_thread(void);

/// libdispatch's main queue for run loops that aren't its own; CFRunLoop uses the same two.
int nc_main_queue_descriptor(void);
void nc_run_main_queue(int descriptor);

#endif
