#include "table.h"

#include <stdlib.h>
#include <string.h>

#define SLOT_BITS 20
#define SLOT_MASK ((1u << SLOT_BITS) - 1)
#define GENERATION_MASK ((1u << (31 - SLOT_BITS)) - 1)

static bool table_grow(table *t)
{
    uint32_t capacity = t->capacity ? t->capacity * 2 : 16;
    if (capacity > SLOT_MASK + 1)
        return false;
    void **items = realloc(t->items, capacity * sizeof *items);
    if (items)
        t->items = items;
    uint32_t *generations = realloc(t->generations, capacity * sizeof *generations);
    if (generations)
        t->generations = generations;
    uint32_t *free_slots = realloc(t->free_slots, capacity * sizeof *free_slots);
    if (free_slots)
        t->free_slots = free_slots;
    if (!items || !generations || !free_slots)
        return false;
    t->capacity = capacity;
    return true;
}

int table_add(table *t, void *item)
{
    uint32_t slot;
    if (t->free_count) {
        slot = t->free_slots[--t->free_count];
    } else {
        if (t->size == t->capacity && !table_grow(t))
            return -1;
        slot = t->size++;
        t->generations[slot] = 0;
    }
    t->items[slot] = item;
    return (int)(t->generations[slot] << SLOT_BITS | slot);
}

void *table_get(const table *t, int handle)
{
    uint32_t slot = (uint32_t)handle & SLOT_MASK;
    if (handle < 0 || slot >= t->size || t->generations[slot] != (uint32_t)handle >> SLOT_BITS)
        return NULL;
    return t->items[slot];
}

void table_remove(table *t, int handle)
{
    if (!table_get(t, handle))
        return;
    uint32_t slot = (uint32_t)handle & SLOT_MASK;
    t->items[slot] = NULL;
    t->generations[slot] = (t->generations[slot] + 1) & GENERATION_MASK;
    t->free_slots[t->free_count++] = slot;
}

void table_free(table *t)
{
    free(t->items);
    free(t->generations);
    free(t->free_slots);
    memset(t, 0, sizeof *t);
}

/* Multiply-xorshift over the three words; the seed keeps remote addresses from being chosen to collide. */
static uint32_t home_of(const map *m, const map_key *key)
{
    uint64_t h = m->seed;
    for (int i = 0; i < 3; i++) {
        h = (h ^ key->part[i]) * 0x9E3779B97F4A7C15u;
        h ^= h >> 29;
    }
    return (uint32_t)h & (m->capacity - 1);
}

static map_entry *find(const map *m, const map_key *key)
{
    if (!m->capacity)
        return NULL;
    for (uint32_t i = home_of(m, key);; i = (i + 1) & (m->capacity - 1)) {
        map_entry *entry = &m->entries[i];
        if (!entry->value || !memcmp(&entry->key, key, sizeof *key))
            return entry;
    }
}

void *map_get(const map *m, const map_key *key)
{
    map_entry *entry = find(m, key);
    return entry ? entry->value : NULL;
}

static bool map_grow(map *m)
{
    map bigger = {.seed = m->seed, .capacity = m->capacity ? m->capacity * 2 : 64};
    bigger.entries = calloc(bigger.capacity, sizeof *bigger.entries);
    if (!bigger.entries)
        return false;
    for (uint32_t i = 0; i < m->capacity; i++)
        if (m->entries[i].value)
            *find(&bigger, &m->entries[i].key) = m->entries[i];
    bigger.count = m->count;
    free(m->entries);
    *m = bigger;
    return true;
}

bool map_put(map *m, const map_key *key, void *value)
{
    if ((m->count + 1) * 2 > m->capacity && !map_grow(m))
        return false;
    map_entry *entry = find(m, key);
    if (!entry->value) {
        entry->key = *key;
        m->count++;
    }
    entry->value = value;
    return true;
}

/* Linear probing without tombstones: entries after the hole move back into it when their home allows. */
void map_remove(map *m, const map_key *key)
{
    map_entry *entry = find(m, key);
    if (!entry || !entry->value)
        return;
    uint32_t mask = m->capacity - 1, hole = (uint32_t)(entry - m->entries);
    for (uint32_t i = (hole + 1) & mask; m->entries[i].value; i = (i + 1) & mask) {
        uint32_t home = home_of(m, &m->entries[i].key);
        if (((i - home) & mask) >= ((i - hole) & mask)) {
            m->entries[hole] = m->entries[i];
            hole = i;
        }
    }
    m->entries[hole].value = NULL;
    m->count--;
}

void map_free(map *m)
{
    free(m->entries);
    memset(m, 0, sizeof *m);
}
