/* Sees what the methods `switch` and `throw` of greenlets are called with, which greenlet tells no
   hook. The functions behind the two methods are replaced; the methods remain the same objects, and
   so do all that were bound before. greenlet's own calls from C, as gevent makes them, go by. */

#include "requests.h"

_Thread_local Request latest_request;

static PyCFunctionWithKeywords switch_to;
static PyCFunction throw_into;

/* Forgets a request that has led to no switch. */
static inline void
withdraw(PyObject *args)
{
    if (latest_request.args == args) {
        forget_request();
    }
}

static PyObject *
switch_watched(PyObject *greenlet, PyObject *args, PyObject *named)
{
    latest_request = (Request){greenlet, args, named, 0};
    PyObject *result = switch_to(greenlet, args, named);
    withdraw(args);
    return result;
}

static PyObject *
throw_watched(PyObject *greenlet, PyObject *args)
{
    latest_request = (Request){greenlet, args, NULL, 1};
    PyObject *result = throw_into(greenlet, args);
    withdraw(args);
    return result;
}

PyObject *
watch_requests(PyObject *Py_UNUSED(module), PyObject *args)
{
    PyObject *switches, *throws;
    if (!PyArg_ParseTuple(args, "O!O!", &PyMethodDescr_Type, &switches, &PyMethodDescr_Type,
                          &throws)) {
        return NULL;
    }
    PyMethodDef *switching = ((PyMethodDescrObject *)switches)->d_method;
    PyMethodDef *throwing = ((PyMethodDescrObject *)throws)->d_method;
    if (switch_to == NULL && switching->ml_flags == (METH_VARARGS | METH_KEYWORDS)
        && throwing->ml_flags == METH_VARARGS) {
        switch_to = (PyCFunctionWithKeywords)(void (*)(void))switching->ml_meth;
        throw_into = throwing->ml_meth;
        switching->ml_meth = (PyCFunction)(void (*)(void))switch_watched;
        throwing->ml_meth = throw_watched;
    }
    Py_RETURN_NONE;
}

PyObject *
take_request(PyObject *Py_UNUSED(module), PyObject *Py_UNUSED(nothing))
{
    Request found = latest_request;
    if (found.args == NULL) {
        Py_RETURN_NONE;
    }
    forget_request();
    PyObject *named = found.named == NULL ? Py_None : found.named;
    PyObject *throws = found.throws ? Py_True : Py_False;
    return PyTuple_Pack(4, found.greenlet, throws, found.args, named);
}
