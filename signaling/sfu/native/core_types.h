#ifndef PLENO_CORE_TYPES_H
#define PLENO_CORE_TYPES_H
/* core.h cannot guard itself or export its symbols; this does both. */

#include <stdint.h>

#pragma GCC visibility push(default)
#include "core.h"
#pragma GCC visibility pop

#endif
