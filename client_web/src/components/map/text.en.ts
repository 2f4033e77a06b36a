/** Texts of the map, in English. */
import type id from './text.id';

export default {
  'loading': 'Loading the map…',
  'failed': 'The map could not be loaded. The list here says the same.',
  'again': 'Try again',
  'in': 'Zoom in',
  'out': 'Zoom out',
  'whole': 'Show everything',
  'none': 'There is no point on the map yet.',
  'none.text': 'Proposals appear here once their place is filled in.',
  'list': 'List of the points on the map',
  'legend': 'What the marks mean',
  'picked': '{n} {n|proposal|proposals} at the mark you chose',
  'all': 'Show all',
  'area.none': 'Without a kelurahan',
  'metres': '{n} m',
  'kilometres': '{n} km',
} satisfies Record<keyof typeof id, string>;
