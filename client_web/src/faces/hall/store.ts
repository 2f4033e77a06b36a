/** The part of the plenary the hall face reads, its second window included, and the commands it gives. */
import type { Plenary } from '../../state/plenary.svelte';
import type { Store as ScreenStore } from '../screen/store';

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
  | 'receipts'
  | 'waiting'
  | 'refusedActs'
  | 'dismiss'
  | 'vote'
  | 'retryNow'
  | 'resume'
> & ScreenStore;
