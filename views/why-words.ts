/** Reasons that Gari itself wrote down, as a person of finance would say them. What people typed stays as it is. */

/** Why something ended, by its code in the books. */
const ENDS: Record<string, string> = {
  deadline: 'not paid in time',
  customer: 'cancelled by the customer',
  desk: 'cancelled by our staff',
  declined_by_all: 'nobody wanted to pay it',
}
/** How we came to know that money had moved. */
const HEARD: Record<string, string> = {
  'by callback': 'M-Pesa told us',
  'by query': 'we asked M-Pesa',
  'by status': 'M-Pesa answered our question',
  'by confirmation': 'M-Pesa told us of money to the paybill',
  'by pull': 'it stands in M-Pesa’s list',
  'by statement': 'it stands in M-Pesa’s statement',
  'by hand': 'a person said so',
}
const ENDED = /^(booking|charge) (\S+) ended: (\w+)$/

export const whyWords = (text: string): string => {
  const [, kind, number = '', end = ''] = ENDED.exec(text) ?? []
  if (!kind) return HEARD[text] ?? text
  return `${kind === 'charge' ? 'Charge' : 'Booking'} ${number}: ${ENDS[end] ?? 'it ended'}`
}
