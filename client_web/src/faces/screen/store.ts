/** The part of the plenary the big screen reads; it gives no commands. */
import type { Plenary } from '../../state/plenary.svelte';

export type Store = Pick<
  Plenary,
  | 'status'
  | 'refusal'
  | 'retryInSeconds'
  | 'storageAway'
  | 'loaded'
  | 'identity'
  | 'session'
  | 'floor'
  | 'stage'
  | 'presence'
  | 'turnout'
  | 'list'
  | 'get'
  | 'now'
  | 'details'
  | 'retryNow'
  | 'resume'
  | 'credential'
>;
