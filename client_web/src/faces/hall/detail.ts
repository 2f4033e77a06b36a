/** The sentence under the band's word: the most useful thing to know in this state. */
import { ended } from '../../state/phase';
import { errorText } from '../../text';
import type { Phase, Presence } from '../../wire/protocol';
import { holdsFloor, isOnAir, placeInQueue, type AirFacts, type AirState } from './air';
import { h } from './text';

export interface DetailFacts {
  readonly state: AirState;
  readonly facts: AirFacts;
  readonly muted: boolean;
  readonly cameraOff: boolean;
  readonly hasMic: boolean;
  readonly phase: Phase;
  readonly presence: Readonly<Record<string, Presence>>;
  /** Code with which the media plane refused, if it did. */
  readonly refusal: string | null;
}

function onAir({ facts, muted, cameraOff, hasMic, presence }: DetailFacts): string {
  if (!hasMic) return h('air.on.nomic');
  if (muted) return h('air.on.muted');
  const others = Object.entries(presence).filter(([hall]) => hall !== facts.hall);
  const n = others.filter(([, one]) => one.connected).length;
  return [
    holdsFloor(facts) && facts.holder ? h('air.on.holder', { label: facts.holder.label }) : facts.panel ? h('air.on.panel') : '',
    cameraOff ? h('air.on.camera') : '',
    others.length > 0 ? h('air.on.seen', { n, of: others.length }) : '',
  ]
    .filter(Boolean)
    .join(' ');
}

function cut({ facts }: DetailFacts): string {
  if (facts.linked) return h('air.cut.media');
  const place = placeInQueue(facts);
  if (holdsFloor(facts)) return h('air.cut.turn');
  return place > 0 ? h('air.cut.queue', { n: place }) : h('air.cut.safe');
}

export function bandDetail(all: DetailFacts): string {
  switch (all.state) {
    case 'on':
      return onAir(all);
    case 'cut':
      return cut(all);
    case 'blanked':
      return h('air.blanked.detail', { reason: all.facts.site?.reason ?? '' });
    case 'silenced':
      return h('air.silenced.detail');
    case 'connecting':
      return h('air.connecting.detail');
    case 'bare': {
      if (all.refusal === null) return isOnAir(all.facts) ? h('level.none') : '';
      const { what, next } = errorText(all.refusal);
      return `${what}. ${next}`;
    }
    case 'off': {
      const place = placeInQueue(all.facts);
      if (ended(all.phase)) return h('air.off.closed');
      if (all.phase === 'recess') return h('air.off.recess');
      if (all.phase === 'draft' || all.phase === 'lobby') return h('air.off.draft');
      if (!all.hasMic) return [place > 0 ? h('air.off.place', { n: place }) : '', h('air.off.nomic')].filter(Boolean).join(' ');
      if (place > 0) return h('air.off.queue', { n: place });
      return all.muted ? h('air.off.muted') : h('air.off.open');
    }
  }
}
