/** The page's first step: its language, then the one face its path names. */
import './styles/tokens.css';
import './styles/components.css';
import { mount, type Component } from 'svelte';
import { preferredLanguage, rememberLanguage, speak, storedLanguage } from './text/language';

/** Each face is its own download: a phone never fetches the moderator's or any WebRTC code. */
const faces = import.meta.glob<{ default: Component }>('./faces/*/Face.svelte');

async function open(): Promise<void> {
  const name = location.pathname.split('/')[1] ?? '';
  const path = `./faces/${name}/Face.svelte`;
  const known = path in faces ? name : 'chooser';
  document.documentElement.dataset['face'] = known;
  const face = await faces[`./faces/${known}/Face.svelte`]?.();
  const tongue = preferredLanguage(location.search, storedLanguage());
  await speak(tongue);
  if (location.search.includes('lang=')) rememberLanguage(tongue);
  const target = document.getElementById('app');
  if (face && target) mount(face.default, { target });
}

void open();
