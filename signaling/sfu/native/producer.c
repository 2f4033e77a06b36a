/* Producers: order, duplicates, repair and statistics of what a peer sends, and the fan-out to consumers. */

#include <stdlib.h>
#include <string.h>

#include "state.h"

#define VIDEO_CACHE 500
#define AUDIO_CACHE 200
#define SILENCE 127

uint32_t clock_rate(int kind)
{
    return kind == CORE_AUDIO ? 48000 : 90000;
}

/* RFC 3550 §A.8, kept times sixteen. */
static void measure_jitter(producer *p, uint32_t rtp_ts, uint64_t arrival_us)
{
    uint32_t arrival = (uint32_t)(arrival_us * clock_rate(p->kind) / 1000000);
    uint32_t transit = arrival - rtp_ts;
    if (p->packets) {
        int32_t change = (int32_t)(transit - p->transit);
        uint32_t distance = change < 0 ? 0u - (uint32_t)change : (uint32_t)change;
        p->jitter_q4 += distance - ((p->jitter_q4 + 8) >> 4);
    }
    p->transit = transit;
}

/* The extended sequence number. SRTP has shown an original to be newer than its window, so far behind means far ahead;
   a repaired one is near the newest or not ours. */
static bool extend(const producer *p, uint16_t seq, bool recovered, uint64_t *index)
{
    if (!p->seen.started) {
        *index = seq;
        return !recovered;
    }
    int32_t distance = (int16_t)(seq - (uint16_t)p->seen.highest);
    if (recovered && (distance <= -WINDOW_SIZE || distance >= WINDOW_SIZE))
        return false;
    if (distance <= -WINDOW_SIZE)
        distance += 65536;
    if (distance < 0 && p->seen.highest < (uint64_t)-distance)
        return false; /* before the first cycle */
    *index = p->seen.highest + (uint64_t)(int64_t)distance;
    return true;
}

static void account(core *c, producer *p, uint64_t index, const rtp_packet *rtp, bool recovered)
{
    bool newest = !p->seen.started || index > p->seen.highest;
    if (!p->seen.started)
        p->base_index = index;
    else if (newest)
        missing_gap(&p->missing, p->seen.highest + 1, index, c->now_us);
    if (!newest)
        missing_found(&p->missing, index);
    if (recovered) {
        p->recovered++;
    } else {
        if (newest)
            measure_jitter(p, rtp->rtp_ts, c->now_us);
        p->packets++;
        p->octets += rtp->payload_size;
    }
    if (newest)
        p->last_rtp_ts = rtp->rtp_ts;
    window_add(&p->seen, index);
    p->arrival_us = c->now_us;
    if (p->kind == CORE_AUDIO && rtp->level != NO_LEVEL && (rtp->level & 0x7F) < p->level)
        p->level = rtp->level & 0x7F;
}

void producer_take(core *c, producer *p, const rtp_packet *rtp, bool recovered)
{
    uint64_t index;
    if (!extend(p, rtp->seq, recovered, &index) || !window_is_new(&p->seen, index)) {
        p->duplicates++;
        return;
    }
    account(c, p, index, rtp, recovered);
    cache_put(&p->cache, index, rtp);
    for (uint32_t i = 0; i < p->consumer_count; i++)
        consumer_forward(c, p->consumers[i], index, rtp);
}

static void free_producer(producer *p)
{
    cache_close(&p->cache);
    missing_close(&p->missing);
    free(p->consumers);
    free(p);
}

/* The peer's source with this SSRC, made when new; NULL with *error when it is taken or impossible. */
static source *claim(core *c, peer *p, uint32_t ssrc, int *error)
{
    source *s = peer_source(c, p, ssrc);
    if (s && s->producer) {
        *error = CORE_SSRC_TAKEN;
        return NULL;
    }
    if (!s)
        s = peer_add_source(c, p, ssrc);
    if (!s)
        *error = p->source_count < MOST_SSRCS ? CORE_NO_MEMORY : CORE_MANY_SSRCS;
    return s;
}

static producer *new_producer(core *c, peer *owner, int kind)
{
    producer *p = calloc(1, sizeof *p);
    if (!p)
        return NULL;
    p->peer = owner;
    p->kind = kind;
    p->level = SILENCE;
    if (cache_open(&p->cache, kind == CORE_AUDIO ? AUDIO_CACHE : VIDEO_CACHE) && missing_open(&p->missing) &&
        (p->handle = table_add(&c->producers, p)) >= 0)
        return p;
    free_producer(p);
    return NULL;
}

int core_add_producer(core *c, int handle, int kind, uint32_t ssrc, uint32_t rtx_ssrc)
{
    peer *owner = table_get(&c->peers, handle);
    int error = 0;
    if (!owner)
        return CORE_UNKNOWN_HANDLE;
    if (kind < CORE_AUDIO || kind > CORE_H264 || !ssrc || ssrc == rtx_ssrc)
        return CORE_BAD_ARGUMENT;
    source *main = claim(c, owner, ssrc, &error);
    source *rtx = main && rtx_ssrc ? claim(c, owner, rtx_ssrc, &error) : NULL;
    if (error)
        return error;
    producer *p = new_producer(c, owner, kind);
    if (!p)
        return CORE_NO_MEMORY;
    p->source = main;
    main->producer = p;
    main->repairs = false;
    if (rtx) {
        p->rtx_source = rtx;
        rtx->producer = p;
        rtx->repairs = true;
    }
    p->next = owner->producers;
    owner->producers = p;
    return p->handle;
}

void producer_remove(core *c, producer *p)
{
    while (p->consumer_count)
        consumer_detach(p->consumers[p->consumer_count - 1]);
    p->source->producer = NULL;
    if (p->rtx_source)
        p->rtx_source->producer = NULL;
    producer **link = &p->peer->producers;
    while (*link != p)
        link = &(*link)->next;
    *link = p->next;
    table_remove(&c->producers, p->handle);
    free_producer(p);
}

void core_remove_producer(core *c, int handle)
{
    producer *p = table_get(&c->producers, handle);
    if (p)
        producer_remove(c, p);
}

int core_missing(core *c, int handle, uint16_t *seqs)
{
    producer *p = table_get(&c->producers, handle);
    if (!p)
        return CORE_UNKNOWN_HANDLE;
    uint64_t highest = p->seen.highest, oldest = highest > p->cache.depth ? highest - p->cache.depth : 0;
    return missing_due(&p->missing, oldest, core_now(c), seqs);
}

int core_get_producer_stats(core *c, int handle, core_producer_stats *stats)
{
    producer *p = table_get(&c->producers, handle);
    if (!p)
        return CORE_UNKNOWN_HANDLE;
    *stats = (core_producer_stats){
        .packets = p->packets,
        .octets = p->octets,
        .recovered = p->recovered,
        .duplicates = p->duplicates,
        .arrival_us = p->arrival_us,
        .extended_seq = (uint32_t)p->seen.highest,
        .base_seq = (uint32_t)p->base_index,
        .jitter = (uint32_t)(p->jitter_q4 >> 4),
        .level = p->level,
        .last_rtp_ts = p->last_rtp_ts,
    };
    p->level = SILENCE;
    return 0;
}
