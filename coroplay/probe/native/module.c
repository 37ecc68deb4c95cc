/* The optional accelerator: what the probe does most often, in C. Each piece does the same as its
   counterpart in Python, coroplay/probe/accelerator.py chooses between them. */

#include "watcher.h"

/* As in coroplay/probe/accelerator.py: raised whenever the two would misunderstand each other. */
#define VERSION 3

static PyMethodDef functions[] = {
    {"variables", read_variables, METH_O, "The variables of a function's frame."},
    {NULL, NULL, 0, NULL},
};

static struct PyModuleDef definition = {
    PyModuleDef_HEAD_INIT,
    .m_name = "coroplay.probe._accelerator",
    .m_doc = "What the probe does most often, in C.",
    .m_size = -1,
    .m_methods = functions,
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
