// A task executor for processes that should use no time while they have nothing to do.
//
// Swift runs tasks on libdispatch's global queues. On Linux, once a thread has been started there,
// libdispatch checks every second whether its threads are blocked, for as long as the process lives.
// It doesn't do that for queues that may overcommit, and the Swift runtime has a hook that decides
// where tasks run. It has no such hook for tasks that sleep; those need RestingClock.
#ifdef __linux__

#define _GNU_SOURCE
#include "CTasks.h"

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <unistd.h>

#define SWIFT_CALL __attribute__((swiftcall))
#define MAY_BE_MISSING __attribute__((weak))
typedef struct swift_job swift_job;

// The hook and swift_job_run are internal to the runtime and may disappear; libdispatch's header
// isn't on the search path of C targets. A weak reference to a symbol that doesn't exist is null
// instead of an error. It also works when the runtime is linked statically, because the linker
// resolves it; dlsym would see only what the program exports, which is nothing.
extern MAY_BE_MISSING SWIFT_CALL void (*swift_task_enqueueGlobal_hook)(swift_job *, void *);
MAY_BE_MISSING SWIFT_CALL void swift_job_run(swift_job *, void *executor, void *implementation);
MAY_BE_MISSING void *dispatch_get_global_queue(intptr_t identifier, uintptr_t flags);
MAY_BE_MISSING void dispatch_async_f(void *queue, void *context, void (*work)(void *));

enum { OVERCOMMIT = 2 };

static void *overcommitting_queue;

// Such a queue starts a thread for every block it gets. It gets one per processor at most; other
// jobs wait here, first in, first out.
static struct {
  pthread_mutex_t lock;
  swift_job **ring;
  size_t first, count, capacity;
  long running, limit;
} jobs = {.lock = PTHREAD_MUTEX_INITIALIZER};

static void run_jobs(void *unused) {
  (void)unused;
  while (true) {
    pthread_mutex_lock(&jobs.lock);
    if (jobs.count == 0) {
      jobs.running--;
      pthread_mutex_unlock(&jobs.lock);
      return;
    }
    swift_job *job = jobs.ring[jobs.first];
    jobs.first = (jobs.first + 1) % jobs.capacity;
    jobs.count--;
    pthread_mutex_unlock(&jobs.lock);
    swift_job_run(job, NULL, NULL);
  }
}

static void grow_ring(void) {
  size_t capacity = jobs.capacity * 2 + 64;
  swift_job **ring = malloc(capacity * sizeof *ring);
  // Dropping a job would leave its task waiting forever.
  if (ring == NULL) abort();
  for (size_t i = 0; i < jobs.count; i++) ring[i] = jobs.ring[(jobs.first + i) % jobs.capacity];
  free(jobs.ring);
  jobs.ring = ring;
  jobs.capacity = capacity;
  jobs.first = 0;
}

static SWIFT_CALL void enqueue(swift_job *job, void *original) {
  (void)original;
  pthread_mutex_lock(&jobs.lock);
  if (jobs.count == jobs.capacity) grow_ring();
  jobs.ring[(jobs.first + jobs.count++) % jobs.capacity] = job;
  bool needs_thread = jobs.running < jobs.limit;
  if (needs_thread) jobs.running++;
  pthread_mutex_unlock(&jobs.lock);
  if (needs_thread) dispatch_async_f(overcommitting_queue, NULL, run_jobs);
}

const char *ct_let_tasks_rest(void) {
  if (&swift_task_enqueueGlobal_hook == NULL) return "swift_task_enqueueGlobal_hook";
  if (swift_job_run == NULL) return "swift_job_run";
  if (dispatch_get_global_queue == NULL) return "dispatch_get_global_queue";
  if (dispatch_async_f == NULL) return "dispatch_async_f";
  overcommitting_queue = dispatch_get_global_queue(0, OVERCOMMIT);
  if (overcommitting_queue == NULL) return "an overcommitting queue";
  long processors = sysconf(_SC_NPROCESSORS_ONLN);
  jobs.limit = processors > 2 ? processors : 2;
  swift_task_enqueueGlobal_hook = enqueue;
  return NULL;
}

#else

#include "CTasks.h"
#include <stddef.h>

// Only libdispatch on Linux checks on its threads.
const char *ct_let_tasks_rest(void) { return NULL; }

#endif
