/* The clock of time.perf_counter_ns, read as quickly as the machine allows.

   A call of the system takes about 20 ns, half of the rest of a switch here. Where the system's own
   clock is the processor's counter, the counter is read instead, and compared with the system at
   least once in a millisecond: the two never differ by more than their drift in that time. */

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
    uint64_t ticks;   /* the counter when it was last compared */
    int64_t then;     /* the system's clock at the same moment */
    uint64_t reach;   /* the ticks from then on for which the counter is good; 0: it isn't used */
    uint64_t scale;   /* nanoseconds a tick, times 2**32 */
    uint64_t first_ticks; /* the start of the span in which the rate is measured */
    int64_t first_then;
} Clock;

/* Returns the system's clock in nanoseconds. */
int64_t Clock_system(void);

/* Finds out whether there is a reliable counter. */
void Clock_init(Clock *clock);

/* Returns the system's clock in nanoseconds, and compares the counter with it. */
int64_t Clock_compare(Clock *clock);

/* Returns the clock in nanoseconds. */
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
