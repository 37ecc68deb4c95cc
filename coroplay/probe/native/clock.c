/* The clock of time.perf_counter_ns: see clock.h. */

#include <Python.h>

#include "clock.h"

#include <fcntl.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define BASELINE_NS 10000000 /* the shortest span in which a rate is measured */
#define REACH_NS 1000000
#define PROMPT_TICKS 400 /* a comparison that takes longer was interrupted */

int64_t
Clock_system(void)
{
#ifdef __APPLE__
    return (int64_t)clock_gettime_nsec_np(CLOCK_UPTIME_RAW);
#else
    struct timespec moment;
    clock_gettime(CLOCK_MONOTONIC, &moment);
    return moment.tv_sec * INT64_C(1000000000) + moment.tv_nsec;
#endif
}

#if HAS_COUNTER

/* Tells whether the system's clock is the counter. The kernel watches the counter, and changes to
   another clock when the counter is not steady. */
static int
system_uses_counter(void)
{
    char name[8] = "";
    int fd = open("/sys/devices/system/clocksource/clocksource0/current_clocksource",
                  O_RDONLY | O_CLOEXEC);
    if (fd < 0) {
        return 0;
    }
    ssize_t got = read(fd, name, sizeof(name) - 1);
    close(fd);
    return got > 0 && strcmp(name, "tsc\n") == 0;
}

void
Clock_init(Clock *clock)
{
    memset(clock, 0, sizeof(*clock));
    if (system_uses_counter()) {
        clock->first_ticks = __rdtsc();
        clock->first_then = Clock_system();
    }
}

int64_t
Clock_compare(Clock *clock)
{
    uint64_t before = __rdtsc();
    int64_t then = Clock_system();
    uint64_t after = __rdtsc();
    if (clock->first_ticks == 0 || after - before > PROMPT_TICKS) {
        return then;
    }
    uint64_t ticks = before + (after - before) / 2;
    uint64_t span_ticks = ticks - clock->first_ticks;
    int64_t span = then - clock->first_then;
    if (span >= BASELINE_NS && span_ticks > (uint64_t)span / 16) {
        clock->scale = (uint64_t)(((unsigned __int128)span << 32) / span_ticks);
        clock->reach = ((uint64_t)REACH_NS << 32) / clock->scale;
        clock->ticks = ticks;
        clock->then = then;
        if (span >= 100 * (int64_t)BASELINE_NS) {
            clock->first_ticks = ticks;
            clock->first_then = then;
        }
    }
    return then;
}

#else

void
Clock_init(Clock *clock)
{
    memset(clock, 0, sizeof(*clock));
}

int64_t
Clock_compare(Clock *Py_UNUSED(clock))
{
    return Clock_system();
}

#endif
