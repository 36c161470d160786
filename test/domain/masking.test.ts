/** Staff read what a provider said, without whose phone and name it is. */
import { expect, it } from '@jest/globals'
import { maskPersonal } from '../../domain/masking.ts'

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
