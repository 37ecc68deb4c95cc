/* The optional accelerator: what the probe does most often, in C. Each piece does the same as its
   counterpart in Python, coroplay/probe/accelerator.py chooses between them. */

#include "watcher.h"

/* As in coroplay/probe/accelerator.py: raised whenever the two would misunderstand each other. */
#define VERSION 4

static PyMethodDef variables
    = {"variables", read_variables, METH_O, "The variables of a function's frame."};
static PyMethodDef standings
    = {"standings", track_standings, METH_VARARGS, "A summary of tracks, of which some run."};

/* Not among the module's methods: with any, faulthandler would name it when the program crashes. */
static int
add_function(PyObject *module, PyMethodDef *function)
{
    PyObject *made = PyCFunction_New(function, NULL);
    int failed = PyModule_AddObjectRef(module, function->ml_name, made);
    Py_XDECREF(made);
    return failed;
}

static struct PyModuleDef definition = {
    PyModuleDef_HEAD_INIT,
    .m_name = "coroplay.probe._accelerator",
    .m_doc = "What the probe does most often, in C.",
    .m_size = -1,
};

PyMODINIT_FUNC
PyInit__accelerator(void)
{
    PyObject *module = PyModule_Create(&definition);
    if (module == NULL) {
        return NULL;
    }
    if (PyType_Ready(&Facts_Type) < 0 || PyType_Ready(&Snapshot_Type) < 0 || Shortcut_ready() < 0
        || Watcher_ready() < 0
        || PyModule_AddIntMacro(module, VERSION) < 0
        || add_function(module, &variables) < 0
        || add_function(module, &standings) < 0
        || PyModule_AddType(module, &Steps_Type) < 0
        || PyModule_AddType(module, &Lines_Type) < 0
        || PyModule_AddType(module, &Track_Type) < 0
        || PyModule_AddType(module, &Thread_Type) < 0
        || PyModule_AddType(module, &Shortcut_Type) < 0
        || PyModule_AddType(module, &Watcher_Type) < 0) {
        Py_DECREF(module);
        return NULL;
    }
    return module;
}
