/* The hooks for switches between greenlets. */

#ifndef COROPLAY_GREENLETS_H
#define COROPLAY_GREENLETS_H

#define PY_SSIZE_T_CLEAN
#include <Python.h>

/* The hook of one thread: made from a FastPath and the reference that takes what it can't do. */
extern PyTypeObject ThreadHook_Type;

int greenlets_ready(void);

#endif
