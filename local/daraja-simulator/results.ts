/** Daraja's verdicts: a whole number, or a text such as `SFC_IC0003`. */
export type ResultCode = number | string

export const PAID = 0
export const SUCCESS_TEXT = 'The service request is processed successfully.'

const TEXTS: Record<string, string> = {
  '0': SUCCESS_TEXT,
  '1': 'The balance is insufficient for the transaction.',
  '2': 'Declined due to limit rule: less than the minimum transaction amount.',
  '3': 'Declined due to limit rule: greater than the maximum transaction amount.',
  '4': 'Declined due to limit rule: would exceed daily transfer limit.',
  '8': 'Declined due to limit rule: would exceed the maximum balance.',
  '11': 'The DebitParty is in an invalid state.',
  '17': 'Rule limited.',
  '21': 'The initiator is not allowed to initiate this request.',
  '25': 'A required parameter is missing or malformed.',
  '26': 'System busy. The service request is rejected.',
  '1001':
    'Unable to lock subscriber, a transaction is already in process for the current subscriber',
  '1019': 'Transaction has expired',
  '1025': 'An error occurred while sending a push request',
  '1031': 'Request cancelled by user',
  '1032': 'Request cancelled by user',
  '1036': 'SMSC ACK timeout.',
  '1037': 'DS timeout user cannot be reached.',
  '2001': 'The initiator information is invalid.',
  '2006': 'Declined due to account rule.',
  '2028': 'The request is not permitted according to product assignment.',
  '2032': 'The transaction receipt number does not exist.',
  '2040':
    'Credit Party customer type (Unregistered or Registered Customer) cannot be supported by the service.',
  '8006': 'The security credential is locked.',
  '9999': 'Request failed. An error occurred while sending a push request.',
  SFC_IC0003: 'The operator does not exist.',
  R000001: 'The transaction has already been reversed.',
  R000002: 'The OriginalTransactionID is invalid.',
}

/** Codes outside the list exist in the wild, so scripted unknown ones get a text that says nothing. */
export const resultText = (code: ResultCode): string =>
  TEXTS[String(code)] ?? 'The request could not be completed.'
