/** The part of the plenary the hall face reads, and the commands it gives. */
import type { Plenary } from '../../state/plenary.svelte';

export type Store = Pick<
  Plenary,
  | 'status'
  | 'refusal'
  | 'retryInSeconds'
  | 'loaded'
  | 'wasLive'
  | 'storageAway'
  | 'queued'
  | 'identity'
  | 'me'
  | 'session'
  | 'group'
  | 'floor'
  | 'stage'
  | 'presence'
  | 'turnout'
  | 'list'
  | 'get'
  | 'now'
  | 'command'
  | 'credential'
  | 'request'
  | 'retryNow'
  | 'resume'
>;
