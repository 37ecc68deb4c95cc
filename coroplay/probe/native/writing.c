/* Texts and details of lines, written into pieces of the recording that are set aside for C: the
   twin of coroplay/probe/files/tables.py, and of `TextFile.add` in texts.py beside it. */

#include "lines.h"

#define TEXT_PIECE ((size_t)1 << 13)
#define LARGEST_IN_PIECE ((size_t)1 << 16)
#define DETAIL_PIECE ((size_t)1 << 12)

void
Text_begin(Text *text)
{
    text->data = text->small;
    text->used = 0;
    text->room = sizeof(text->small);
}

void
Text_end(Text *text)
{
    if (text->data != text->small) {
        PyMem_Free(text->data);
    }
}

int
Text_add(Text *text, const char *data, size_t size)
{
    if (size > text->room - text->used) {
        size_t room = 2 * (text->used + size);
        char *grown = text->data == text->small ? NULL : text->data;
        grown = PyMem_Realloc(grown, room);
        if (grown == NULL) {
            PyErr_NoMemory();
            return -1;
        }
        if (text->data == text->small) {
            memcpy(grown, text->small, text->used);
        }
        text->data = grown;
        text->room = room;
    }
    memcpy(text->data + text->used, data, size);
    text->used += size;
    return 0;
}

int
Text_add_object(Text *text, PyObject *words)
{
    Py_ssize_t size;
    const char *data = PyUnicode_AsUTF8AndSize(words, &size);
    if (data != NULL) {
        return Text_add(text, data, (size_t)size);
    }
    PyErr_Clear();
    PyObject *encoded = PyUnicode_AsEncodedString(words, "utf-8", "replace");
    if (encoded == NULL) {
        return -1;
    }
    int failed = Text_add(text, PyBytes_AS_STRING(encoded), (size_t)PyBytes_GET_SIZE(encoded));
    Py_DECREF(encoded);
    return failed;
}

int
Text_add_number(Text *text, PyObject *number)
{
    char digits[24], *end = digits + sizeof(digits), *at = end;
    long long value = PyLong_AsLongLong(number);
    unsigned long long rest = value < 0 ? 0 - (unsigned long long)value : (unsigned long long)value;
    do {
        *--at = (char)('0' + rest % 10);
        rest /= 10;
    } while (rest != 0);
    if (value < 0) {
        *--at = '-';
    }
    return Text_add(text, at, (size_t)(end - at));
}

/* Adds a variable as recordings have it; a variable without a fingerprint is gone. */
int
Text_add_variable(Text *text, PyObject *name, const Variable *variable)
{
    if ((text->used != 0 && Text_add(text, RECORD_SEPARATOR, 1) < 0)
        || Text_add_object(text, name) < 0) {
        return -1;
    }
    if (variable->fingerprint == NULL) {
        return 0;
    }
    if (Text_add(text, UNIT_SEPARATOR, 1) < 0) {
        return -1;
    }
    return variable->shown == NULL ? Text_add_number(text, variable->fingerprint)
                                   : Text_add_object(text, variable->shown);
}

void
Piece_release(Piece *piece)
{
    if (piece->mapped.obj != NULL) {
        PyBuffer_Release(&piece->mapped);
    }
    piece->mapped.obj = NULL;
    piece->mapped.len = 0;
    piece->used = 0;
}

static int
reserve(Piece *piece, size_t need)
{
    /* Setting room aside lets other threads run, and they may use it up. */
    while ((size_t)piece->mapped.len - piece->used < need) {
        PyObject *found = PyObject_CallFunction(piece->reserve, "n", (Py_ssize_t)need);
        if (found == NULL) {
            return -1;
        }
        PyObject *view;
        unsigned int first;
        Py_buffer mapped;
        int failed = !PyArg_ParseTuple(found, "OI", &view, &first)
                     || PyObject_GetBuffer(view, &mapped, PyBUF_WRITABLE) < 0;
        Py_DECREF(found);
        if (failed) {
            return -1;
        }
        Piece_release(piece);
        piece->mapped = mapped;
        piece->first = first;
    }
    return 0;
}

static size_t
at_least(size_t need, size_t usual)
{
    return need > usual ? need : usual;
}

static int
write_large(Piece *texts, const Text *text, uint32_t *reference)
{
    PyObject *found = PyObject_CallFunction(texts->add, "y#", text->data, (Py_ssize_t)text->used);
    if (found == NULL) {
        return -1;
    }
    *reference = (uint32_t)PyLong_AsUnsignedLong(found);
    Py_DECREF(found);
    return PyErr_Occurred() ? -1 : 0;
}

int
write_text(Piece *texts, const Text *text, uint32_t *reference)
{
    if (text->used > LARGEST_IN_PIECE) {
        return write_large(texts, text, reference);
    }
    uint32_t length = (uint32_t)text->used;
    _Static_assert(sizeof(length) == LENGTH_SIZE, "a length is as large as the format says");
    size_t need = (sizeof(length) + text->used + TEXT_ALIGNMENT - 1) & ~(size_t)(TEXT_ALIGNMENT - 1);
    if ((size_t)texts->mapped.len - texts->used < need
        && reserve(texts, at_least(need, TEXT_PIECE)) < 0) {
        return -1;
    }
    char *entry = (char *)texts->mapped.buf + texts->used;
    memcpy(entry, &length, sizeof(length));
    memcpy(entry + sizeof(length), text->data, text->used);
    *reference = texts->first + (uint32_t)(texts->used / TEXT_ALIGNMENT);
    texts->used += need;
    return 0;
}

int
write_detail(Piece *details, uint32_t previous, uint32_t location, uint32_t text, uint32_t whole,
             uint32_t *reference)
{
    const uint32_t row[DETAIL_SIZE / sizeof(uint32_t)] = {previous, location, text, whole};
    if ((size_t)details->mapped.len - details->used < sizeof(row)
        && reserve(details, DETAIL_PIECE) < 0) {
        return -1;
    }
    memcpy((char *)details->mapped.buf + details->used, row, sizeof(row));
    *reference = details->first + (uint32_t)(details->used / sizeof(row));
    details->used += sizeof(row);
    return 0;
}
