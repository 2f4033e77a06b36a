/** Reasons of a decision by their code, for every face that tells them, in English. */
import type id from './reasons.id';

export default {
  'reason.DUPLICATE': 'Duplicate',
  'reason.WRONG_ADDRESS': 'Wrong address',
  'reason.ALREADY_PROPOSED': 'Proposed before',
  'reason.WRONG_AGENCY': 'Wrong agency',
  'reason.LAND_NOT_OWNED_BY_GOV': 'Not government land',
  'reason.STILL_FIT': 'Still in good order',
  'reason.RESIDENTS_OBJECT': 'Residents object',
  'reason.WITHDRAWN_BY_RW': 'Withdrawn by the RW',
  'reason.SIZE_BELOW_STANDARD': 'Size below standard',
  'reason.ASSET_STATUS': 'Status of the asset',
  'reason.LAND_DISPUTE': 'Land in dispute',
  'reason.PSU_NOT_HANDED_OVER': 'Estate facilities not handed over',
  'reason.RECIPIENT_NOT_LEGAL_ENTITY': 'Recipient is no legal entity',
  'reason.URGENT_USE_OTHER_CHANNEL': 'Urgent: another channel',
  'reason.OVER_CEILING': 'Over the ceiling',
  'reason.NOT_IN_AUTHORITY': 'Outside its authority',
  'reason.NOT_IN_CATALOGUE': 'Not in the catalogue',
  'reason.OTHER': 'Other',
} satisfies Record<keyof typeof id, string>;
