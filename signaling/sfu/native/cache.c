#include "cache.h"

#include <stdlib.h>
#include <string.h>

#define LARGEST_GAP 256u      /* a longer burst of loss is past repair: the key frame request is the answer */
#define FIRST_NACK_US 20000u /* a reordered packet gets this long to arrive by itself */
#define NEXT_NACK_US 60000u
#define MOST_NACKS 8

bool cache_open(packet_cache *cache, uint32_t depth)
{
    cache->slots = calloc(depth, sizeof *cache->slots);
    cache->depth = depth;
    return cache->slots != NULL;
}

void cache_close(packet_cache *cache)
{
    for (uint32_t i = 0; cache->slots && i < cache->depth; i++)
        free(cache->slots[i].payload);
    free(cache->slots);
    cache->slots = NULL;
}

/* Slots grow to the largest packet they held, rounded up: thumbnails and audio stay small. */
static bool make_room(cached_packet *slot, uint32_t size)
{
    if (size <= slot->capacity)
        return true;
    uint32_t capacity = (size + 63) & ~63u;
    uint8_t *payload = realloc(slot->payload, capacity);
    if (!payload)
        return false;
    slot->payload = payload;
    slot->capacity = capacity;
    return true;
}

void cache_put(packet_cache *cache, uint64_t index, const rtp_packet *rtp)
{
    cached_packet *slot = &cache->slots[index % cache->depth];
    if (slot->used && slot->index > index)
        return; /* a late packet never evicts a newer one */
    slot->used = make_room(slot, rtp->payload_size);
    if (!slot->used)
        return;
    if (rtp->payload_size)
        memcpy(slot->payload, rtp->payload, rtp->payload_size);
    slot->index = index;
    slot->size = rtp->payload_size;
    slot->rtp_ts = rtp->rtp_ts;
    slot->level = (int16_t)rtp->level;
    slot->marker = rtp->marker;
}

const cached_packet *cache_get(const packet_cache *cache, uint64_t index)
{
    const cached_packet *slot = &cache->slots[index % cache->depth];
    return slot->used && slot->index == index ? slot : NULL;
}

bool missing_open(missing_list *list)
{
    list->packets = calloc(CORE_MAX_MISSING, sizeof *list->packets);
    list->count = 0;
    return list->packets != NULL;
}

void missing_close(missing_list *list)
{
    free(list->packets);
    list->packets = NULL;
}

static void drop_oldest(missing_list *list, uint32_t count)
{
    memmove(list->packets, list->packets + count, (list->count - count) * sizeof *list->packets);
    list->count -= count;
}

void missing_gap(missing_list *list, uint64_t from, uint64_t to, uint64_t now_us)
{
    if (to - from > LARGEST_GAP) {
        list->count = 0;
        return;
    }
    uint32_t new = (uint32_t)(to - from);
    if (list->count + new > CORE_MAX_MISSING)
        drop_oldest(list, list->count + new - CORE_MAX_MISSING);
    for (uint64_t index = from; index < to; index++)
        list->packets[list->count++] = (missing_packet){.index = index, .due_us = now_us + FIRST_NACK_US};
}

void missing_found(missing_list *list, uint64_t index)
{
    for (uint32_t i = list->count; i-- > 0 && list->packets[i].index >= index;)
        if (list->packets[i].index == index) {
            memmove(list->packets + i, list->packets + i + 1, (list->count - i - 1) * sizeof *list->packets);
            list->count--;
            return;
        }
}

int missing_due(missing_list *list, uint64_t oldest, uint64_t now_us, uint16_t *seqs)
{
    uint32_t kept = 0;
    int due = 0;
    for (uint32_t i = 0; i < list->count; i++) {
        missing_packet packet = list->packets[i];
        if (packet.index < oldest || (packet.due_us <= now_us && packet.tries == MOST_NACKS))
            continue;
        if (packet.due_us <= now_us) {
            seqs[due++] = (uint16_t)packet.index;
            packet.tries++;
            packet.due_us = now_us + NEXT_NACK_US;
        }
        list->packets[kept++] = packet;
    }
    list->count = kept;
    return due;
}
