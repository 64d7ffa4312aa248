// Tells the thread sanitizer about the slow path of Swift's Mutex.
//
// On Linux a Mutex is a futex. Its fast path is inlined into our code, where the sanitizer sees the
// atomic operations. When threads compete for it, the standard library asks the kernel instead, and
// the library isn't sanitized: the sanitizer sees no order between the thread that unlocked and the
// one that locked next, and reports a race on whatever the Mutex protects. These functions take the
// place of the library's two slow ones, call them, and report that order.
#define _GNU_SOURCE
#include "CThreadSanitizer.h"

#include <dlfcn.h>
#include <stdint.h>
#include <stdlib.h>

// Synchronization._MutexHandle._lockSlow(UInt32) and ._unlockSlow().
#define LOCK_SLOW "$s15Synchronization12_MutexHandleV9_lockSlowyys6UInt32VF"
#define UNLOCK_SLOW "$s15Synchronization12_MutexHandleV11_unlockSlowyyF"

#define SWIFT __attribute__((swiftcall))
#define SELF __attribute__((swift_context))

void __tsan_acquire(void *address);
void __tsan_release(void *address);

typedef SWIFT void LockSlow(uint32_t thread, SELF void *handle);
typedef SWIFT void UnlockSlow(SELF void *handle);

LockSlow lock_slow __asm__(LOCK_SLOW);
UnlockSlow unlock_slow __asm__(UNLOCK_SLOW);

// The library's own function. Without it a Mutex can't work at all, so there's nothing to go on
// with.
static void *original(const char *name) {
  void *function = dlsym(RTLD_NEXT, name);
  if (!function) abort();
  return function;
}

SWIFT void lock_slow(uint32_t thread, SELF void *handle) {
  ((LockSlow *)original(LOCK_SLOW))(thread, handle);
  __tsan_acquire(handle);
}

SWIFT void unlock_slow(SELF void *handle) {
  __tsan_release(handle);
  ((UnlockSlow *)original(UNLOCK_SLOW))(handle);
}
