/**
 * Every body of the protocol reference, as recorded. Requests are checked strictly: a field more, or one less, is
 * refused. Answers and reports are read tolerantly: a field more changes nothing.
 */
import { describe, expect, test } from '@jest/globals'
import { cents, shillings } from '../../domain/money.ts'
import {
  errorEnvelope,
  gatewayFault,
  stkPushAnswer,
  stkPushRequest,
  stkQueryAnswer,
  stkQueryRequest,
  tokenAnswer,
} from '../../domain/schemas/daraja-calls.ts'
import {
  balanceRequest,
  initiatorAck,
  payoutRequest,
  reversalRequest,
  statusRequest,
} from '../../domain/schemas/daraja-initiator-calls.ts'
import { parseBalanceResult, parseStatusResult } from '../../domain/schemas/daraja-inquiries.ts'
import {
  parseRegisterAck,
  pullRequest,
  registerPullRequest,
  registerUrlsRequest,
} from '../../domain/schemas/daraja-paybill-calls.ts'
import { parsePaybillMessage } from '../../domain/schemas/daraja-paybill.ts'
import { parsePullAnswer } from '../../domain/schemas/daraja-pull.ts'
import { parseQueueTimeout, readReport } from '../../domain/schemas/daraja-reports.ts'
import { parsePayoutResult, parseReversalResult } from '../../domain/schemas/daraja-results.ts'
import { parseStkCallback } from '../../domain/schemas/daraja.ts'
import { judge } from '../../gateways/daraja/verdicts.ts'
import { body, bodyNames } from './daraja-setup.ts'

const REQUESTS = {
  '2.1-stk-push-request': stkPushRequest,
  '5-stk-query-request': stkQueryRequest,
  '6.2-reversal-request': reversalRequest,
  '6.3-payout-request': payoutRequest,
  '6.4-status-request-by-receipt': statusRequest,
  '6.4-status-request-by-conversation': statusRequest,
  '6.4-balance-request': balanceRequest,
  '6.5-register-request': registerUrlsRequest,
  '6.6-register-request': registerPullRequest,
  '6.6-pull-request': pullRequest,
}
const OPTIONAL = ['Occassion']

describe.each(Object.entries(REQUESTS))('%s', (name, schema) => {
  const request = body(name)
  const accepts = (one: unknown) => schema.safeParse(one).success

  test('is what we send', () => {
    expect(schema.parse(request)).toEqual(request)
  })

  test('has no field more', () => {
    expect(accepts({ ...request, Surprise: 1 })).toBe(false)
  })

  test.each(Object.keys(request).filter((key) => !OPTIONAL.includes(key)))('needs %s', (key) => {
    const { [key]: _missing, ...rest } = request
    expect(accepts(rest)).toBe(false)
    expect(accepts({ ...request, [key]: null })).toBe(false)
  })
})

const conversation = {
  conversationId: 'AG_20261121_0100101002hi3i67m6ml',
  originatorConversationId: '8423-4a3b-87d8-1d918a78741e243712',
}
const done = { ...conversation, resultCode: '0', transactionId: 'UKL9XYZ34E' }
const failed = (resultCode: string) => ({ ...conversation, resultCode, transactionId: null })
const pushed = {
  merchantRequestId: '2654-4b64-97ff-b827b542881d3130',
  checkoutRequestId: 'ws_CO_21112026101531234712345678',
}
const paid = { ...pushed, resultCode: '0', amount: shillings(1500), receipt: 'UKL5ABC12D' }
const unpaid = { ...pushed, amount: null, receipt: null, phone: null }
const payout = '3f0c5a7e-58c2-4b0c-9a6f-3b1c1d7b8f10'
const registered = { code: '0', description: 'Success', hasId: true }
const message = {
  receipt: 'UKL51ZDR4F',
  kind: 'paybill',
  at: new Date('2026-11-21T09:13:25Z'),
  amount: shillings(1500),
  shortcode: '174379',
  reference: 'RSV26000123',
  referenceText: 'rsv-26 000123',
  invoiceNumber: null,
  thirdPartyId: null,
  phone: '2547 ***** 126',
  name: 'JANE',
  balance: shillings(25),
}
const atTill = { ...message, kind: 'till', reference: null, referenceText: '', name: null }
const HASH = '8c6e3e1a5ac6e3f8e5c3f7e5b1d6a7f90a8e3b5d2f4c6a1e9b7d5f3c1a2e4b6d'
const noRows = { code: '1001', rows: 0, lines: [], unreadable: [] }

type Reader = (body: unknown) => unknown
const by =
  (schema: { parse: (body: unknown) => unknown }): Reader =>
  (one) =>
    schema.parse(one)
const READ: Record<string, [Reader, object]> = {
  '2-oauth-answer': [by(tokenAnswer), { expires_in: 3599 }],
  '2-oauth-answer-with-a-number': [by(tokenAnswer), { expires_in: 3599 }],
  '2.2-stk-push-answer': [by(stkPushAnswer), { ResponseCode: '0' }],
  '3-stk-callback-paid': [parseStkCallback, { ...paid, phone: '254712345678' }],
  '3-stk-callback-old': [parseStkCallback, { ...paid, phone: '2547 ***** 678' }],
  '3-stk-callback-failed': [parseStkCallback, { ...unpaid, resultCode: '1032' }],
  '3-stk-callback-failed-by-word': [parseStkCallback, { ...unpaid, resultCode: 'SFC_IC0003' }],
  '5-stk-query-answer': [by(stkQueryAnswer), { ResponseCode: '0', ResultCode: '1032' }],
  '5-stk-query-pending': [by(stkQueryAnswer), { ResponseCode: '0', ResultCode: '4999' }],
  '6.1-acknowledgement': [by(initiatorAck), { ResponseCode: '0' }],
  '6.1-result': [parseReversalResult, { ...done, amount: shillings(1500) }],
  '6.1-result-with-one-parameter': [parseReversalResult, { ...done, amount: shillings(1500) }],
  '6.1-result-refused': [(one) => readReport(one)?.report, failed('2001')],
  '6.1-queue-timeout-wrapped': [parseQueueTimeout, conversation],
  '6.1-queue-timeout-flat': [parseQueueTimeout, conversation],
  '6.2-reversal-result': [
    parseReversalResult,
    {
      ...done,
      amount: shillings(1500),
      originalReceipt: 'UKL5ABC12D',
      completedAt: new Date('2026-11-21T07:30:15Z'),
      charge: 0,
      funds: shillings(51_661),
      creditParty: '254712345678 - JANE WANJIKU',
      debitParty: '174379 - GARI LTD',
    },
  ],
  '6.2-reversal-refused': [parseReversalResult, { ...failed('R000001'), amount: null }],
  '6.3-payout-acknowledgement': [by(initiatorAck), { OriginatorConversationID: payout }],
  '6.3-payout-result': [
    parsePayoutResult,
    {
      ...done,
      receipt: 'UKL9XYZ34E',
      amount: shillings(500),
      receiver: '254712345678 - JANE WANJIKU',
      receiverIsRegistered: true,
      completedAt: new Date('2026-11-21T07:31:45Z'),
      utilityFunds: shillings(10_116),
      workingFunds: shillings(900_000),
    },
  ],
  '6.3-payout-refused': [parsePayoutResult, { ...failed('1'), receipt: null, amount: null }],
  '6.4-status-result': [
    parseStatusResult,
    {
      ...done,
      receipt: 'UKL5ABC12D',
      status: 'Completed',
      amount: shillings(1500),
      debitParty: ['600310 - Safaricom333', '254712345678 - JANE WANJIKU'],
      creditParty: ['174379 - GARI LTD'],
      original: {
        conversationId: 'AG_20261121_00004e48cf7e3533f581',
        originatorConversationId: payout,
      },
      initiatedAt: new Date('2026-11-21T07:15:30Z'),
      finalisedAt: new Date('2026-11-21T07:16:02Z'),
      reasonType: 'Pay Utility',
    },
  ],
  '6.4-status-result-old': [
    parseStatusResult,
    {
      status: 'Cancelled',
      amount: shillings(1500),
      original: {
        conversationId: 'AG_20261121_00004e48cf7e3533f581',
        originatorConversationId: null,
      },
      debitParty: [],
      finalisedAt: new Date('2026-11-21T07:16:02Z'),
    },
  ],
  '6.4-status-unknown-receipt': [parseStatusResult, { ...failed('2032'), status: null }],
  '6.4-balance-result': [
    parseBalanceResult,
    {
      ...done,
      accounts: {
        'Working Account': cents(34_656_883),
        'Float Account': 0,
        'Utility Account': shillings(53_992),
        'Charges Paid Account': cents(-578),
        'Organization Settlement Account': 0,
      },
      completedAt: new Date('2026-11-21T17:02:30Z'),
    },
  ],
  '6.5-register-answer': [parseRegisterAck, registered],
  '6.5-register-answer-with-zeros': [parseRegisterAck, { ...registered, code: '00000000' }],
  '6.5-register-answer-without-a-code': [parseRegisterAck, { ...registered, code: null }],
  '6.5-register-answer-old': [parseRegisterAck, { code: null, hasId: false }],
  '6.5-confirmation-masked': [parsePaybillMessage, message],
  '6.5-confirmation-hashed': [
    parsePaybillMessage,
    { ...message, phone: HASH, name: 'JANE W KAMAU' },
  ],
  '6.5-confirmation-plain': [parsePaybillMessage, { ...message, phone: '254712345126' }],
  '6.5-validation': [parsePaybillMessage, { ...message, balance: null }],
  '6.5-confirmation-till': [parsePaybillMessage, atTill],
  '6.5-confirmation-till-by-aggregator': [parsePaybillMessage, atTill],
  '6.6-register-answer': [parseRegisterAck, { code: '1000' }],
  '6.6-register-answer-with-spaces': [parseRegisterAck, { code: '1000' }],
  '6.6-register-answer-already': [parseRegisterAck, { code: '1001' }],
  '6.6-pull-answer': [parsePullAnswer, { code: '1000', rows: 2, unreadable: [] }],
  '6.6-pull-answer-of-the-sandbox': [parsePullAnswer, { code: '1000', rows: 1, unreadable: [] }],
  '6.6-pull-answer-none': [parsePullAnswer, noRows],
  '6.6-pull-answer-none-without-a-list': [parsePullAnswer, noRows],
}

describe.each(Object.entries(READ))('%s', (name, [reader, meaning]) => {
  test('is read for what it says', () => {
    expect(reader(body(name))).toMatchObject(meaning)
  })

  test('may carry fields that nobody knows', () => {
    expect(reader({ ...body(name), Surprise: { of: ['any', 'kind'] } })).toMatchObject(meaning)
  })
})

type Recorded = { status: number; body: Record<string, unknown> }
const recorded = (name: string): Recorded[] =>
  ([body(name)].flat() as Recorded[]).map((one) => ({ ...one }))
const ERRORS: Record<string, string[]> = {
  '1-gateway-errors': [
    'refused CONFIGURATION',
    'invalid-token',
    'invalid-token',
    // The token holds; the app lacks the product.
    'refused CONFIGURATION',
    'invalid-token',
    'invalid-token',
    ...Array.from({ length: 9 }, () => 'refused CONFIGURATION'),
    'refused CONFIGURATION',
    'refused 1001',
    ...Array.from({ length: 4 }, () => 'unclear'),
    ...Array.from({ length: 3 }, () => 'refused UNREACHABLE'),
    'refused CONFIGURATION',
    'refused UNREACHABLE',
    'refused UNREACHABLE',
  ],
  '2-oauth-errors': ['unclear', 'unclear'],
  '5-stk-query-errors': ['unclear', 'unclear', 'refused CONFIGURATION', 'unclear'],
  '6.5-register-errors': ['unclear', 'unclear'],
  '6.6-pull-error-none': ['unclear'],
}

describe.each(Object.entries(ERRORS))('%s', (name, verdicts) => {
  test('prove what they prove, and no more', () => {
    const proven = recorded(name).map(({ status, body: json }) => {
      const verdict = judge({ kind: 'answer', status, json, text: JSON.stringify(json) })
      return verdict.kind === 'refused' ? `refused ${verdict.code}` : verdict.kind
    })
    expect(proven).toEqual(verdicts)
  })

  test('are of the two shapes that the gateways use', () => {
    for (const { body: json } of recorded(name))
      expect(errorEnvelope.safeParse(json).success || gatewayFault.safeParse(json).success).toBe(
        true,
      )
  })
})

test('every recorded body is looked at here', () => {
  const looked = [...Object.keys(REQUESTS), ...Object.keys(READ), ...Object.keys(ERRORS)]
  expect([...bodyNames].sort()).toEqual(looked.sort())
})
