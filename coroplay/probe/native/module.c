/* The module of the accelerator, which is optional: the probe's most frequent work, in C. Each
   piece does the same as its twin in Python; coroplay/probe/base/accelerator.py chooses between the
   two. */

#include "greenlets.h"
#include "hidden.h"
#include "internals.h"
#include "line_hooks.h"
#include "mapping.h"
#include "requests.h"

/* Version of the interface, as in coroplay/probe/base/accelerator.py: raised with every change. */
#define VERSION 16

static PyObject *
generator_of(PyObject *Py_UNUSED(module), PyObject *frame)
{
    if (!PyFrame_Check(frame)) {
        PyErr_SetString(PyExc_TypeError, "only frames have generators");
        return NULL;
    }
    PyObject *found = PyFrame_GetGenerator((PyFrameObject *)frame);
    if (found == NULL && !PyErr_Occurred()) {
        Py_RETURN_NONE;
    }
    return found;
}

static PyObject *
sent_value(PyObject *Py_UNUSED(module), PyObject *frame)
{
    if (!PyFrame_Check(frame)) {
        PyErr_SetString(PyExc_TypeError, "only into frames values are sent");
        return NULL;
    }
    PyObject *value = sent_into((PyFrameObject *)frame);
    return value == NULL ? PyTuple_New(0) : PyTuple_Pack(1, value);
}

static PyObject *
hide(PyObject *Py_UNUSED(module), PyObject *thing)
{
    if (PyObject_GC_IsTracked(thing)) {
        PyObject_GC_UnTrack(thing);
    }
    Py_RETURN_NONE;
}

static PyMethodDef functions[] = {
    {"variables", read_variables, METH_O, "Return the variables of a function's frame."},
    {"standings", standings, METH_VARARGS, "Sum up unfinished tracks, of which some run."},
    {"generator_of", generator_of, METH_O,
     "Return the generator that a frame belongs to, or None."},
    {"sent_value", sent_value, METH_O,
     "Return the value that was sent into a generator that has just been resumed."},
    {"map_shared", map_shared, METH_VARARGS, "Map a part of a file, as a memoryview."},
    {"call_clean", call_clean, METH_O, "Call with an empty stack below."},
    {"run_file", run_file, METH_O, "Run a file as __main__, with an empty stack below."},
    {"untraced", untraced, METH_O, "Make a function whose calls are hidden from tracers."},
    {"with_room", with_room, METH_O,
     "Make a function that has room at the program's recursion limit."},
    {"raising_later", raising_later, METH_O,
     "Make a function whose exceptions are raised where Python next looks for signals."},
    {"watch_creations", watch_creations, METH_VARARGS,
     "Call a hook with every greenlet that is created."},
    {"watch_requests", watch_requests, METH_VARARGS,
     "Take notice of the calls of greenlet's `switch` and `throw`."},
    {"take_request", take_request, METH_NOARGS,
     "Return and forget the call by which control is passed to a greenlet, or None."},
    {"hide", hide, METH_O, "Take an object from those that the collector of garbage lists."},
    {"write_method", write_method, METH_VARARGS, "Make a stream's write that has no frame."},
};

/* Adds the functions one by one. As methods of the module they would make it an extension that
   faulthandler names when the program crashes. */
static int
add_functions(PyObject *module)
{
    int failed = 0;
    for (size_t n = 0; n < sizeof(functions) / sizeof(functions[0]) && !failed; n++) {
        PyObject *made = PyCFunction_New(&functions[n], NULL);
        failed = PyModule_AddObjectRef(module, functions[n].ml_name, made);
        Py_XDECREF(made);
    }
    return failed;
}

static struct PyModuleDef definition = {
    PyModuleDef_HEAD_INIT,
    .m_name = "coroplay.probe.native._accelerator",
    .m_doc = "The probe's most frequent work, in C.",
    .m_size = -1,
};

PyMODINIT_FUNC
PyInit__accelerator(void)
{
    PyObject *module = has_known_layout() ? PyModule_Create(&definition) : NULL;
    if (module == NULL) {
        return NULL;
    }
    if (PyType_Ready(&Facts_Type) < 0 || PyType_Ready(&Snapshot_Type) < 0 || FastPath_ready() < 0
        || LineHooks_ready() < 0
        || PyModule_AddIntMacro(module, VERSION) < 0
        || greenlets_ready() < 0
        || hidden_ready() < 0
        || mapping_ready() < 0
        || add_functions(module) < 0
        || PyModule_AddType(module, &Steps_Type) < 0
        || PyModule_AddType(module, &Lines_Type) < 0
        || PyModule_AddType(module, &Track_Type) < 0
        || PyModule_AddType(module, &Thread_Type) < 0
        || PyModule_AddType(module, &FastPath_Type) < 0
        || PyModule_AddType(module, &ThreadHook_Type) < 0
        || PyModule_AddType(module, &WriteMethod_Type) < 0
        || PyModule_AddType(module, &LineHooks_Type) < 0) {
        Py_DECREF(module);
        return NULL;
    }
    return module;
}
