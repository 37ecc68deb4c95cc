/* A hook that does nothing: what greenlet's own dispatch costs, the floor of any hook. */

#include <Python.h>

static PyObject *
noop(PyObject *Py_UNUSED(module), PyObject *const *Py_UNUSED(args), Py_ssize_t Py_UNUSED(count))
{
    Py_RETURN_NONE;
}

static PyMethodDef methods[] = {
    {"noop", (PyCFunction)(void (*)(void))noop, METH_FASTCALL, NULL},
    {NULL, NULL, 0, NULL},
};

static struct PyModuleDef definition = {
    PyModuleDef_HEAD_INIT,
    .m_name = "noop",
    .m_size = -1,
    .m_methods = methods,
};

PyMODINIT_FUNC
PyInit_noop(void)
{
    return PyModule_Create(&definition);
}
