/* Calls that a program can't see. All of these are functions of the module: the twins of
   coroplay/probe/base/hidden.py and coroplay/probe/program/clean_stack.py. */

#ifndef COROPLAY_HIDDEN_H
#define COROPLAY_HIDDEN_H

#define PY_SSIZE_T_CLEAN
#include <Python.h>

/* Calls a function with an empty stack below it. */
PyObject *call_clean(PyObject *module, PyObject *body);

/* Runs a file as ``python FILE`` does, by PyRun_AnyFileExFlags, with an empty stack below it. */
PyObject *run_file(PyObject *module, PyObject *path);

/* After a hook has raised an exception: returns 0 with none set if the program is at its recursion
   limit, which is its own business (the step is lost), and -1 for any other. */
int pass_recursion_limit(void);

/* Calls a function, hidden from tracers with everything it calls. */
PyObject *call_untraced(PyObject *function, PyObject *const *args, size_t flags, PyObject *names);

/* Makes a function whose calls are hidden from tracers. */
PyObject *untraced(PyObject *module, PyObject *function);

/* Makes a function that has room for its calls when the program is at its recursion limit. */
PyObject *with_room(PyObject *module, PyObject *function);

/* Makes a function that returns None where another raises an exception, which is raised where the
   interpreter next looks for signals. */
PyObject *raising_later(PyObject *module, PyObject *function);

/* Makes a stream's method `write` that has no frame. */
PyObject *write_method(PyObject *module, PyObject *args);

/* The type of what `write_method` makes. */
extern PyTypeObject WriteMethod_Type;

int hidden_ready(void);

#endif
