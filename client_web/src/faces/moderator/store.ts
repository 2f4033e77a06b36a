/** The part of the page's store that this face reads, and the ways it acts; a fake of it stands in for a server in tests. */
import type { CommandAnswer, Plenary } from '../../state/plenary.svelte';

export type Answer = CommandAnswer;

export type Store = Pick<
  Plenary,
  | 'status'
  | 'refusal'
  | 'retryInSeconds'
  | 'queued'
  | 'delivered'
  | 'loaded'
  | 'identity'
  | 'credential'
  | 'session'
  | 'floor'
  | 'stage'
  | 'presence'
  | 'participants'
  | 'storageAway'
  | 'turnout'
  | 'list'
  | 'get'
  | 'now'
  | 'command'
  | 'media'
  | 'onMedia'
  | 'details'
  | 'retryNow'
  | 'resume'
>;
