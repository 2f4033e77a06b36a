import { describe, expect, it } from 'vitest';
import { Capture, troubleOf } from './capture';
import { asTrack, FakeTrack } from './testing/fakes';

type Answer = FakeTrack | DOMException;

class FakeDevices extends EventTarget {
  camera: Answer = new FakeTrack('video', 'cam');
  mic: Answer = new FakeTrack('audio', 'mic');
  readonly asked: MediaStreamConstraints[] = [];

  async getUserMedia(constraints: MediaStreamConstraints): Promise<MediaStream> {
    this.asked.push(constraints);
    const wanted = [...(constraints.video ? [this.camera] : []), ...(constraints.audio ? [this.mic] : [])];
    const failure = wanted.find((answer) => answer instanceof DOMException);
    if (failure !== undefined) throw failure;
    const tracks = (wanted as FakeTrack[]).map(asTrack);
    return {
      getTracks: () => tracks,
      getVideoTracks: () => tracks.filter((track) => track.kind === 'video'),
      getAudioTracks: () => tracks.filter((track) => track.kind === 'audio'),
    } as MediaStream;
  }

  async enumerateDevices(): Promise<MediaDeviceInfo[]> {
    return [
      { kind: 'videoinput', deviceId: 'c1', label: 'Kamera USB depan' },
      { kind: 'audioinput', deviceId: 'm1', label: 'Mixer aula' },
      { kind: 'audioinput', deviceId: '', label: '' },
    ] as MediaDeviceInfo[];
  }
}

const ANY = { camera: null, mic: null };
const open = (devices: FakeDevices | null) => new Capture(devices as unknown as MediaDevices | null, () => undefined);

describe('capture', () => {
  it('asks for camera and microphone in one question, with echo cancellation', async () => {
    const devices = new FakeDevices();
    const view = await open(devices).open(ANY);
    expect(devices.asked).toHaveLength(1);
    expect(devices.asked[0]?.audio).toMatchObject({ echoCancellation: true });
    expect(view).toMatchObject({ camera: { id: 'cam' }, mic: { id: 'mic' }, troubles: {}, asking: false });
    expect(view.mics).toEqual([{ id: 'm1', label: 'Mixer aula' }]);
  });

  it('keeps the microphone when only the camera is broken, and says why', async () => {
    const devices = new FakeDevices();
    devices.camera = new DOMException('busy', 'NotReadableError');
    const view = await open(devices).open(ANY);
    expect(view.mic).not.toBeNull();
    expect(view.troubles).toEqual({ camera: 'in_use' });
  });

  it('takes any camera when the chosen one is gone', async () => {
    const devices = new FakeDevices();
    const other = new FakeTrack('video', 'other');
    devices.getUserMedia = async (constraints) => {
      const video = constraints.video as MediaTrackConstraints | undefined;
      if (video?.deviceId) throw new DOMException('gone', 'OverconstrainedError');
      return { getTracks: () => [asTrack(constraints.video ? other : new FakeTrack('audio', 'mic'))] } as unknown as MediaStream;
    };
    const view = await open(devices).open({ camera: 'c9', mic: null });
    expect(view.camera?.id).toBe('other');
    expect(view.troubles).toEqual({});
  });

  it('explains a page that the browser does not trust', async () => {
    expect((await open(null).open(ANY)).troubles).toEqual({ camera: 'insecure', mic: 'insecure' });
  });

  it('notices a pulled cable and takes the device back when it returns', async () => {
    const devices = new FakeDevices();
    const capture = open(devices);
    await capture.open(ANY);
    (devices.camera as FakeTrack).onended?.();
    expect(capture.view).toMatchObject({ camera: null, troubles: { camera: 'unplugged' } });
    devices.camera = new FakeTrack('video', 'again');
    devices.dispatchEvent(new Event('devicechange'));
    await new Promise((resolve) => setTimeout(resolve, 5));
    expect(capture.view).toMatchObject({ camera: { id: 'again' }, troubles: {} });
  });

  it('stops the old track when another device is chosen and everything on close', async () => {
    const devices = new FakeDevices();
    const capture = open(devices);
    await capture.open(ANY);
    const old = devices.camera as FakeTrack;
    devices.camera = new FakeTrack('video', 'next');
    await capture.open({ camera: 'c1', mic: null });
    expect(old.readyState).toBe('ended');
    capture.close();
    expect((devices.camera as FakeTrack).readyState).toBe('ended');
  });

  it.each([
    ['NotAllowedError', 'denied'],
    ['NotFoundError', 'missing'],
    ['NotReadableError', 'in_use'],
    ['TypeError', 'unknown'],
  ])('reads %s as %s', (name, code) => {
    expect(troubleOf(new DOMException('', name))).toBe(code);
  });
});
