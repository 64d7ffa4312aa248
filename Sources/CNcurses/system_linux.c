// What is Linux's own, behind system.h.
#ifdef __linux__

#define _GNU_SOURCE
#include "system.h"

#include <errno.h>
#include <langinfo.h>
#include <locale.h>
#include <pthread.h>
#include <stdlib.h>
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

// Swift's tasks run on libdispatch's global queues. From its first thread there on, libdispatch looks
// once a second whether its threads are blocked: the process never sleeps again. It doesn't look after
// queues that may overcommit, and the runtime has a hook to have tasks run elsewhere. It has none that
// works for tasks that sleep: they need a clock of ours (RestingClock).

#define SWIFT_CALL __attribute__((swiftcall))
typedef struct swift_job swift_job;

extern SWIFT_CALL void (*swift_task_enqueueGlobal_hook)(swift_job *, void *original);
SWIFT_CALL void swift_job_run(swift_job *, void *executor, void *implementation);

void *dispatch_get_global_queue(intptr_t identifier, uintptr_t flags);
void dispatch_async_f(void *queue, void *context, void (*work)(void *));

static void *overcommitting_queue(void) { return dispatch_get_global_queue(0, 2); }

// Such a queue has a thread for everything that it is given: no more is given to it than there are
// processors, and the rest waits in the order it came.
static struct {
  pthread_mutex_t lock;
  swift_job **ring;
  size_t first, count, room;
  long running, most;
} jobs = {.lock = PTHREAD_MUTEX_INITIALIZER};

static void run_jobs(void *nothing) {
  (void)nothing;
  while (true) {
    pthread_mutex_lock(&jobs.lock);
    if (jobs.count == 0) {
      jobs.running--;
      pthread_mutex_unlock(&jobs.lock);
      return;
    }
    swift_job *job = jobs.ring[jobs.first];
    jobs.first = (jobs.first + 1) % jobs.room;
    jobs.count--;
    pthread_mutex_unlock(&jobs.lock);
    swift_job_run(job, NULL, NULL);
  }
}

static void add_job(swift_job *job) {
  pthread_mutex_lock(&jobs.lock);
  if (jobs.count == jobs.room) {
    size_t room = jobs.room * 2 + 64;
    swift_job **ring = malloc(room * sizeof *ring);
    // A task that is lost would never be missed, and never end.
    if (ring == NULL) abort();
    for (size_t i = 0; i < jobs.count; i++) ring[i] = jobs.ring[(jobs.first + i) % jobs.room];
    free(jobs.ring);
    jobs.ring = ring;
    jobs.room = room;
    jobs.first = 0;
  }
  jobs.ring[(jobs.first + jobs.count++) % jobs.room] = job;
  bool is_thread_wanted = jobs.running < jobs.most;
  if (is_thread_wanted) jobs.running++;
  pthread_mutex_unlock(&jobs.lock);
  if (is_thread_wanted) dispatch_async_f(overcommitting_queue(), NULL, run_jobs);
}

static SWIFT_CALL void enqueue(swift_job *job, void *original) {
  (void)original;
  add_job(job);
}

void nc_let_tasks_rest(void) {
  long processors = sysconf(_SC_NPROCESSORS_ONLN);
  jobs.most = processors > 2 ? processors : 2;
  swift_task_enqueueGlobal_hook = enqueue;
}

int _dispatch_get_main_queue_handle_4CF(void);
void _dispatch_main_queue_callback_4CF(void *);

int nc_main_queue_descriptor(void) { return _dispatch_get_main_queue_handle_4CF(); }

void nc_run_main_queue(int descriptor) {
  uint64_t count;
  // The queue signals again for whatever arrives from here on.
  while (read(descriptor, &count, sizeof count) < 0 && errno == EINTR) {}
  _dispatch_main_queue_callback_4CF(NULL);
}

#else
#error "Another system needs a file like this one: signals read from a descriptor (kqueue), a file \
without a name, the width of a character, the terminal's size, the first thread, and libdispatch's \
main queue (a Mach port on macOS) as a descriptor that poll() takes. include/system.h lists them."
#endif
