import { constants, publicEncrypt, randomUUID } from 'node:crypto'
import { compactTime } from '../../local/daraja-simulator/clock.ts'
import { SANDBOX } from '../../local/daraja-simulator/settings.ts'

export type Json = Record<string, unknown>

export const PHONE = '254712345678'
export const CALLBACK_URL = 'https://pay.example.ke/cb/secret'
export const RESULT_URL = 'https://pay.example.ke/result/secret'
export const TIMEOUT_URL = 'https://pay.example.ke/timeout/secret'
export const CONFIRMATION_URL = 'https://pay.example.ke/c2b/told'
export const VALIDATION_URL = 'https://pay.example.ke/c2b/asked'

const CODE = Number(SANDBOX.shortCode)

/** The operator's password under the simulator's certificate, as any merchant makes it. */
export const credentialOf = (password: string, certificatePem: string): string =>
  publicEncrypt(
    { key: certificatePem, padding: constants.RSA_PKCS1_PADDING },
    Buffer.from(password),
  ).toString('base64')

/** Requests as Safaricom documents them, written out here so that no code of ours decides what is right. */
export const wireBodies = (now: () => Date, certificatePem: string) => {
  const signed = () => {
    const Timestamp = compactTime(now())
    const Password = btoa(`${SANDBOX.shortCode}${SANDBOX.passkey}${Timestamp}`)
    return { BusinessShortCode: CODE, Password, Timestamp }
  }
  const SecurityCredential = credentialOf(SANDBOX.initiatorPassword, certificatePem)
  const operator = { Initiator: SANDBOX.initiator, SecurityCredential }
  const addresses = { ResultURL: RESULT_URL, QueueTimeOutURL: TIMEOUT_URL, Remarks: 'Refund' }
  return {
    push: (change: Json) => ({ ...signed(), ...PUSH, ...change }),
    query: (id: unknown, change: Json) => ({ ...signed(), CheckoutRequestID: id, ...change }),
    reversal: (receipt: unknown, change: Json) => ({
      ...operator,
      CommandID: 'TransactionReversal',
      TransactionID: receipt,
      Amount: 4500,
      ReceiverParty: CODE,
      RecieverIdentifierType: '11',
      ...addresses,
      ...change,
    }),
    payout: (change: Json) => ({
      OriginatorConversationID: randomUUID(),
      InitiatorName: SANDBOX.initiator,
      SecurityCredential,
      CommandID: 'BusinessPayment',
      Amount: 500,
      PartyA: CODE,
      PartyB: Number(PHONE),
      ...addresses,
      Occassion: 'refund',
      ...change,
    }),
    status: (change: Json) => ({
      ...operator,
      CommandID: 'TransactionStatusQuery',
      PartyA: CODE,
      IdentifierType: '4',
      ...addresses,
      Occasion: 'check',
      ...change,
    }),
    balance: (change: Json) => ({
      ...operator,
      CommandID: 'AccountBalance',
      PartyA: CODE,
      IdentifierType: '4',
      ...addresses,
      ...change,
    }),
    registerUrls: (change: Json) => ({
      ShortCode: SANDBOX.shortCode,
      ResponseType: 'Completed',
      ConfirmationURL: CONFIRMATION_URL,
      ValidationURL: VALIDATION_URL,
      ...change,
    }),
    simulate: (change: Json) => ({
      ShortCode: CODE,
      CommandID: 'CustomerPayBillOnline',
      Amount: 1500,
      Msisdn: Number(PHONE),
      BillRefNumber: 'RSV26000123',
      ...change,
    }),
    registerPull: (change: Json) => ({
      ShortCode: SANDBOX.shortCode,
      RequestType: 'Pull',
      NominatedNumber: '254722000000',
      CallBackURL: CALLBACK_URL,
      ...change,
    }),
    pull: (change: Json) => ({
      ShortCode: SANDBOX.shortCode,
      StartDate: '2026-11-21 08:00:00',
      EndDate: '2026-11-21 23:00:00',
      OffSetValue: '0',
      ...change,
    }),
  }
}

const PUSH = {
  TransactionType: 'CustomerPayBillOnline',
  Amount: 4500,
  PartyA: Number(PHONE),
  PartyB: CODE,
  PhoneNumber: Number(PHONE),
  CallBackURL: CALLBACK_URL,
  AccountReference: 'RSV26000123',
  TransactionDesc: 'Car',
}
