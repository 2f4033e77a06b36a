/** The faces for laptops and big screens: shared styles, then the one face the path names. */
import './styles/tokens.css';
import './styles/components.css';
import type { Component } from 'svelte';
import { show } from './show';

/** Each face is its own download; the participant's is not among them (see faces/participant/page). */
const faces = import.meta.glob<{ default: Component }>(['./faces/*/Face.svelte', '!./faces/participant/*']);

export async function open(): Promise<void> {
  const name = location.pathname.split('/')[1] ?? '';
  const known = `./faces/${name}/Face.svelte` in faces ? name : 'chooser';
  const face = await faces[`./faces/${known}/Face.svelte`]?.();
  if (face) await show(known, face.default, {});
}
