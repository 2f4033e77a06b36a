/* Peers: keys, address, the SSRCs they use, and their budget for retransmissions. */

#include <stdlib.h>
#include <string.h>

#include "state.h"

#define DEFAULT_RTX_BPS 500000u
#define BUCKET_US 500000u       /* a bucket holds half a second of its rate */
#define BUCKET_LEAST_BITS 24000 /* and never less than two full packets */
#define MICRO 1000000

static map_key address_key(const core_address *address)
{
    map_key key;
    memcpy(key.part, address->ip, sizeof address->ip);
    key.part[2] = (uint64_t)address->scope << 32 | (uint64_t)address->port << 8 | 1;
    return key;
}

static map_key ssrc_key(const peer *p, uint32_t ssrc)
{
    return (map_key){{(uint64_t)(uint32_t)p->handle, ssrc, 2}};
}

peer *peer_at(const core *c, const core_address *address)
{
    map_key key = address_key(address);
    return map_get(&c->by_address, &key);
}

source *peer_source(const core *c, const peer *p, uint32_t ssrc)
{
    map_key key = ssrc_key(p, ssrc);
    return map_get(&c->by_ssrc, &key);
}

source *peer_add_source(core *c, peer *p, uint32_t ssrc)
{
    map_key key = ssrc_key(p, ssrc);
    if (p->source_count >= MOST_SSRCS)
        return NULL;
    source *s = calloc(1, sizeof *s);
    if (!s || !map_put(&c->by_ssrc, &key, s)) {
        free(s);
        return NULL;
    }
    s->ssrc = ssrc;
    s->next = p->sources;
    p->sources = s;
    p->source_count++;
    return s;
}

static void set_rate(bucket *b, uint32_t rate_bps)
{
    int64_t depth = (int64_t)rate_bps * BUCKET_US;
    int64_t least = (int64_t)BUCKET_LEAST_BITS * MICRO;
    b->rate_bps = rate_bps;
    b->depth = depth > least ? depth : least;
    if (b->tokens > b->depth)
        b->tokens = b->depth;
}

static void refill(bucket *b, uint64_t now_us)
{
    uint64_t elapsed = now_us - b->filled_us, most = 60 * (uint64_t)MICRO;
    b->tokens += (int64_t)b->rate_bps * (int64_t)(elapsed < most ? elapsed : most);
    if (b->tokens > b->depth)
        b->tokens = b->depth;
    b->filled_us = now_us;
}

bool peer_spend(core *c, peer *p, uint32_t octets)
{
    int64_t cost = (int64_t)octets * 8 * MICRO;
    refill(&p->rtx, c->now_us);
    if (p->rtx.tokens < cost)
        return false;
    p->rtx.tokens -= cost;
    return true;
}

int core_set_budget(core *c, int handle, uint32_t rtx_bps)
{
    peer *p = table_get(&c->peers, handle);
    if (!p)
        return CORE_UNKNOWN_HANDLE;
    refill(&p->rtx, core_now(c));
    set_rate(&p->rtx, rtx_bps);
    return 0;
}

static sent_ssrc *find_sent(peer *p, uint32_t ssrc)
{
    for (uint32_t i = 0; i < p->sent_count; i++)
        if (p->sent[i].ssrc == ssrc)
            return &p->sent[i];
    return NULL;
}

bool peer_claim(peer *p, uint32_t ssrc, uint64_t *first_index)
{
    uint16_t random;
    sent_ssrc *known = find_sent(p, ssrc);
    if (known) {
        *first_index = known->next_index;
        return true;
    }
    sent_ssrc *sent = realloc(p->sent, (p->sent_count + 1) * sizeof *sent);
    if (!sent)
        return false;
    core_random(&random, sizeof random);
    *first_index = random & 0x7FFF; /* RFC 3711 §3.3.1: a loss near the first wrap must not confuse the receiver */
    p->sent = sent;
    p->sent[p->sent_count++] = (sent_ssrc){.ssrc = ssrc, .next_index = *first_index};
    return true;
}

void peer_release(peer *p, uint32_t ssrc, uint64_t next_index)
{
    sent_ssrc *known = find_sent(p, ssrc);
    if (known)
        known->next_index = next_index;
}

int core_add_peer(core *c, int profile, const uint8_t *tx_key, const uint8_t *rx_key)
{
    if (!srtp_key_size(profile))
        return CORE_BAD_ARGUMENT;
    peer *p = calloc(1, sizeof *p);
    if (!p)
        return CORE_NO_MEMORY;
    if (!srtp_setup(&p->tx, profile, tx_key, true) || !srtp_setup(&p->rx, profile, rx_key, false)) {
        srtp_clear(&p->tx);
        free(p);
        return CORE_CRYPTO;
    }
    p->first_out = p->last_out = -1;
    set_rate(&p->rtx, DEFAULT_RTX_BPS);
    p->rtx.tokens = p->rtx.depth;
    p->rtx.filled_us = core_now(c);
    p->handle = table_add(&c->peers, p);
    if (p->handle < 0) {
        srtp_clear(&p->tx);
        srtp_clear(&p->rx);
        free(p);
        return CORE_NO_MEMORY;
    }
    return p->handle;
}

static void forget_address(core *c, peer *p)
{
    if (!p->sockaddr_size)
        return;
    map_key key = address_key(&p->address);
    if (map_get(&c->by_address, &key) == p)
        map_remove(&c->by_address, &key);
    p->sockaddr_size = 0;
}

void core_remove_peer(core *c, int handle)
{
    peer *p = table_get(&c->peers, handle);
    if (!p)
        return;
    while (p->producers)
        producer_remove(c, p->producers);
    while (p->consumers)
        consumer_remove(c, p->consumers);
    forget_address(c, p);
    while (p->sources) {
        source *s = p->sources;
        map_key key = ssrc_key(p, s->ssrc);
        p->sources = s->next;
        map_remove(&c->by_ssrc, &key);
        free(s);
    }
    table_remove(&c->peers, handle);
    srtp_clear(&p->tx);
    srtp_clear(&p->rx);
    free(p->sent);
    free(p);
}

int core_set_address(core *c, int handle, const core_address *address)
{
    peer *p = table_get(&c->peers, handle);
    if (!p)
        return CORE_UNKNOWN_HANDLE;
    map_key key = address_key(address);
    peer *before = map_get(&c->by_address, &key);
    if (before == p)
        return 0;
    struct sockaddr_storage sockaddr;
    socklen_t size = address_to_socket(address, c->family, &sockaddr);
    if (!size)
        return CORE_BAD_ARGUMENT;
    if (!map_put(&c->by_address, &key, p))
        return CORE_NO_MEMORY;
    if (before)
        before->sockaddr_size = 0; /* somebody new authenticated from there: the old peer is gone */
    forget_address(c, p);
    p->address = *address;
    p->sockaddr = sockaddr;
    p->sockaddr_size = size;
    p->no_gso = false;
    return 0;
}

static bool is_id(int id)
{
    return id >= 0 && id <= 255;
}

int core_set_extensions(core *c, int handle, int mid, int audio_level, int abs_send_time, int twcc)
{
    peer *p = table_get(&c->peers, handle);
    if (!p)
        return CORE_UNKNOWN_HANDLE;
    if (!is_id(mid) || !is_id(audio_level) || !is_id(abs_send_time) || !is_id(twcc))
        return CORE_BAD_ARGUMENT;
    p->ids = (extension_ids){(uint8_t)mid, (uint8_t)audio_level, (uint8_t)abs_send_time, (uint8_t)twcc};
    return 0;
}
