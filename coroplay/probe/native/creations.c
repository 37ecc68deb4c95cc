/* Sees greenlets where they are created. greenlet itself has no hook for that, so the function that
   initialises a greenlet is replaced in the type: in its slot, and in the method `__init__`, from
   which subclasses take theirs. The method remains the same object. */

#include "greenlets.h"

#include "hidden.h"

static initproc initialise;
static PyObject *on_creation; /* called with every greenlet that has been initialised; or NULL */

/* Tells of a greenlet; returns -1 with an exception of the program's. */
static int
tell(PyObject *greenlet)
{
    PyObject *hook = Py_NewRef(on_creation);
    PyObject *done = call_untraced(hook, &greenlet, 1, NULL);
    Py_DECREF(hook);
    Py_XDECREF(done);
    return done == NULL ? pass_recursion_limit() : 0;
}

static int
initialise_watched(PyObject *greenlet, PyObject *args, PyObject *named)
{
    int failed = initialise(greenlet, args, named);
    return failed || on_creation == NULL ? failed : tell(greenlet);
}

PyObject *
watch_creations(PyObject *Py_UNUSED(module), PyObject *args)
{
    PyTypeObject *kind;
    PyObject *hook, *method;
    if (!PyArg_ParseTuple(args, "O!O!O", &PyType_Type, &kind, &PyWrapperDescr_Type, &method,
                          &hook)) {
        return NULL;
    }
    PyWrapperDescrObject *wrapper = (PyWrapperDescrObject *)method;
    if (wrapper->d_wrapped == (void *)kind->tp_init && kind->tp_init != initialise_watched) {
        initialise = kind->tp_init;
        kind->tp_init = initialise_watched;
        wrapper->d_wrapped = (void *)initialise_watched;
    }
    /* Without a hook the function stays in place, since subclasses have it as well. */
    Py_XSETREF(on_creation, hook == Py_None ? NULL : Py_NewRef(hook));
    Py_RETURN_NONE;
}
