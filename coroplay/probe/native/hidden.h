/* Calls that a program can't see. All of these are functions of the module. */

#ifndef COROPLAY_HIDDEN_H
#define COROPLAY_HIDDEN_H

#define PY_SSIZE_T_CLEAN
#include <Python.h>

/* Calls a function with nothing below it on the stack. */
PyObject *call_clean(PyObject *module, PyObject *body);

/* Runs a file as ``python FILE`` does, with nothing below it on the stack: PyRun_AnyFileExFlags. */
PyObject *run_file(PyObject *module, PyObject *path);

/* Makes a function of whose calls no tracer is told. */
PyObject *untraced(PyObject *module, PyObject *function);

/* Makes a stream's method `write` that has no frame. */
PyObject *write_method(PyObject *module, PyObject *args);

int hidden_ready(void);

#endif
