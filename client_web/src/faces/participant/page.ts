/** The participant's page: the entry of the phone's own bundle. */
import '../../styles/tokens.css';
import '../../styles/components.css';
import { show } from '../../show';
import Face from './Face.svelte';
import { textSize } from './size';

textSize();
void show('participant', Face);
