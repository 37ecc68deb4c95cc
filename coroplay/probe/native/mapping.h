/* A part of a file in memory, with no descriptor kept for it. */

#ifndef COROPLAY_MAPPING_H
#define COROPLAY_MAPPING_H

#define PY_SSIZE_T_CLEAN
#include <Python.h>

/* A function of the module: maps so many bytes of a file from an offset on, as a memoryview. */
PyObject *map_shared(PyObject *module, PyObject *args);

int mapping_ready(void);

#endif
