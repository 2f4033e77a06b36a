import { describe, expect, it, vi } from 'vitest';
import { barOf, decibels, LevelJudge } from './level';
import { readLink, scoreOf, Steady } from './quality';
import { pauseBefore } from './recovery';
import { Speaker, type Player } from './speaker';
import type { Feed } from './subscriber';

describe('level', () => {
  it('measures full scale, half scale and silence in dBFS', () => {
    expect(decibels([1, -1, 1, -1])).toBe(0);
    expect(decibels([0.5, -0.5])).toBeCloseTo(-6.02, 2);
    expect(decibels([0, 0])).toBe(-Infinity);
  });

  it('spreads −60…0 dBFS over the bar', () => {
    expect([barOf(-Infinity), barOf(-60), barOf(-30), barOf(0)]).toEqual([0, 0, 0.5, 1]);
  });

  it('keeps its word through the pauses of speech and changes it after two seconds', () => {
    const judge = new LevelJudge();
    expect(judge.next(-20).word).toBe('right');
    for (let i = 0; i < 18; i++) judge.next(-70);
    expect(judge.next(-70).word).toBe('right');
    expect(judge.next(-70).word).toBe('silent');
    expect(judge.next(-2).word).toBe('loud');
  });
});

describe('link score', () => {
  it.each([
    [0, 40, 3e6, 'good'],
    [0.04, 40, 3e6, 'fair'],
    [0, 40, 400_000, 'fair'],
    [0.1, 40, 3e6, 'weak'],
    [0, 40, 100_000, 'weak'],
    [0, 40, 40_000, 'audio'],
    [null, null, null, 'unknown'],
  ] as const)('loss %s, rtt %s ms, %s bit/s is %s', (loss, rtt, bps, word) => {
    expect(scoreOf(loss, rtt, bps)).toBe(word);
  });

  it('takes the worst stream and the nominated pair of a report', () => {
    const reading = readLink([
      { type: 'remote-inbound-rtp', fractionLost: 0.01, roundTripTime: 0.05 },
      { type: 'remote-inbound-rtp', fractionLost: 0.05, roundTripTime: 0.04 },
      { type: 'candidate-pair', nominated: false, state: 'succeeded', availableOutgoingBitrate: 1 },
      { type: 'candidate-pair', nominated: true, state: 'succeeded', availableOutgoingBitrate: 2e6 },
    ]);
    expect(reading).toEqual({ loss: 0.05, rttMs: 50, availableBps: 2e6, score: 'fair' });
  });

  it('shows a fall at once and a rise only when it is seen twice', () => {
    const steady = new Steady();
    expect(['good', 'weak', 'good', 'weak', 'good', 'good'].map((s) => steady.next(s as 'good'))).toEqual([
      'good',
      'weak',
      'weak',
      'weak',
      'weak',
      'good',
    ]);
  });
});

it('pauses longer from try to try, never beyond 15 s, spread by the dice', () => {
  expect([0, 1, 2, 3, 20].map((n) => pauseBefore(n, 1))).toEqual([500, 1000, 2000, 4000, 15_000]);
  expect(pauseBefore(1, 0)).toBe(500);
});

describe('speaker', () => {
  const feed = (mid: string): Feed => ({ mid, hall: 'pejuang', source: 'mic', stream: { id: mid } as MediaStream, flowing: true });
  const players: (Player & { allow: boolean; playing: boolean })[] = [];
  const make = (allow: boolean) => () => {
    const player = {
      srcObject: null,
      muted: false,
      autoplay: true,
      allow,
      playing: false,
      async play() {
        if (!player.allow) throw new DOMException('tap first', 'NotAllowedError');
        player.playing = true;
      },
      pause() {
        player.playing = false;
      },
    };
    players.push(player);
    return player;
  };

  it('plays one element a voice and lets it go when the voice is gone', async () => {
    players.length = 0;
    const speaker = new Speaker(() => undefined, make(true));
    speaker.play([feed('0'), feed('1')]);
    speaker.play([feed('1')]);
    await Promise.resolve();
    expect(players.map((p) => [p.playing, p.srcObject === null])).toEqual([
      [false, true],
      [true, false],
    ]);
  });

  it('says when the browser wants a tap, and sounds after it', async () => {
    players.length = 0;
    const changed = vi.fn();
    const speaker = new Speaker(changed, make(false));
    speaker.play([feed('0')]);
    await new Promise((resolve) => setTimeout(resolve));
    expect(speaker.view.blocked).toBe(true);
    for (const player of players) player.allow = true;
    await speaker.unblock();
    expect(speaker.view).toEqual({ blocked: false, on: true });
    expect(players[0]?.playing).toBe(true);
  });

  it('keeps quiet where sound is off', () => {
    players.length = 0;
    const speaker = new Speaker(() => undefined, make(true), false);
    speaker.play([feed('0')]);
    expect(players[0]?.muted).toBe(true);
  });
});
