/* The clock of time.perf_counter_ns, read as quickly as the machine allows.

   Asking the system takes about 20 ns, half of what else a switch costs here. Where the system's
   own clock is the processor's counter, the counter is read instead, and compared with the system
   at least once in a millisecond: the two never differ by more than they drift apart in that. */

#ifndef COROPLAY_CLOCK_H
#define COROPLAY_CLOCK_H

#include <stdint.h>

#if defined(__linux__) && defined(__x86_64__)
#define HAS_COUNTER 1
#include <x86intrin.h>
#else
#define HAS_COUNTER 0
#endif

typedef struct {
    uint64_t ticks;   /* of the counter, when it was last compared */
    int64_t then;     /* what the system's clock said at that moment */
    uint64_t reach;   /* for how many ticks from then the counter is good; 0: it isn't used */
    uint64_t scale;   /* nanoseconds a tick, times 2**32 */
    uint64_t first_ticks; /* where the rate is measured from */
    int64_t first_then;
} Clock;

/* What the system's clock says, in nanoseconds. */
int64_t Clock_system(void);

/* Finds out whether there is a counter that can be relied on. */
void Clock_init(Clock *clock);

/* Asks the system, and compares the counter with it. */
int64_t Clock_compare(Clock *clock);

/* What the clock says, in nanoseconds. */
static inline int64_t
Clock_now(Clock *clock)
{
#if HAS_COUNTER
    uint64_t passed = __rdtsc() - clock->ticks;
    if (passed < clock->reach) {
        return clock->then + (int64_t)((passed * clock->scale) >> 32);
    }
#endif
    return Clock_compare(clock);
}

#endif
