import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { choosing } from './choose';
import { joining, parse, request } from './packets';
import { CONNECT_MS, socketWire, type MakeWire, type WireListener } from './wire';

/** What the browser's WebSocket does, spoken by the test. */
class FakeSocket {
  static readonly OPEN = 1;
  static all: FakeSocket[] = [];
  readyState = FakeSocket.OPEN;
  sent: string[] = [];
  closed = false;
  onmessage: ((event: { data: unknown }) => void) | null = null;
  onclose: (() => void) | null = null;
  onerror: (() => void) | null = null;
  readonly url: string;
  constructor(url: string) {
    this.url = url;
    FakeSocket.all.push(this);
  }
  send(text: string): void {
    this.sent.push(text);
  }
  close(): void {
    this.closed = true;
  }
  say(text: unknown): void {
    this.onmessage?.({ data: text });
  }
}

const OPEN = '0{"sid":"x","upgrades":[],"pingInterval":25000,"pingTimeout":20000,"maxPayload":65536}';

function heard() {
  const events: string[] = [];
  const listener: WireListener = {
    up: () => events.push('up'),
    down: () => events.push('down'),
    failed: (code) => events.push(`failed ${code}`),
    message: (event, payload) => events.push(`${event} ${JSON.stringify(payload)}`),
  };
  return { events, listener };
}

function joined() {
  const { events, listener } = heard();
  const wire = socketWire('cred', listener);
  wire.open();
  const socket = FakeSocket.all.at(-1) as FakeSocket;
  socket.say(OPEN);
  socket.say('40{"sid":"y"}');
  return { wire, socket, events };
}

const real = globalThis.WebSocket;
beforeEach(() => {
  vi.useFakeTimers();
  FakeSocket.all = [];
  globalThis.WebSocket = FakeSocket as unknown as typeof WebSocket;
});
afterEach(() => {
  vi.useRealTimers();
  globalThis.WebSocket = real;
});

describe('packets', () => {
  it('reads what the server sends', () => {
    expect(parse(OPEN)).toEqual({ type: 'open', silenceMs: 45_000 });
    expect(parse('2')).toEqual({ type: 'ping' });
    expect(parse('40{"sid":"a"}')).toEqual({ type: 'joined' });
    expect(parse('44{"message":"credential_unknown"}')).toEqual({ type: 'refused', code: 'credential_unknown' });
    expect(parse('42["frame",{"after":1}]')).toEqual({ type: 'event', name: 'frame', payload: { after: 1 } });
    expect(parse('4317[{"ok":true}]')).toEqual({ type: 'ack', id: 17, answer: { ok: true } });
    expect(parse('41')).toEqual({ type: 'left' });
    expect(parse('1')).toEqual({ type: 'left' });
  });

  it.each(['', '6', '42', '42{', '43x', '45-[]', '0nonsense', 'zzz', '44'])('takes nothing from %j', (text) => {
    expect(parse(text)).toBeNull();
  });

  it('keeps a line break inside a text', () => {
    expect(parse('42["me","a\\nb"]')).toMatchObject({ payload: 'a\nb' });
  });

  it('writes what the server reads', () => {
    expect(joining('c')).toBe('40{"credential":"c"}');
    expect(joining('c', undefined, 'kiosk')).toBe('40{"credential":"c","page":"kiosk"}');
    expect(request(3, 'sync', { after: null })).toBe('423["sync",{"after":null}]');
  });
});

describe('socket', () => {
  it('joins with its credential, on the page’s own host', () => {
    const { socket, events, wire } = joined();
    expect(socket.url).toBe(`ws://${location.host}/socket.io/?EIO=4&transport=websocket`);
    expect(socket.sent).toEqual(['40{"credential":"cred"}']);
    expect(events).toEqual(['up']);
    expect(wire.connected).toBe(true);
  });

  it('answers pings and passes events on', () => {
    const { socket, events } = joined();
    socket.say('2');
    socket.say('42["turnout",{"cast":1}]');
    expect(socket.sent.at(-1)).toBe('3');
    expect(events.at(-1)).toBe('turnout {"cast":1}');
  });

  it('gives each answer to its own request, in any order', async () => {
    const { wire, socket } = joined();
    const first = wire.request('sync', { after: 1 }, 1000);
    const second = wire.request('command', {}, 1000);
    socket.say('432[{"ok":true,"seq":2}]');
    socket.say('431[{"ok":true,"seq":1}]');
    expect(await first).toEqual({ ok: true, seq: 1 });
    expect(await second).toEqual({ ok: true, seq: 2 });
  });

  it('gives null when no answer comes in time, and ignores one that comes later', async () => {
    const { wire, socket } = joined();
    const answer = wire.request('sync', {}, 1000);
    await vi.advanceTimersByTimeAsync(1000);
    expect(await answer).toBeNull();
    socket.say('431[{"ok":true}]');
  });

  it('gives null to all that wait when the connection falls', async () => {
    const { wire, socket, events } = joined();
    const answer = wire.request('vote', {}, 10_000);
    socket.onclose?.();
    expect(await answer).toBeNull();
    expect(events).toEqual(['up', 'down']);
    expect(await wire.request('vote', {}, 10)).toBeNull();
  });

  it('says the code when refused', () => {
    const { events, listener } = heard();
    socketWire('cred', listener).open();
    const socket = FakeSocket.all[0] as FakeSocket;
    socket.say(OPEN);
    socket.say('44{"message":"pass_revoked"}');
    expect(events).toEqual(['failed pass_revoked']);
    expect(socket.closed).toBe(true);
  });

  it('gives up a connection that never opens', async () => {
    const { events, listener } = heard();
    socketWire('cred', listener).open();
    await vi.advanceTimersByTimeAsync(CONNECT_MS);
    expect(events).toEqual(['failed null']);
  });

  it('gives up a connection that has gone silent for longer than the server promised', async () => {
    const { socket, events } = joined();
    await vi.advanceTimersByTimeAsync(44_000);
    socket.say('2');
    await vi.advanceTimersByTimeAsync(44_000);
    expect(events).toEqual(['up']);
    await vi.advanceTimersByTimeAsync(1000);
    expect(events).toEqual(['up', 'down']);
    expect(socket.closed).toBe(true);
  });

  it('says goodbye when closed, and nothing to its listener', async () => {
    const { wire, socket, events } = joined();
    const answer = wire.request('sync', {}, 1000);
    wire.close();
    wire.close();
    expect(socket.sent.at(-1)).toBe('41');
    expect(await answer).toBeNull();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(events).toEqual(['up']);
  });

  it('is not upset by nonsense', () => {
    const { socket, events } = joined();
    socket.say(new ArrayBuffer(2));
    socket.say('42{');
    socket.say('4399[{}]');
    expect(events).toEqual(['up']);
  });
});

describe('choosing a wire', () => {
  function doors(door: 'open' | 'dead') {
    const opened: string[] = [];
    const make =
      (name: string, how: 'open' | 'dead'): MakeWire =>
      (_credential, listener) => ({
        connected: how === 'open',
        open: () => {
          opened.push(name);
          if (how === 'open') listener.up();
          else listener.failed(null);
        },
        close: () => {},
        request: async () => null,
      });
    let fetched = 0;
    const chosen = choosing(make('fast', door), async () => ((fetched += 1), make('slow', 'open')));
    return { opened, chosen, fetched: () => fetched };
  }

  it('stays with the WebSocket while it works, and never fetches the other', () => {
    const { chosen, opened, fetched } = doors('open');
    const { events, listener } = heard();
    chosen('c', listener).open();
    chosen('c', listener).open();
    expect(opened).toEqual(['fast', 'fast']);
    expect(events).toEqual(['up', 'up']);
    expect(fetched()).toBe(0);
  });

  it('turns to polling when the WebSocket has twice failed, and stays there', async () => {
    const { chosen, opened, fetched } = doors('dead');
    const { events, listener } = heard();
    chosen('c', listener).open();
    expect(events).toEqual(['failed null']);
    chosen('c', listener).open();
    await vi.advanceTimersByTimeAsync(0);
    expect(events).toEqual(['failed null', 'up']);
    chosen('c', listener).open();
    expect(opened).toEqual(['fast', 'fast', 'slow', 'slow']);
    expect(fetched()).toBe(1);
  });

  it('does not open what was closed while it was being fetched', async () => {
    const { chosen, opened } = doors('dead');
    const { listener } = heard();
    chosen('c', listener).open();
    const second = chosen('c', listener);
    second.open();
    second.close();
    await vi.advanceTimersByTimeAsync(0);
    expect(opened).toEqual(['fast', 'fast']);
  });
});
