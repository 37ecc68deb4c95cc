/* A map from pointers to pointers: open addressing, and removal that leaves no tombstones. */

#ifndef COROPLAY_MAP_H
#define COROPLAY_MAP_H

#include <stddef.h>
#include <stdint.h>

typedef struct {
    void *key; /* NULL: the entry is free */
    void *value;
} MapEntry;

typedef struct {
    MapEntry *entries;
    size_t mask;    /* the number of entries, a power of two, minus 1 */
    unsigned shift; /* the number of low bits of a hash that are not used */
    size_t used;
} Map;

int Map_init(Map *map);
void Map_free(Map *map);
/* Returns -1 when there is no memory, with no exception set. */
int Map_put(Map *map, void *key, void *value);
void Map_remove(Map *map, void *key);

/* Returns the index at which a key belongs, unless another key is there. */
static inline size_t
Map_home(const Map *map, const void *key)
{
    /* Objects lie close together: the high bits of the product depend on all bits of the key. */
    return (size_t)(((uint64_t)(uintptr_t)key * UINT64_C(0x9E3779B97F4A7C15)) >> map->shift);
}

static inline void *
Map_find(const Map *map, const void *key)
{
    for (size_t at = Map_home(map, key);; at = (at + 1) & map->mask) {
        const MapEntry *entry = &map->entries[at];
        if (entry->key == key) {
            return entry->value;
        }
        if (entry->key == NULL) {
            return NULL;
        }
    }
}

#endif
