/** Which wire to use: WebSocket, until it has twice failed without ever having worked on this page; then long polling. */
import { socketWire, type MakeWire, type Wire } from './wire';

export const FAILURES = 2;

/** `slow` is asked for only when needed: it brings a library with it. One chooser a page; it remembers. */
export function choosing(fast: MakeWire, slow: () => Promise<MakeWire>): MakeWire {
  let failures = 0;
  let worked = false;
  let makeSlow: MakeWire | null = null;
  return (credential, listener, session, page) => {
    if (makeSlow) return makeSlow(credential, listener, session, page);
    let gone = false;
    let wire: Wire = fast(credential, {
      ...listener,
      up: () => {
        worked = true;
        listener.up();
      },
      failed: (code) => {
        if (code !== null || worked) return listener.failed(code);
        failures += 1;
        if (failures < FAILURES) return listener.failed(null);
        slow().then(
          (make) => {
            makeSlow = make;
            if (gone) return;
            wire = make(credential, listener, session, page);
            wire.open();
          },
          () => listener.failed(null),
        );
      },
    }, session, page);
    return {
      get connected() {
        return wire.connected;
      },
      open: () => wire.open(),
      close: () => {
        gone = true;
        wire.close();
      },
      request: (event, payload, timeoutMs) => wire.request(event, payload, timeoutMs),
    };
  };
}

export const pageWire: MakeWire = choosing(socketWire, async () => (await import('./polling')).pollingWire);
