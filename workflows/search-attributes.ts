/** What operations can search for in the Temporal UI. Values are visible there in clear: no names, no phones. */
import { defineSearchAttributeKey } from '@temporalio/common'

export const BOOKING_NUMBER = defineSearchAttributeKey('BookingNumber', 'KEYWORD')
export const VEHICLE_PLATE = defineSearchAttributeKey('VehiclePlate', 'KEYWORD')
export const BUSINESS_STATUS = defineSearchAttributeKey('BusinessStatus', 'KEYWORD')
export const AMOUNT_KES = defineSearchAttributeKey('AmountKes', 'INT')

/** Keyed, so that nobody without the key can try out phones. */
export const PHONE_HASH = defineSearchAttributeKey('PhoneHash', 'KEYWORD')
export const CUSTOMER_ID = defineSearchAttributeKey('CustomerId', 'KEYWORD')
export const NEEDS_ATTENTION = defineSearchAttributeKey('NeedsAttention', 'BOOL')
