/* The hooks for greenlets: where they are created, and where they switch. */

#ifndef COROPLAY_GREENLETS_H
#define COROPLAY_GREENLETS_H

#define PY_SSIZE_T_CLEAN
#include <Python.h>

/* The hook of one thread: made from a FastPath and the reference that takes what it can't do. */
extern PyTypeObject ThreadHook_Type;

/* A function of the module: calls a hook with every greenlet that is created. */
PyObject *watch_creations(PyObject *module, PyObject *args);

int greenlets_ready(void);

#endif
