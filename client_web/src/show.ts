/** Puts a face on the page, in the language the person wants. */
import { mount, type Component } from 'svelte';
import { preferredLanguage, rememberLanguage, speak, storedLanguage } from './text/language';

export async function show<Props extends Record<string, unknown>>(name: string, face: Component<Props>, props: Props): Promise<void> {
  document.documentElement.dataset['face'] = name;
  const tongue = preferredLanguage(location.search, storedLanguage());
  await speak(tongue).catch(() => speak('id')); // its words did not come: better another language than no page
  if (location.search.includes('lang=')) rememberLanguage(tongue);
  const target = document.getElementById('app');
  target?.replaceChildren(); // what the page showed while it was on its way
  if (target) mount(face, { target, props });
}
