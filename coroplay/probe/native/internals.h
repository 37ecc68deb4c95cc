/* The interpreter's internals that the accelerator relies on, all of them. They change from one
   version to the next: only versions that the tests run on are known, the same ones that
   coroplay/pythons.py names. */

#ifndef COROPLAY_INTERNALS_H
#define COROPLAY_INTERNALS_H

#define PY_SSIZE_T_CLEAN
#include <Python.h>

#if PY_VERSION_HEX < 0x030B0000 || PY_VERSION_HEX >= 0x03100000
#error "the accelerator is for Python 3.11 to 3.15"
#endif

#ifndef Py_BUILD_CORE
#define Py_BUILD_CORE
#endif
/* The interpreter's own headers are not written for every warning. */
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wunused-parameter"
#include "internal/pycore_code.h"
#include "internal/pycore_frame.h"
#if PY_VERSION_HEX >= 0x030E0000
#include "internal/pycore_interpframe.h"
#include "internal/pycore_stackref.h"
#endif
#if PY_VERSION_HEX >= 0x030D0000
#include "internal/pycore_runtime.h"
#endif
#pragma GCC diagnostic pop

/* A frame inside the interpreter: there is one for every call, with or without a frame object. */
typedef struct _PyInterpreterFrame InterpreterFrame;

/* Returns the n-th variable of a frame, borrowed, in the order of co_localsplusnames; NULL if the
   variable has no value. */
static inline PyObject *
variable_of(PyFrameObject *frame, Py_ssize_t n)
{
#if PY_VERSION_HEX >= 0x030E0000
    _PyStackRef local = frame->f_frame->localsplus[n];
    return PyStackRef_IsNull(local) ? NULL : PyStackRef_AsPyObjectBorrow(local);
#else
    return frame->f_frame->localsplus[n];
#endif
}

/* Returns the value that was sent into a generator that has just been resumed, borrowed: it lies on
   top of the frame's own stack. NULL if there is none. */
static inline PyObject *
sent_into(PyFrameObject *frame)
{
    InterpreterFrame *inner = frame->f_frame;
#if PY_VERSION_HEX >= 0x030E0000
    _PyStackRef *bottom = inner->localsplus, *end = inner->stackpointer;
#else
    PyObject **bottom = inner->localsplus, **end = bottom + inner->stacktop;
#endif
    PyCodeObject *code = PyFrame_GetCode(frame);
    int variables = code->co_nlocalsplus;
    Py_DECREF(code);
    if (end == NULL || end <= bottom + variables) {
        return NULL;
    }
#if PY_VERSION_HEX >= 0x030E0000
    return PyStackRef_IsNull(end[-1]) ? NULL : PyStackRef_AsPyObjectBorrow(end[-1]);
#else
    return end[-1];
#endif
}

/* Returns the code of a frame, borrowed from the frame. */
static inline PyCodeObject *
code_of(InterpreterFrame *frame)
{
#if PY_VERSION_HEX >= 0x030E0000
    return (PyCodeObject *)PyStackRef_AsPyObjectBorrow(frame->f_executable);
#elif PY_VERSION_HEX >= 0x030D0000
    return (PyCodeObject *)frame->f_executable;
#else
    return frame->f_code;
#endif
}

/* Returns the offset in its code of the instruction that a frame is at. */
static inline int
instruction_of(InterpreterFrame *frame)
{
    return _PyInterpreterFrame_LASTI(frame) * (int)sizeof(_Py_CODEUNIT);
}

/* Returns the Python frame that called the given one; NULL if none did. No frame object is made, as
   PyFrame_GetBack would: so nothing of the program's can run. */
static inline InterpreterFrame *
caller_of(InterpreterFrame *frame)
{
    InterpreterFrame *caller = frame->previous;
    while (caller != NULL && _PyFrame_IsIncomplete(caller)) {
        caller = caller->previous;
    }
    return caller;
}

/* Tells whether no other Python frame called the given one. */
static inline int
is_outermost(PyFrameObject *frame)
{
    return caller_of(frame->f_frame) == NULL;
}

/* The stack, as a thread's state records it. */
typedef struct {
    InterpreterFrame *frame; /* the innermost frame */
    int depth;               /* the number of nested calls, as counted for the recursion limit */
} Stack;

/* Empties a thread's stack, as that of a new thread; returns what the stack was. */
Stack cut_stack(PyThreadState *thread);

/* Puts a stack back that `cut_stack` returned, once the calls since then have returned. */
void restore_stack(PyThreadState *thread, Stack before);

/* Lets so many more calls be nested in a thread, or fewer again. */
void add_room(PyThreadState *thread, int calls);

/* Tells whether the running interpreter has the layout that the accelerator was built for; returns
   0 with an exception set if not. */
int has_known_layout(void);

#endif
