import { afterEach, describe, expect, it } from 'vitest';
import protocol from '../../../docs/protocol.md?raw';
import errorsEn from './errors.en';
import errorsId from './errors.id';
import { clockTime, count, date, dayAndTime, duration, errorText, language, rupiah, speak, t, texts, zoneHere } from './index';
import { preferredLanguage } from './language';

/** Every code the protocol page names, from the places where it lists codes. */
function codesOfProtocol(): string[] {
  const codes = new Set<string>();
  const take = (text: string): void => {
    for (const [, code] of text.matchAll(/`([a-z]+(?:_[a-z]+)*)`/g)) codes.add(code as string);
  };
  const lines = protocol.split('\n');
  for (const line of lines) {
    if (/^Errors \(RFC 9457|^Connection is refused/.test(line)) take(line.replace(/application\/problem\+json|`code`/g, ''));
    if (/^HTTP errors: |^Connection: |^Start-up /.test(line)) take(line);
    if (line.startsWith('Any command: ')) take(line);
    const command = /^\| `\w+\.\w+`.*\|([^|]+)\|$/.exec(line);
    if (command) take((command[1] as string).replace(/with `\{[^`]*\}`/, ''));
    for (const [, quoted] of line.matchAll(/"code": ((?:\\?\|? ?"[a-z_]+" ?)+)/g)) {
      for (const [, code] of (quoted as string).matchAll(/"([a-z_]+)"/g)) codes.add(code as string);
    }
  }
  return Array.from(codes);
}

afterEach(() => speak('id'));

describe('texts for codes', () => {
  const codes = codesOfProtocol();

  it('finds the codes in the protocol page', () => {
    for (const sure of ['pass_unknown', 'server_full', 'stale', 'no_voice', 'held', 'too_large', 'port_in_use', 'replaced', 'internal', 'worker_restarted', 'already_voted']) {
      expect(codes).toContain(sure);
    }
    expect(codes.length).toBeGreaterThan(45);
  });

  it.each(codes)('%s says what happened, why and what to do next, in both languages', (code) => {
    for (const dictionary of [errorsId, errorsEn] as Record<string, string>[]) {
      const parts = dictionary[code]?.split('|') ?? [];
      expect(parts).toHaveLength(3);
      for (const part of parts) expect(part.trim().length).toBeGreaterThan(2);
    }
  });

  it('keeps no words for a code that neither the server nor the page itself can name', () => {
    const own = ['no_pass', 'no_answer', 'unknown'];
    expect(Object.keys(errorsId).filter((code) => !own.includes(code) && !new RegExp(`\\b${code}\\b`).test(protocol))).toEqual([]);
    expect(Object.keys(errorsEn).sort()).toEqual(Object.keys(errorsId).sort());
  });

  it('fills in what the answer carried', () => {
    expect(errorText('bad_input', { field: 'judul' }).why).toContain('"judul"');
    expect(errorText('internal', { incident: 'ab12' }).next).toContain('ab12');
  });

  it('names a code it has never heard of instead of keeping silent', () => {
    expect(errorText('quota_gone').why).toContain('quota_gone');
  });
});

describe('languages', () => {
  it('speaks Indonesian first and English when asked', async () => {
    expect(t('link.live')).toBe('Tersambung');
    await speak('en');
    expect(language()).toBe('en');
    expect(document.documentElement.lang).toBe('en');
    expect(t('link.live')).toBe('Connected');
    expect(errorText('ballot_closed').what).toBe('Your vote cannot be accepted');
  });

  it('follows the address before an earlier choice', () => {
    expect(preferredLanguage('?lang=en', null)).toBe('en');
    expect(preferredLanguage('?lang=id', 'en')).toBe('id');
    expect(preferredLanguage('', 'en')).toBe('en');
    expect(preferredLanguage('?lang=fr', null)).toBe('id');
  });

  it('says one or many where a language has a plural', async () => {
    const own = texts({ n: '{n} suara' }, async () => ({ default: { n: '{n} {n|vote was|votes were} cast' } }));
    expect(own('n', { n: 1 })).toBe('1 suara');
    await speak('en');
    expect([own('n', { n: 1 }), own('n', { n: '0' }), own('n', { n: '1,451' })]).toEqual(['1 vote was cast', '0 votes were cast', '1,451 votes were cast']);
  });

  it('lets a face bring its own dictionary', async () => {
    const own = texts({ hi: 'Halo {n}' }, async () => ({ default: { hi: 'Hello {n}' } }));
    expect(own('hi', { n: 2 })).toBe('Halo 2');
    await speak('en');
    expect(own('hi', { n: 2 })).toBe('Hello 2');
  });
});

describe('formats', () => {
  it('writes rupiah as people do', () => {
    expect(rupiah(1_250_000_000)).toBe('Rp1.250.000.000');
    expect(rupiah(0)).toBe('Rp0');
    expect(rupiah(999)).toBe('Rp999');
    expect(rupiah(109_200_000)).toBe('Rp109.200.000');
    expect(count(1451)).toBe('1.451');
  });

  it('writes dates with their day', () => {
    expect(date('2024-02-26')).toBe('Senin, 26 Februari 2024');
    expect(date('2018-01-23')).toBe('Selasa, 23 Januari 2018');
    expect(date('besok')).toBe('besok');
  });

  it('writes the wall clock of the zone, whatever zone the phone is in', () => {
    const moment = Date.UTC(2018, 0, 23, 3, 42);
    expect(clockTime(moment)).toBe('10.42 WIB');
    expect(clockTime(moment, 'WITA')).toBe('11.42 WITA');
    expect(clockTime(moment, 'WIT')).toBe('12.42 WIT');
    expect(clockTime(Date.UTC(2018, 0, 23, 20, 5))).toBe('03.05 WIB');
  });

  it('lets the day begin where the zone is: at midnight in the east the west is still at yesterday', () => {
    const midnight = Date.UTC(2018, 0, 31, 15, 0); // 1 February begins in WIT
    expect(dayAndTime(midnight, 'WIT')).toBe('Kamis, 1 Februari 2018, 00.00 WIT');
    expect(dayAndTime(midnight, 'WITA')).toBe('Rabu, 31 Januari 2018, 23.00 WITA');
    expect(dayAndTime(midnight, 'WIB')).toBe('Rabu, 31 Januari 2018, 22.00 WIB');
    expect(dayAndTime(Date.UTC(2024, 1, 29, 16, 59, 59, 999), 'WIB')).toBe('Kamis, 29 Februari 2024, 23.59 WIB');
  });

  it('takes the zone of the device when it is one of the three', () => {
    expect([420, 480, 540, 0, -300, 330].map((minutes) => zoneHere(minutes))).toEqual(['WIB', 'WITA', 'WIT', 'WIB', 'WIB', 'WIB']);
  });

  it('writes figures, days and hours as people read them in English', async () => {
    await speak('en');
    expect([rupiah(1_250_000_000), rupiah(-74_000_000), count(1451)]).toEqual(['Rp1,250,000,000', '−Rp74,000,000', '1,451']);
    expect(dayAndTime(Date.UTC(2018, 0, 23, 3, 42), 'WITA')).toBe('Tuesday, 23 January 2018, 11:42 WITA');
  });

  it('writes durations, never below zero, counting a started second', () => {
    expect(duration(84_000)).toBe('01:24');
    expect(duration(83_001)).toBe('01:24');
    expect(duration(-5)).toBe('00:00');
    expect(duration(3_723_000)).toBe('1:02:03');
  });
});
