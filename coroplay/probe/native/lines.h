/* The details of lines, with what is known of the frames they are in: the twin of
   coroplay/probe/lines.py and coroplay/probe/inspect/snapshots.py. */

#ifndef COROPLAY_LINES_H
#define COROPLAY_LINES_H

#include "accelerator.h"
#include "map.h"

/* A piece of one of the recording's files that only the accelerator writes to. */
typedef struct {
    PyObject *reserve;  /* a Python function that returns a new piece of about so many bytes, and
                           the reference of the piece's first entry */
    PyObject *add;      /* a Python function that writes a text too large for a piece; or NULL */
    Py_buffer mapped;   /* `mapped.obj` is NULL when there is no piece */
    size_t used;
    uint32_t first;
} Piece;

/* A text that is put together bit by bit. */
typedef struct {
    char *data;
    size_t used;
    size_t room;
    char small[512];
} Text;

/* Facts that the frames of one function have in common. */
typedef struct {
    PyObject_HEAD
    PyCodeObject *code;
    Py_ssize_t count;     /* the number of lines in the two tables below */
    uint32_t *locations;  /* by line, from the function's first on; 0: not known yet */
    uint32_t *firsts;     /* the same for details in frames that had no variables yet */
    uint32_t *calls;      /* locations of calls and yields, by instruction; NULL: none is known */
} Facts;

/* The latest details of lines, since the last change, before which nothing changed. */
#define MOST_UNCHANGED 32
typedef struct {
    int line;
    uint32_t detail;
} Unchanged;

/* A variable at its frame's last line. */
typedef struct {
    PyObject *fingerprint; /* NULL: the variable has no value */
    PyObject *shown;       /* the text; NULL: the digits of `fingerprint`, a whole number */
} Variable;

typedef struct {
    PyObject_VAR_HEAD
    Facts *facts;
    uint32_t detail;
    uint32_t links;
    unsigned unchanged;
    Unchanged details[MOST_UNCHANGED];
    Variable variables[1];
} Snapshot;

/* The twin of `PythonLines` in coroplay/probe/lines.py, for the frames of functions. */
typedef struct {
    PyObject_HEAD
    PyObject *in_python;     /* `detail` of a PythonLines, for frames of modules and classes */
    PyObject *forget;        /* `forget` of the same PythonLines */
    PyObject *locate;        /* returns the location of a line of some code */
    PyObject *locate_call;   /* returns the location of the call that a frame has under way */
    PyObject *short_;        /* coroplay.probe.inspect.values.short */
    PyObject *fingerprint;   /* coroplay.probe.inspect.fingerprints.fingerprint */
    PyObject *matches;       /* ... .matches */
    PyObject *no_fingerprint;  /* ... .NO_FINGERPRINT */
    PyObject *object_sort;     /* ... .OBJECT */
    PyObject *coroutine_sort;  /* ... .COROUTINE */
    PyObject *is;            /* operator.is_ */
    PyObject *hidden;        /* the fingerprint of a variable that is not shown */
    PyObject *name;          /* returns the name of a coroutine */
    Map facts;               /* from code objects to their Facts, owned */
    Map snapshots;           /* from frames, not owned, to their Snapshots, owned */
    long long budget;        /* the number of lines that may still be recorded */
    Piece texts;
    Piece details;
} Lines;

extern PyTypeObject Lines_Type, Facts_Type, Snapshot_Type;

/* Finds the location and the detail of a line that is about to run in a function; returns -1 with
   an exception set if it can't. */
int Lines_find(Lines *self, PyFrameObject *frame, PyCodeObject *code, int line,
               uint32_t *location, uint32_t *detail);
/* Drops what is known under the address of a frame that begins or ends. */
void Lines_leave(Lines *self, PyFrameObject *frame);

/* Tells whether there are Facts of some code, which is the person's own then. */
static inline int
Lines_knows(const Lines *self, const PyCodeObject *code)
{
    return Map_find(&self->facts, code) != NULL;
}

/* The functions of facts.c: those returning int return -1 with an exception set if they fail. */

/* Returns the Facts of some code, borrowed. They hold the code: its address stays its own. */
Facts *Facts_of(Lines *self, PyCodeObject *code);
/* Returns the row of a line in the tables, and makes room for the row; -1, with no exception set,
   if the line has none. */
Py_ssize_t Facts_row(Facts *facts, int line);
/* Finds the location of a line. */
int location_of_line(Lines *self, Facts *facts, int line, uint32_t *location);
/* Finds the location of the call or yield that a frame has under way. */
int location_of_call(Lines *self, Facts *facts, PyFrameObject *frame, uint32_t *location);
/* Remembers the location of the call that a frame has under way. */
int Facts_learn_call(Lines *self, PyFrameObject *frame);
/* Returns the location of a call that was remembered; 0 if it was not. */
uint32_t Facts_call(const Facts *facts, int at);

/* The functions of writing.c: those returning int return -1 with an exception set if they fail. */

void Text_begin(Text *text);
void Text_end(Text *text);
int Text_add(Text *text, const char *data, size_t size);
int Text_add_object(Text *text, PyObject *words);
int Text_add_number(Text *text, PyObject *number);
int Text_add_variable(Text *text, PyObject *name, const Variable *variable);
int write_text(Piece *texts, const Text *text, uint32_t *reference);
int write_detail(Piece *details, uint32_t previous, uint32_t location, uint32_t text,
                 uint32_t whole, uint32_t *reference);
void Piece_release(Piece *piece);

/* The functions of fingerprints.c: those returning int return -1 with an exception set if they
   fail. */

/* Tells whether a value would be shown as when the fingerprint was taken. */
int matches(Lines *self, PyObject *taken, PyObject *value);
/* Adds a value in short. */
int Text_add_value(Lines *self, Text *text, PyObject *value);
/* Adds the variables of a function's frame that changed, as recordings have them. */
int find_changes(Lines *self, Snapshot *snapshot, PyFrameObject *frame, Text *changed);
/* Returns the variables of a function's frame: a function of the module. */
PyObject *read_variables(PyObject *module, PyObject *frame);

#endif
