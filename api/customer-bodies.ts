/** A customer as staff see them, with or without how to reach them. */
import { z } from '@hono/zod-openapi'
import {
  ADDRESS_KINDS,
  maskEmail,
  RISK_LEVELS,
  type Customer,
  type CustomerAddress,
  type Licence,
} from '../domain/customers.ts'
import { CURRENCY, toDecimal } from '../domain/money.ts'
import { maskPhone } from '../domain/payments.ts'
import { toNairobiIso } from '../domain/time.ts'
import type { CustomerDocument } from '../db/customer-documents.ts'

export const addressBody = z
  .object({
    kind: z.enum(ADDRESS_KINDS),
    line1: z.string().openapi({ description: 'Building and road', example: 'Mombasa Road 12' }),
    line2: z.string().openapi({ description: 'Estate or area' }),
    po_box: z.string().openapi({ description: 'The number of a box', example: '30197' }),
    city: z.string(),
    state: z.string().openapi({ description: 'The county, in Kenya' }),
    postcode: z.string(),
    country: z.string(),
    primary: z.boolean(),
  })
  .openapi('CustomerAddress')

const licence = z
  .object({
    number: z.string().openapi({ example: 'DL-0123456' }),
    country: z.string().openapi({ example: 'Kenya' }),
    state: z.string(),
    expires_on: z.string().nullable().openapi({ format: 'date', example: '2030-01-31' }),
  })
  .openapi('DrivingLicence')

export const customerBody = z
  .object({
    id: z.string(),
    number: z.string().openapi({ example: 'CUS-000123' }),
    status: z.enum(['active', 'inactive', 'suspended', 'deleted']),
    first_name: z.string(),
    last_name: z.string(),
    masked: z.boolean().openapi({
      description: 'Phone and e-mail are not in full, birthday, licence and addresses are left out',
    }),
    phone: z.string().nullable(),
    phone_verified: z.boolean(),
    email: z.string().nullable(),
    email_verified: z.boolean(),
    language: z.enum(['en', 'sw']),
    date_of_birth: z.string().nullable().openapi({ format: 'date', example: '1990-01-31' }),
    licence: licence.nullable(),
    addresses: z.array(addressBody),
    risk_level: z.enum(RISK_LEVELS).nullable().openapi({
      description: 'Null for who may not see ratings; set at `/customers/{id}/rating`',
    }),
    credit_score: z
      .int()
      .nullable()
      .openapi({ description: 'Out of 100; null likewise', example: 74 }),
    notes: z.string().nullable(),
    created_at: z.string(),
  })
  .openapi('Customer')

export const toAddressBody = ({
  poBox,
  ...rest
}: CustomerAddress): z.infer<typeof addressBody> => ({
  ...rest,
  po_box: poBox,
})

const licenceOf = ({ expiresOn, ...rest }: Licence) => ({ ...rest, expires_on: expiresOn })

const contactsOf = (
  { phone, email, bornOn, licence: driving, addresses }: Customer,
  masked: boolean,
) =>
  masked
    ? {
        phone: phone && maskPhone(phone),
        email: email && maskEmail(email),
        date_of_birth: null,
        licence: null,
        addresses: [],
      }
    : {
        phone,
        email,
        date_of_birth: bornOn,
        licence: driving && licenceOf(driving),
        addresses: addresses.map(toAddressBody),
      }

/** `masked`: without how to reach them; `rated`: with what was decided about them. */
export const toCustomerBody =
  ({ masked, rated }: { masked: boolean; rated: boolean }) =>
  (one: Customer): z.infer<typeof customerBody> => ({
    id: one.id,
    number: one.number,
    status: one.status,
    first_name: one.firstName,
    last_name: one.lastName,
    masked,
    ...contactsOf(one, masked),
    phone_verified: one.phoneVerified,
    email_verified: one.emailVerified,
    language: one.language,
    risk_level: rated ? one.riskLevel : null,
    credit_score: rated ? one.creditScore : null,
    notes: one.notes,
    created_at: toNairobiIso(one.createdAt),
  })

export const documentBody = z
  .object({
    id: z.string().openapi({ description: 'Of the invoice, the credit note, or the payment' }),
    kind: z.enum(['invoice', 'credit_note', 'receipt']),
    number: z.string().openapi({ example: 'INV-26-000123' }),
    owner_number: z.string().openapi({ description: 'Of the booking or the charge' }),
    currency: z.string(),
    amount: z.string(),
    issued_at: z.string(),
  })
  .openapi('CustomerDocument')

export const toDocumentBody = (one: CustomerDocument): z.infer<typeof documentBody> => ({
  id: one.id,
  kind: one.kind,
  number: one.number,
  owner_number: one.ownerNumber,
  currency: CURRENCY,
  amount: toDecimal(one.amount),
  issued_at: toNairobiIso(one.issuedAt),
})
