/* A part of a file in memory, without a descriptor: the twin of coroplay/probe/files/mapping.py. */

#include "mapping.h"

#include <sys/mman.h>

typedef struct {
    PyObject_HEAD
    void *address;
    Py_ssize_t size;
} Mapping;

static int
Mapping_get_buffer(Mapping *self, Py_buffer *view, int flags)
{
    return PyBuffer_FillInfo(view, (PyObject *)self, self->address, self->size, 0, flags);
}

static void
Mapping_dealloc(Mapping *self)
{
    munmap(self->address, (size_t)self->size);
    PyObject_Free(self);
}

static PyBufferProcs as_buffer = {.bf_getbuffer = (getbufferproc)Mapping_get_buffer};

static PyTypeObject Mapping_Type = {
    PyVarObject_HEAD_INIT(NULL, 0)
    .tp_name = "coroplay.probe.native._accelerator.Mapping",
    .tp_doc = "A part of a file in memory.",
    .tp_basicsize = sizeof(Mapping),
    .tp_flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_DISALLOW_INSTANTIATION,
    .tp_dealloc = (destructor)Mapping_dealloc,
    .tp_as_buffer = &as_buffer,
};

PyObject *
map_shared(PyObject *Py_UNUSED(module), PyObject *args)
{
    int fd;
    long long offset;
    Py_ssize_t size;
    if (!PyArg_ParseTuple(args, "iLn", &fd, &offset, &size)) {
        return NULL;
    }
    void *address = mmap(NULL, (size_t)size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, (off_t)offset);
    if (address == MAP_FAILED) {
        return PyErr_SetFromErrno(PyExc_OSError);
    }
#ifdef MADV_POPULATE_WRITE
    if (offset != 0) {
        /* A table that grows is a busy one: the first access to a page costs a third if the page is
           there already. Where the system can't do it, nothing is lost. */
        madvise(address, (size_t)size, MADV_POPULATE_WRITE);
    }
#endif
    Mapping *mapping = PyObject_New(Mapping, &Mapping_Type);
    if (mapping == NULL) {
        munmap(address, (size_t)size);
        return NULL;
    }
    mapping->address = address;
    mapping->size = size;
    PyObject *view = PyMemoryView_FromObject((PyObject *)mapping);
    Py_DECREF(mapping);
    return view;
}

int
mapping_ready(void)
{
    return PyType_Ready(&Mapping_Type);
}
