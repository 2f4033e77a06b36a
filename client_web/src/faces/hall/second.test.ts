import { render, screen } from '@testing-library/svelte';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { ballot, speaker } from '../../media/testing/plenary.svelte';
import { Displays } from './displays.svelte';
import { PAGE, SecondScreen, type SecondParts } from './second.svelte';
import SecondView from './SecondView.svelte';
import { settle, text, world, worlds } from './testing/hall';

worlds();

/** A window as far as its opener looks into it. */
class FakeWindow {
  closed = false;
  document = FakeWindow.page();
  location = { pathname: PAGE };
  focused = 0;

  static page(): Document {
    const page = document.implementation.createHTMLDocument();
    Object.defineProperty(page, 'readyState', { value: 'complete' });
    page.body.innerHTML = '<main id="tunggu"><h1></h1><p></p></main><div id="layar"></div>';
    return page;
  }
  focus(): void {
    this.focused += 1;
  }
  close(): void {
    this.closed = true;
  }
  get shown(): string {
    return this.document.getElementById('layar')?.textContent ?? '';
  }
  get waits(): boolean {
    return !this.document.getElementById('tunggu')!.hidden;
  }
}

let opened: FakeWindow | null;
let asked: string[];
const parts = (fields: Partial<SecondParts> = {}): SecondParts => ({
  load: async () => (target) => {
    target.textContent = 'panggung';
    return () => void (target.textContent = '');
  },
  open: (url) => {
    asked.push(url);
    return opened as unknown as Window | null;
  },
  lookMs: 5,
  ...fields,
});

beforeEach(() => {
  sessionStorage.clear();
  opened = new FakeWindow();
  asked = [];
});

describe('the second window', () => {
  it('is drawn in once it is there, and again when somebody reloads it', async () => {
    const second = new SecondScreen(parts());
    second.open();
    await vi.waitFor(() => expect(second.state).toBe('open'));
    expect([opened!.shown, opened!.waits, opened!.document.title]).toEqual(['panggung', false, 'Layar aula · Pleno']);
    second.open();
    expect([asked, opened!.focused]).toEqual([[PAGE], 1]);
    opened!.document = FakeWindow.page();
    await vi.waitFor(() => expect(opened!.shown).toBe('panggung'));
    second.close();
    expect([opened!.closed, second.state]).toEqual([true, 'closed']);
  });

  it('says that the browser blocks it, and that what it shows could not be fetched', async () => {
    opened = null;
    const second = new SecondScreen(parts());
    second.open();
    expect(second.state).toBe('blocked');
    opened = new FakeWindow();
    const failing = new SecondScreen(parts({ load: async () => Promise.reject(new Error('away')) }));
    failing.open();
    await vi.waitFor(() => expect(failing.state).toBe('failed'));
    expect(opened.waits).toBe(true);
    failing.close();
  });

  it('notices that it was closed by hand, and is not looked for again', async () => {
    const second = new SecondScreen(parts());
    second.open();
    await vi.waitFor(() => expect(second.state).toBe('open'));
    opened!.close();
    await vi.waitFor(() => expect(second.state).toBe('closed'));
    new SecondScreen(parts()).resume();
    expect(asked).toEqual([PAGE]);
  });

  it('waits while the hall’s page is reloaded, and is found again with what it showed', async () => {
    const before = new SecondScreen(parts());
    before.open();
    before.show('board');
    await vi.waitFor(() => expect(before.state).toBe('open'));
    before.leave();
    expect([opened!.waits, opened!.closed, opened!.shown]).toEqual([true, false, '']);
    const after = new SecondScreen(parts());
    after.resume();
    await vi.waitFor(() => expect(after.state).toBe('open'));
    expect([after.view, opened!.waits, asked]).toEqual(['board', false, [PAGE, '']]);
    after.leave();
    opened = Object.assign(new FakeWindow(), { location: { pathname: 'blank' } });
    const late = new SecondScreen(parts());
    late.resume();
    expect([late.state, opened.closed]).toEqual(['closed', true]);
  });
});

describe('what the room sees', () => {
  const want = vi.fn();
  function show(view: 'follow' | 'ballot' | 'stage' = 'follow'): void {
    world.booth.preview = { id: 'cam' } as unknown as MediaStream;
    Object.defineProperty(HTMLMediaElement.prototype, 'srcObject', { configurable: true, writable: true, value: null });
    const { store, room, booth, opening, hall } = world.onAir;
    render(SecondView, { store, room, booth, opening, hall, second: { view, want } });
  }

  it('is how to follow along, until somebody speaks', async () => {
    show();
    expect(screen.getByRole('img', { name: /Kode QR/ })).toBeTruthy();
    expect(text()).toContain(`${location.host}/public/bekasi-2018`);
    world.plenary.setFloor(speaker('aren-jaya', { label: 'Aren Jaya · Ketua RW 09' }));
    await settle();
    expect(screen.queryByRole('img', { name: /Kode QR/ })).toBeNull();
    expect(text()).toContain('Ketua RW 09');
  });

  it('takes the pictures of the page it belongs to, and asks it for no wall of all halls', async () => {
    const asked = vi.spyOn(world.room, 'show');
    world.plenary.setFloor(speaker('aren-jaya'), speaker('jatiasih'));
    show();
    await settle();
    expect(asked).not.toHaveBeenCalled();
    expect(want).toHaveBeenLastCalledWith(['jatiasih']);
  });

  it('has the interpreter beside it, whatever it shows', async () => {
    world.plenary.setStage({ interpreter: 'aren-jaya' });
    show();
    await settle();
    expect(screen.getByRole('img', { name: /Kode QR/ })).toBeTruthy();
    expect(screen.getByRole('complementary', { name: 'Juru bahasa isyarat' })).toBeTruthy();
    expect(want).toHaveBeenLastCalledWith(['aren-jaya']);
  });

  it('has the room’s own camera when it is on stage', async () => {
    world.plenary.setFloor(speaker('pejuang'));
    show('stage');
    await settle();
    expect(document.querySelector<HTMLVideoElement>('video[data-stage="pejuang"]')?.srcObject).toEqual({ id: 'cam' });
  });

  it('is the ballot that the operator chose, whatever the moderator shows', () => {
    world.plenary.set('ballot', ballot());
    show('ballot');
    expect(text()).toContain('Pilih paling banyak 3 prioritas lintas kelurahan');
    expect(text()).toContain('1.312');
  });
});

describe('the displays of the laptop', () => {
  const projector = { availLeft: 1366, availTop: 0, availWidth: 1920, availHeight: 1080 };
  const own = { availLeft: 0, availTop: 0, availWidth: 1366, availHeight: 728 };
  function laptop(extended: boolean, permission: PermissionState, refused = false) {
    const details = Object.assign(new EventTarget(), { screens: extended ? [own, projector] : [own], currentScreen: own });
    const display = Object.assign(new EventTarget(), { isExtended: extended });
    const page = {
      screen: display,
      navigator: { permissions: { query: async () => Object.assign(new EventTarget(), { state: permission }) } },
      getScreenDetails: async () => {
        if (refused) throw new DOMException('', 'NotAllowedError');
        return details;
      },
    };
    return { displays: new Displays(page as unknown as Window), display, details };
  }

  it('are asked for only where there is a projector and the browser would ask', async () => {
    const { displays } = laptop(true, 'prompt');
    displays.start();
    await settle();
    expect([displays.state, displays.features]).toEqual(['ask', null]);
    await displays.ask();
    expect([displays.state, displays.features]).toEqual(['ready', 'popup,left=1366,top=0,width=1920,height=1080']);
  });

  it('are one until the projector is plugged in', async () => {
    const { displays, display, details } = laptop(false, 'granted');
    displays.start();
    await settle();
    expect(displays.state).toBe('one');
    Object.assign(display, { isExtended: true });
    Object.assign(details, { screens: [own, projector] });
    display.dispatchEvent(new Event('change'));
    await settle();
    expect(displays.state).toBe('ready');
    displays.close();
  });

  it('stay unknown to a browser that does not tell, and denied where somebody said no', async () => {
    const silent = new Displays({ screen: new EventTarget() } as unknown as Window);
    silent.start();
    expect(silent.state).toBe('unknown');
    const { displays } = laptop(true, 'denied', true);
    await displays.ask();
    expect([displays.state, displays.features]).toEqual(['denied', null]);
  });

  it('may be asked for again where the question was only put away', async () => {
    const { displays } = laptop(true, 'prompt', true);
    displays.start();
    await settle();
    await displays.ask();
    expect([displays.state, displays.features]).toEqual(['ask', null]);
  });
});
