// What differs between operating systems; system_linux.c implements it for Linux.
#ifndef CNCURSES_SYSTEM_H
#define CNCURSES_SYSTEM_H

#include <signal.h>
#include <stdbool.h>
#include <stdint.h>

/// The number of columns of a character; negative if it can't be shown.
int nc_width(uint32_t character);
/// Sets the user's locale, or C.UTF-8 if there is none; returns the name of its character set.
const char *nc_charset(void);

/// A descriptor that is readable while one of the signals is pending.
int nc_signal_descriptor(const sigset_t *signals);
/// Takes the next pending signal; 0 if there is none.
int nc_next_signal(int descriptor);
/// The signals that end the process unless they are handled, except those that the loop reads; a 0
/// ends the list.
const int *nc_ending_signals(void);
/// Creates an anonymous file in memory.
int nc_anonymous_file(void);
/// The size that the terminal reports; false if it reports none.
bool nc_terminal_size(int *rows, int *columns);
/// Whether this is the process's first thread.
bool nc_is_first_thread(void);

/// libdispatch's main queue for a run loop of our own; CFRunLoop uses the same two functions.
int nc_main_queue_descriptor(void);
void nc_run_main_queue(int descriptor);

#endif
