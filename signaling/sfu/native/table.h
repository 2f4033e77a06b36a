#ifndef PLENO_TABLE_H
#define PLENO_TABLE_H
/* Two growing containers: handles that never alias a closed one, and a hash map from 24-byte keys to pointers. */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct {
    void **items;
    uint32_t *generations;
    uint32_t *free_slots;
    uint32_t size, capacity, free_count;
} table;

/* A handle is generation << 20 | slot: non-negative, and stale once its slot was freed. -1: no memory or 2^20 slots taken. */
int table_add(table *, void *item);
void *table_get(const table *, int handle);
void table_remove(table *, int handle);
void table_free(table *);

typedef struct {
    uint64_t part[3];
} map_key;

typedef struct {
    map_key key;
    void *value; /* NULL: empty */
} map_entry;

typedef struct {
    map_entry *entries;
    uint64_t seed;
    uint32_t capacity, count; /* capacity is a power of two or 0 */
} map;

void *map_get(const map *, const map_key *);
bool map_put(map *, const map_key *, void *value); /* replaces; false: no memory */
void map_remove(map *, const map_key *);
void map_free(map *);

#endif
