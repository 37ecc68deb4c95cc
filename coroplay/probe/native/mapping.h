/* A part of a file in memory: the twin of coroplay/probe/files/mapping.py. */

#ifndef COROPLAY_MAPPING_H
#define COROPLAY_MAPPING_H

#define PY_SSIZE_T_CLEAN
#include <Python.h>

/* Maps so many bytes of a file from an offset on, as a memoryview: a function of the module. */
PyObject *map_shared(PyObject *module, PyObject *args);

int mapping_ready(void);

#endif
