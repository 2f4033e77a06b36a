/** What to tell a person about each code, in English: what happened | why | what to do next. */
import type id from './errors.id';

export default {
  // passes and connection
  no_pass: 'Scan your card first|This page was opened without a card.|Scan the QR code on your card, or ask the hall operator for one.',
  pass_unknown: 'This card is not known|Its code is not registered for this plenary.|Scan the card again. If it stays like this, ask the hall operator for a new one.',
  pass_expired: 'This card has expired|A card is valid until its plenary ends.|Ask the hall operator for a new card.',
  pass_revoked: 'This card was withdrawn|The secretariat replaced or cancelled this card.|Ask the hall operator for a new one. A vote already recorded still counts.',
  too_many_attempts: 'Too many attempts|Cards were tried many times from this network.|Wait a minute, then scan again.',
  credential_unknown: 'Please scan your card again|The permission kept on this phone is not known.|Scan the QR code on your card.',
  credential_expired: 'Please scan your card again|The permission kept on this phone has expired.|Scan the QR code on your card.',
  origin_refused: 'This address is not allowed|The page was opened from an address that is not this plenary’s.|Open it through the link or QR code on your card.',
  server_full: 'The plenary is full at the moment|All connections are in use.|Leave the page open. We try again by ourselves.',
  replaced: 'This card is in use elsewhere|A card works on one device at a time.|Press “Use it here” to go on with this device.',
  session_sealed: 'The plenary has ended|Its results are final.|See the results page. Thank you for taking part.',
  rate_limited: 'Too fast|Requests came faster than can be taken.|We send it again by ourselves in a moment.',
  too_large: 'The text is too long|The message is larger than the limit.|Shorten it, then send again.',
  not_synced: 'The connection is not ready|The board has not been fetched yet.|Wait a moment. We send it again by ourselves.',
  no_answer: 'No answer yet|The connection was cut before this was answered.|Look at the screen, and repeat if needed.',
  unknown_session: 'Plenary not found|This address does not point to an existing plenary.|Check the address, or scan your card again.',
  session_broken: 'The plenary is on hold|The server found a record it cannot read, so it takes no changes.|Nothing recorded is lost. Call the secretariat.',
  internal: 'Something failed on the server|This is our fault, not yours.|Try again. If it repeats, tell the secretariat number {incident}.',
  unknown: 'The request was not accepted|The server answered with code “{code}”.|Try again. If it repeats, tell the hall operator that code.',

  // rules of the plenary
  forbidden: 'You cannot do this|Your card does not give this right.|Tell the moderator if this is wrong.',
  bad_input: 'Something is not filled in correctly|The part “{field}” cannot be accepted.|Correct it, then send again.',
  unknown_command: 'Unknown action|This page and the server differ in version.|Reload the page.',
  wrong_phase: 'Not now|The plenary is not open, or already closed.|Wait for the moderator to open it.',
  ballot_is_open: 'A ballot is running|There is still an open ballot.|Close that ballot first.',
  agenda_ended: 'The agenda is finished|The last item is already running.|Close the plenary when all is done.',
  unknown_item: 'There is no such item|The agenda may just have changed.|Choose an item of the list.',
  already_queued: 'You are already in the queue|Your first request still stands.|Wait for your turn.',
  no_voice: 'This seat has no right to speak|Your card gives no right to speak in this plenary.|Speak through the head of your hall.',
  unknown_request: 'That request is gone|It may have been withdrawn or served.|Look at the newest queue.',
  floor_is_free: 'Nobody is speaking|That turn has ended.|Give the floor to the next in the queue.',
  not_holder: 'It is not your turn|Somebody else has the floor.|Ask for the floor to join the queue.',
  unknown_hall: 'There is no such hall|The hall is not part of this plenary.|Choose a hall of the list.',
  unknown_proposal: 'There is no such proposal|It may have been withdrawn.|Choose a proposal of the board.',
  stale: 'Somebody else has just changed this proposal|What you see is not the newest.|Your text is still here. Check the newest version, then save again.',
  reason_required: 'A reason is missing|This decision needs a reason everybody can read.|Write the reason, then send again.',
  no_electorate: 'There are no voters yet|No seat of this plenary has a vote.|Register voters first.',
  too_early: 'Not yet time to close|The time of the ballot has not run out.|Wait until it has, or let the moderator close it.',
  unknown_pass: 'There is no such card|Its code is not registered for this plenary.|Look at the list of cards, then choose the right one.',
  already_exists: 'It exists already|This name or code is taken.|Use another one.',

  // ballots
  unknown_ballot: 'There is no such ballot|This ballot was not found.|Wait for the next ballot.',
  ballot_closed: 'Your vote cannot be accepted|The ballot is already closed.|Tell the hall operator.',
  ballot_void: 'This ballot was cancelled|The moderator cancelled it, so its votes do not count.|Wait for the ballot to be held again.',
  not_in_electorate: 'This card has no vote|You are not on the list of voters for this ballot.|Tell the hall operator if this is wrong.',
  already_voted: 'Your vote was recorded before|One seat, one vote; this seat has voted.|The first vote counts. If it was not you who voted, tell the hall operator now.',
  too_many_choices: 'Too many choices|There are more choices than allowed.|Take some away, then send again.',
  unknown_option: 'There is no such choice|The list on this phone differs from the server’s.|Reload the page, then choose again.',
  bad_tracker: 'The vote could not be read|The receipt code of this phone is damaged.|Reload the page, then choose again.',
  tracker_taken: 'The receipt code is taken|This phone made a code that is in use.|Choose again; the phone makes a new code.',
  held: 'Your vote is waiting|The server cannot store right now, so it is not counted yet.|Leave the page open. We send it again by ourselves.',

  // picture and sound
  media_unavailable: 'No picture and sound for now|The media part of the server is not running.|Board and votes go on. Try again in a moment.',
  media_full: 'No more listeners|The limit of listeners is reached.|Listen through the loudspeakers of the hall.',
  bad_sdp: 'This browser does not fit|The server does not understand this browser’s media offer.|Update the browser, or use Chromium or Firefox.',
  stale_negotiation: 'The media connection is being renewed|An answer to an offer that has passed.|Nothing to do; the connection is made again.',
  worker_restarted: 'Picture and sound start again|The media part of the server has just come back.|Nothing to do; the picture returns in a moment.',

  // when the server starts
  data_folder_in_use: 'The data folder is in use|Another server runs with the same data folder.|Stop that server, or use another data folder.',
  data_folder_on_network_disk: 'The data folder is on a network disk|File locks on network disks cannot be trusted.|Use a folder on a disk of this machine, or PostgreSQL.',
  data_folder_unwritable: 'The data folder cannot be written|The server has no permission to write there.|Give permission, or use another folder.',
  port_in_use: 'The port is in use|Another program uses this port.|Stop that program, or use another port.',
  media_port_in_use: 'The media port is in use|Another program uses this UDP port.|Stop that program, or use another port.',
  bad_setting: 'A setting is wrong|The value of one setting cannot be used.|Correct the setting named, then start again.',
} satisfies Record<keyof typeof id, string>;
