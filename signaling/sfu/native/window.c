#include "window.h"

#include <string.h>

static uint64_t *word_of(window *w, uint64_t index)
{
    return &w->bits[index % WINDOW_SIZE / 64];
}

bool window_is_new(const window *w, uint64_t index)
{
    if (!w->started || index > w->highest)
        return true;
    if (w->highest - index >= WINDOW_SIZE)
        return false;
    return !(w->bits[index % WINDOW_SIZE / 64] >> (index % 64) & 1);
}

void window_add(window *w, uint64_t index)
{
    if (!w->started || (index > w->highest && index - w->highest >= WINDOW_SIZE)) {
        memset(w->bits, 0, sizeof w->bits);
        w->highest = index;
        w->started = true;
    }
    while (w->highest < index) {
        w->highest++;
        *word_of(w, w->highest) &= ~(UINT64_C(1) << (w->highest % 64));
    }
    *word_of(w, index) |= UINT64_C(1) << (index % 64);
}

uint64_t window_estimate(const window *w, uint16_t seq)
{
    if (!w->started)
        return seq;
    uint64_t cycle = w->highest >> 16;
    uint16_t last = (uint16_t)w->highest;
    if (last < 0x8000) {
        if (seq > last && seq - last > 0x8000 && cycle > 0)
            cycle--;
    } else if (last - 0x8000 > seq) {
        cycle++;
    }
    return cycle << 16 | seq;
}
