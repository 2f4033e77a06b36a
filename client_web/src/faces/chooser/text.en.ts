/** Texts of the chooser, in English. */
import type id from './text.id';

export default {
  'title': 'Welcome to Pleno',
  'lead': 'A planning forum that joins many halls. Scan your card and the right page opens by itself.',
  'lost': 'There is no page “{path}”. Choose one below.',
  'cards': 'Cards on this phone',
  'cards.text': 'Tap a card to enter with it. A card that is forgotten must be scanned again.',
  'cards.forget': 'Forget card',
  'cards.forget.sure': 'Forget this card on this phone? The paper card stays valid.',
  'cards.keep': 'Keep it',
  'choose': 'I am',
  'participant': 'A participant',
  'participant.text': 'Board, floor requests, votes. For phones.',
  'hall': 'A hall operator',
  'hall.text': 'Camera, microphone and projector of one hall.',
  'moderator': 'The moderator',
  'moderator.text': 'Runs agenda, floor, board and ballots.',
  'screen': 'The big screen',
  'screen.text': 'What a room sees, driven by the moderator.',
  'public': 'Citizens and press',
  'public.text': 'Follow without a card, see results.',
  'admin': 'The secretariat',
  'admin.text': 'State of the plenary, halls and cards.',
  'staff': 'Staff with an account: log in here',
  'lang.other': 'Bahasa Indonesia',
} satisfies Record<keyof typeof id, string>;
