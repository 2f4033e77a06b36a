#ifndef PLENO_WINDOW_H
#define PLENO_WINDOW_H
/* Which of the last 1,024 packet indices were seen: SRTP replay protection (RFC 3711 §3.3.2) and duplicates of a producer. */

#include <stdbool.h>
#include <stdint.h>

#define WINDOW_SIZE 1024

typedef struct {
    uint64_t bits[WINDOW_SIZE / 64];
    uint64_t highest;
    bool started;
} window;

/* True when this index is neither seen nor older than the window. */
bool window_is_new(const window *, uint64_t index);
void window_add(window *, uint64_t index);

/* The index of the SRTP packet with this sequence number, by RFC 3711 §3.3.1; never below the first 2^16. */
uint64_t window_estimate(const window *, uint16_t seq);

#endif
