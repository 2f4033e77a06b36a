#ifndef PLENO_CACHE_H
#define PLENO_CACHE_H
/* The last packets of a producer, kept to answer NACKs, and the sequence numbers it still owes us. */

#include <stdbool.h>
#include <stdint.h>

#include "core_types.h"
#include "rtp.h"

typedef struct {
    uint64_t index; /* extended sequence number */
    uint8_t *payload;
    uint32_t size, capacity, rtp_ts;
    int16_t level;
    bool marker, used;
} cached_packet;

typedef struct {
    cached_packet *slots;
    uint32_t depth;
} packet_cache;

bool cache_open(packet_cache *, uint32_t depth);
void cache_close(packet_cache *);
void cache_put(packet_cache *, uint64_t index, const rtp_packet *);
const cached_packet *cache_get(const packet_cache *, uint64_t index); /* NULL: not (or no longer) there */

typedef struct {
    uint64_t index, due_us;
    uint8_t tries;
} missing_packet;

/* Ascending by index. */
typedef struct {
    missing_packet *packets;
    uint32_t count;
} missing_list;

bool missing_open(missing_list *);
void missing_close(missing_list *);
void missing_gap(missing_list *, uint64_t from, uint64_t to, uint64_t now_us); /* from <= lost < to */
void missing_found(missing_list *, uint64_t index);

/* Drops what is older than `oldest` or was asked for often enough, writes what to ask for now. Returns how many. */
int missing_due(missing_list *, uint64_t oldest, uint64_t now_us, uint16_t *seqs);

#endif
