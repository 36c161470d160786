/** Staff read what a provider said, without whose phone and name it is. */
import { describe, expect, it } from '@jest/globals'
import type { Actor } from '../../domain/accounts.ts'
import {
  maskPersonal,
  payerPhonesOf,
  showPersonal,
  unmaskPhone,
  type PersonalKind,
} from '../../domain/masking.ts'
import type { Permission } from '../../domain/permissions.ts'

const CALLBACK = {
  Body: {
    stkCallback: {
      CheckoutRequestID: 'ws_CO_21112026101531234712345678',
      ResultCode: 0,
      CallbackMetadata: {
        Item: [
          { Name: 'Amount', Value: 1500 },
          { Name: 'MpesaReceiptNumber', Value: 'UKL5ABC12D' },
          { Name: 'TransactionDate', Value: 20261121101602 },
          { Name: 'PhoneNumber', Value: 254712345678 },
        ],
      },
    },
  },
}

it('masks the phone of a callback wherever it stands, and leaves the money and the time', () => {
  const text = JSON.stringify(maskPersonal(CALLBACK))
  expect(text).not.toContain('712345678')
  expect(text).toContain('254712***678')
  for (const kept of ['"Value":1500', 'UKL5ABC12D', '20261121101602']) expect(text).toContain(kept)
})

it('cuts the names and the number of who paid by hand', () => {
  const body = {
    MSISDN: '254712345678',
    FirstName: 'JANE',
    MiddleName: '',
    BillRefNumber: 'RSV26000123',
  }
  expect(maskPersonal(body)).toEqual({
    MSISDN: '254712***678',
    FirstName: 'J***',
    MiddleName: '',
    BillRefNumber: 'RSV26000123',
  })
})

it('hides a hashed number, which could be found again', () => {
  expect(maskPersonal({ MSISDN: 'ab'.repeat(32) })).toEqual({ MSISDN: '***' })
})

it('masks the name beside a number in one text', () => {
  const text = JSON.stringify(
    maskPersonal({ Key: 'CreditPartyPublicName', Value: '254712345678 - JANE DOE' }),
  )
  expect(text).not.toContain('JANE')
  expect(text).not.toContain('712345678')
})

const actorWith = (userId: string, roles: string[], permissions: Permission[]): Actor => ({
  userId,
  kind: roles.includes('customer') ? 'customer' : 'employee',
  roles,
  permissions,
  firstName: 'Otieno',
  lastName: 'Ouma',
  email: null,
  phone: null,
  language: 'en',
})

describe('who sees what of a person', () => {
  const THEIRS = 'their-id'
  const values = {
    phone: '+254712345678',
    email: 'njeri@example.com',
    licence: 'DL1234567',
    id_document: '27894561',
    address: 'Maua House, Kilimani, Nairobi, Kenya',
  } as const
  const seen = (actor: Actor | null) =>
    Object.fromEntries(
      Object.entries(values).map(([kind, text]) => [
        kind,
        showPersonal(actor, THEIRS, kind as PersonalKind, text),
      ]),
    )

  it.each([
    ['themselves', actorWith(THEIRS, ['customer'], []), values],
    [
      'who reaches people',
      actorWith('x', ['desk'], ['customer_contacts:read']),
      {
        phone: '0712 *** 678',
        email: 'n***@example.com',
        licence: '*** 567',
        id_document: '*** 561',
        address: '***, Nairobi, Kenya',
      },
    ],
    [
      'anybody else of the house',
      actorWith('x', ['finance'], ['customers:read']),
      {
        phone: '0712 *** 678',
        email: 'n***@example.com',
        licence: null,
        id_document: null,
        address: null,
      },
    ],
    [
      'another customer',
      actorWith('x', ['customer'], []),
      { phone: null, email: null, licence: null, id_document: null, address: null },
    ],
    ['nobody', null, { phone: null, email: null, licence: null, id_document: null, address: null }],
  ])('%s', (_who, actor, expected) => {
    expect(seen(actor)).toEqual(expected)
  })

  it('is nothing where there is nothing', () => {
    expect(showPersonal(actorWith(THEIRS, ['customer'], []), THEIRS, 'phone', null)).toBeNull()
  })
})

describe('a masked phone that comes back', () => {
  const [first, second] = ['+254712345678', '+254712999678']
  const parties = [
    { id: 'a', phone: first },
    { id: 'b', phone: second },
  ]

  it('stands for the payer’s who is named, where two look alike', () => {
    expect(unmaskPhone('0712 *** 678', payerPhonesOf({ parties }, 'b'))).toBe(second)
    expect(unmaskPhone(' 0712 *** 678 ', payerPhonesOf({ parties }, 'a'))).toBe(first)
  })

  it('stands for nobody else’s, and what was typed stays', () => {
    expect(unmaskPhone('0799 *** 678', [first, second])).toBe('0799 *** 678')
    expect(unmaskPhone('0722 000 111', [first])).toBe('0722 000 111')
  })
})
