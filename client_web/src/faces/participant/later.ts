/** What a phone needs after the board stands: fetched at once, but not before it. */
export { default as Agenda } from './Agenda.svelte';
export { default as BallotPaper } from './BallotPaper.svelte';
export { default as Display } from './Display.svelte';
export { default as Details } from './Details.svelte';
export { default as Fate } from './Fate.svelte';
export { default as Floor } from './Floor.svelte';
export { default as Gate } from './Gate.svelte';
export { default as Notices } from './Notices.svelte';
export { default as Outgoing } from './Outgoing.svelte';
export { default as StorageBanner } from '../../components/StorageBanner.svelte';
export { default as Scoring } from './Scoring.svelte';
export { default as Votes } from './Votes.svelte';
export { matching } from './find';
export { changedCount, placesOf } from './frozen';
export { keepBoard } from './keeping';
export { keepPage } from './newer.svelte';
