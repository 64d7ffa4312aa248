// Lets a process sleep while its Swift tasks have nothing to do.
#ifndef CTASKS_H
#define CTASKS_H

/// Makes Swift's tasks run where libdispatch doesn't wake the process up once a second to check on
/// its threads. Call this before the first task.
///
/// Returns NULL on success, or the name of a symbol that this Swift runtime doesn't have. Then tasks
/// run on Swift's own executor: everything works, but the process never sleeps for long.
const char *ct_let_tasks_rest(void);

#endif
