/** Texts of the agency's desk that the board does not have, in English. */
import type id from './text.id';

export default {
  'score.part': 'To score ({n} of {of})',
  'score.open': 'A scoring is open to you',
  'score.progress': 'You have scored {n} of {of} proposals.',
  'score.left': 'Closes in {time}.',
  'score.go': 'Score now',
  'score.form': 'Your scores',
  'score.range': '{least} to {most}',
  'score.auto': 'Follows from the proposal by itself',
  'score.note': 'Note on your scores (may be empty)',
  'score.save': 'Save scores',
  'score.again': 'Update scores',
  'score.saved': 'Scores saved.',
  'score.need': 'Still to fill in: {names}',
  'score.next': 'Next proposal',
  'score.done': 'Scored',
  'score.todo': 'Not scored yet',
  'score.all': 'All proposals are scored',
  'score.closed': 'The scoring is closed. Saved scores count.',
  'filter.hall': 'Kelurahan',
  'filter.hall.any': 'All kelurahan',
  'filter.survey': 'Survey',
  'filter.survey.any': 'Any survey',
  'filter.clear': 'Clear filters',
  'list.back': 'Back to the list',
} satisfies Record<keyof typeof id, string>;
