import type { IconName } from '../icons/outlines';
import type { Presence } from '../wire/protocol';

export type Health = Presence['link'];
/** With what the moderator tells apart besides: a hall whose page is open but which sends neither picture nor sound. */
export type Shown = Health | 'silent';
export type Tone = 'ok' | 'warn' | 'bad' | 'off' | 'info';

/** How a hall's link looks: tone and icon; the word is `w('health.…')`. */
export const HEALTH: Record<Shown, { tone: Tone; icon: IconName }> = {
  good: { tone: 'ok', icon: 'sig-4' },
  fair: { tone: 'ok', icon: 'sig-3' },
  weak: { tone: 'warn', icon: 'sig-1' },
  audio: { tone: 'warn', icon: 'headphones' },
  cut: { tone: 'bad', icon: 'wifi-off' },
  silent: { tone: 'off', icon: 'loader' },
  absent: { tone: 'off', icon: 'hourglass' },
};

/** The health shown for a hall: a hall nobody has heard of is absent, a fallen one is cut whatever was last measured. */
export function healthOf(presence: Presence | undefined): Health {
  if (!presence) return 'absent';
  if (!presence.connected) return presence.link === 'absent' ? 'absent' : 'cut';
  return presence.link;
}

/** As `healthOf`, but a link nobody sends over is not called good: the hall still checks its devices, or has none. */
export function shownOf(presence: Presence | undefined): Shown {
  const health = healthOf(presence);
  return presence?.publishing === false && health !== 'absent' && health !== 'cut' ? 'silent' : health;
}
