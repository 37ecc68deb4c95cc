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

/* A frame as the interpreter has it: there is one for every call, with or without an object. */
typedef struct _PyInterpreterFrame InsideFrame;

/* The code of a frame, which holds it. */
static inline PyCodeObject *
code_of(InsideFrame *frame)
{
#if PY_VERSION_HEX >= 0x030D0000
    return (PyCodeObject *)frame->f_executable;
#else
    return frame->f_code;
#endif
}

/* The offset in its code of the instruction that a frame stands at. */
static inline int
instruction_of(InsideFrame *frame)
{
    return _PyInterpreterFrame_LASTI(frame) * (int)sizeof(_Py_CODEUNIT);
}

/* The frame of Python's that called that one; NULL: none did. It is found without making an object
   of it, and so without running anything: PyFrame_GetBack makes one. */
static inline InsideFrame *
caller_of(InsideFrame *frame)
{
    InsideFrame *caller = frame->previous;
    while (caller != NULL && _PyFrame_IsIncomplete(caller)) {
        caller = caller->previous;
    }
    return caller;
}

/* Whether no other frame of Python's called that one. */
static inline int
is_outermost(PyFrameObject *frame)
{
    return caller_of(frame->f_frame) == NULL;
}

#endif
