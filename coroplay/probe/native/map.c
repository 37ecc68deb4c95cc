/* A map from pointers to pointers: see map.h. */

#include "map.h"

#include <stdlib.h>

#define FIRST_BITS 6

static int
allocate(Map *map, unsigned bits)
{
    MapEntry *entries = calloc((size_t)1 << bits, sizeof(MapEntry));
    if (entries == NULL) {
        return -1;
    }
    map->entries = entries;
    map->mask = ((size_t)1 << bits) - 1;
    map->shift = 64 - bits;
    map->used = 0;
    return 0;
}

int
Map_init(Map *map)
{
    return allocate(map, FIRST_BITS);
}

void
Map_free(Map *map)
{
    free(map->entries);
    map->entries = NULL;
}

static MapEntry *
entry_of(Map *map, void *key)
{
    size_t at = Map_home(map, key);
    while (map->entries[at].key != NULL && map->entries[at].key != key) {
        at = (at + 1) & map->mask;
    }
    return &map->entries[at];
}

static int
grow(Map *map)
{
    Map old = *map;
    if (allocate(map, 64 - old.shift + 1) < 0) {
        return -1;
    }
    for (size_t at = 0; at <= old.mask; at++) {
        if (old.entries[at].key != NULL) {
            *entry_of(map, old.entries[at].key) = old.entries[at];
        }
    }
    map->used = old.used;
    Map_free(&old);
    return 0;
}

int
Map_put(Map *map, void *key, void *value)
{
    if (map->used * 2 > map->mask && grow(map) < 0) {
        return -1;
    }
    MapEntry *entry = entry_of(map, key);
    map->used += entry->key == NULL;
    entry->key = key;
    entry->value = value;
    return 0;
}

void
Map_remove(Map *map, void *key)
{
    MapEntry *entries = map->entries;
    size_t hole = (size_t)(entry_of(map, key) - entries);
    if (entries[hole].key == NULL) {
        return;
    }
    map->used--;
    /* An entry that stands behind the hole for want of a free one moves up into it. */
    for (size_t at = (hole + 1) & map->mask; entries[at].key != NULL; at = (at + 1) & map->mask) {
        size_t home = Map_home(map, entries[at].key);
        if (((at - home) & map->mask) >= ((at - hole) & map->mask)) {
            entries[hole] = entries[at];
            hole = at;
        }
    }
    entries[hole] = (MapEntry){NULL, NULL};
}
