/* The table of steps: the twin of coroplay/probe/files/steps.py. All other files build on it. */

#ifndef COROPLAY_ACCELERATOR_H
#define COROPLAY_ACCELERATOR_H

#define PY_SSIZE_T_CLEAN
#include <Python.h>

#include "clock.h"
#include "layout.h"

#include <stdint.h>

#ifdef Py_GIL_DISABLED
#error "the accelerator relies on the global interpreter lock"
#endif
#if PY_BIG_ENDIAN
#error "recordings are little-endian, and so is what the accelerator writes"
#endif

/* A row of the table `steps`, as coroplay/trace/layout.py describes it. */
typedef struct {
    uint32_t coroutine;
    uint32_t detail;
    uint64_t stamp;
} StepRow;

_Static_assert(sizeof(StepRow) == STEP_SIZE, "a step is as large as the format says");

/* The end of the table of steps, where rows are appended. */
typedef struct {
    PyObject_HEAD
    PyObject *window;  /* a Python function that returns the file's n-th window as a memoryview */
    Py_buffer mapped;  /* the window written to now; `mapped.obj` is NULL when there is none */
    StepRow *rows;     /* the window's first row */
    uint64_t first;    /* the number of the window's first row */
    uint64_t end;      /* the number of the first row behind the window */
    uint64_t count;    /* the number of rows written so far */
    uint64_t latest;   /* the time of the last row */
    uint64_t mark_at;  /* the number of rows at which the next mark is due */
    Clock clock;
    int64_t base;      /* the clock's reading when the program's own time was zero */
    int64_t held;      /* the clock's reading when the program's time was held; 0 while time runs */
} Steps;

extern PyTypeObject Steps_Type;

/* Returns the program's own time in nanoseconds. */
static inline uint64_t
Steps_time(Steps *self)
{
    int64_t moment = self->held != 0 ? self->held : Clock_now(&self->clock);
    return (uint64_t)(moment - self->base);
}

/* Tells whether the window has room for the next row, and no mark is due with that row. */
static inline int
Steps_has_room(const Steps *self)
{
    return self->count < self->end && self->count + 1 < self->mark_at;
}

/* Makes sure that there is room for the next row; returns -1 with an exception set if not. */
int Steps_reserve(Steps *self);

/* Writes the next row, for which there must be room. */
static inline void
Steps_write(Steps *self, uint32_t coroutine, uint32_t detail, uint64_t time, unsigned verb)
{
    StepRow *row = self->rows + (self->count - self->first);
    if (time < self->latest) {
        time = self->latest;
    }
    self->latest = time;
    row->coroutine = coroutine;
    row->detail = detail;
    /* The stamp commits the row: a reader that sees the stamp must see the rest. */
    uint64_t stamp = (time & (((uint64_t)1 << TIME_BITS) - 1)) | (uint64_t)verb << TIME_BITS;
    __atomic_store_n(&row->stamp, stamp, __ATOMIC_RELEASE);
    self->count++;
}

#endif
