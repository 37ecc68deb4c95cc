/* What the accelerator relies on of the interpreter's insides. They change from one version to the
   next: only those that it was tested with are known, and coroplay/probe/accelerator.py names the
   same ones. */

#ifndef COROPLAY_INSIDES_H
#define COROPLAY_INSIDES_H

#define PY_SSIZE_T_CLEAN
#include <Python.h>

#if PY_VERSION_HEX < 0x030B0000 || PY_VERSION_HEX >= 0x030E0000
#error "the accelerator is for Python 3.11 to 3.13"
#endif

#ifndef Py_BUILD_CORE
#define Py_BUILD_CORE
#endif
#include "internal/pycore_code.h"
#include "internal/pycore_frame.h"

/* The variables of a frame that runs, in the order of its code's co_localsplusnames. */
static inline PyObject **
variables_of(PyFrameObject *frame)
{
    return frame->f_frame->localsplus;
}

/* Whether no other frame of Python's called that one. */
static inline int
is_outermost(PyFrameObject *frame)
{
    struct _PyInterpreterFrame *caller = frame->f_frame->previous;
    while (caller != NULL && _PyFrame_IsIncomplete(caller)) {
        caller = caller->previous;
    }
    return caller == NULL;
}

#endif
