/** The room's own picture does not come back from the server: it is taken from the camera. */
import type { Room } from '../../media/room.svelte';
import type { Feed, SubscriberView } from '../../media/subscriber';
import type { Booth } from './booth.svelte';

export function withOwn(room: Room, booth: Booth, hall: string): SubscriberView {
  const all = room.receiving;
  if (!booth.preview || room.sending?.cameraOff) return all;
  const own: Feed = { mid: 'own', hall, source: 'camera_hd', stream: booth.preview, flowing: true };
  return { ...all, stage: [...all.stage.filter((feed) => feed.hall !== hall), own], thumbs: { ...all.thumbs, [hall]: own } };
}
