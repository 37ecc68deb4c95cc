/* The interpreter's internals: see internals.h. */

#include "internals.h"

#include <stddef.h>

/* The number of calls that may still be nested, and the limit from which it counts down. */
#if PY_VERSION_HEX >= 0x030C0000
#define REMAINING(thread) ((thread)->py_recursion_remaining)
#define LIMIT(thread) ((thread)->py_recursion_limit)
#else
#define REMAINING(thread) ((thread)->recursion_remaining)
#define LIMIT(thread) ((thread)->recursion_limit)
#endif

static InterpreterFrame **
innermost_frame(PyThreadState *thread)
{
#if PY_VERSION_HEX >= 0x030D0000
    return &thread->current_frame;
#else
    return &thread->cframe->current_frame;
#endif
}

Stack
cut_stack(PyThreadState *thread)
{
    InterpreterFrame **frame = innermost_frame(thread);
    Stack before = {*frame, LIMIT(thread) - REMAINING(thread)};
#if PY_VERSION_HEX >= 0x030F0000
    *frame = thread->base_frame;
#else
    *frame = NULL;
#endif
    REMAINING(thread) = LIMIT(thread);
    return before;
}

void
restore_stack(PyThreadState *thread, Stack before)
{
    *innermost_frame(thread) = before.frame;
    /* The program may have changed the limit. */
    REMAINING(thread) = LIMIT(thread) - before.depth;
}

void
add_room(PyThreadState *thread, int calls)
{
    REMAINING(thread) += calls;
}

#if PY_VERSION_HEX >= 0x030D0000

/* The interpreter's own layout, as it describes it to debuggers. */
#define OFFSETS (_PyRuntime.debug_offsets)

int
has_known_layout(void)
{
    const struct {
        uint64_t running, built;
    } places[] = {
        {OFFSETS.thread_state.current_frame, offsetof(PyThreadState, current_frame)},
#if PY_VERSION_HEX >= 0x030F0000
        {OFFSETS.thread_state.base_frame, offsetof(PyThreadState, base_frame)},
#endif
        {OFFSETS.interpreter_frame.size, sizeof(InterpreterFrame)},
        {OFFSETS.interpreter_frame.previous, offsetof(InterpreterFrame, previous)},
        {OFFSETS.interpreter_frame.executable, offsetof(InterpreterFrame, f_executable)},
        {OFFSETS.interpreter_frame.instr_ptr, offsetof(InterpreterFrame, instr_ptr)},
        {OFFSETS.interpreter_frame.localsplus, offsetof(InterpreterFrame, localsplus)},
        {OFFSETS.interpreter_frame.owner, offsetof(InterpreterFrame, owner)},
        {OFFSETS.code_object.size, sizeof(PyCodeObject)},
        {OFFSETS.code_object.localsplusnames, offsetof(PyCodeObject, co_localsplusnames)},
        {OFFSETS.code_object.localspluskinds, offsetof(PyCodeObject, co_localspluskinds)},
        {OFFSETS.code_object.co_code_adaptive, offsetof(PyCodeObject, co_code_adaptive)},
        {OFFSETS.list_object.ob_item, offsetof(PyListObject, ob_item)},
        {OFFSETS.tuple_object.ob_item, offsetof(PyTupleObject, ob_item)},
    };
    int known = memcmp(OFFSETS.cookie, "xdebugpy", sizeof(OFFSETS.cookie)) == 0
                && OFFSETS.version >> 16 == PY_VERSION_HEX >> 16 && OFFSETS.free_threaded == 0;
    for (size_t n = 0; known && n < sizeof(places) / sizeof(places[0]); n++) {
        known = places[n].running == places[n].built;
    }
    if (!known) {
        PyErr_SetString(PyExc_ImportError,
                        "it was built for an interpreter of another layout: install coroplay again");
    }
    return known;
}

#else

/* Older interpreters don't describe their layout. */
int
has_known_layout(void)
{
    return 1;
}

#endif
