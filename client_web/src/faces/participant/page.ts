/** The participant's page: the entry of the phone's own bundle. */
import '../../styles/tokens.css';
import '../../styles/components.css';
import { keeper } from '../../link/kept';
import { show } from '../../show';
import { createPlenary } from '../../state/plenary.svelte';
import Face from './Face.svelte';
import { textSize } from './size';

textSize();
// A hall's card opened here by mistake stands beside the hall's page, and moves it nowhere.
const plenary = createPlenary('participant', { keeper: keeper(), page: 'kiosk' });
// The first request is on its way; a slow phone answers the finger between this and the page.
setTimeout(() => void show('participant', Face, { plenary }));
