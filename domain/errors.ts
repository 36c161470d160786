/** Every reason for which Gari refuses something, by its stable code. The API's `code` is one of these. */
export type ErrorCode =
  | 'INVALID_INPUT'
  | 'INVALID_PERIOD'
  | 'LOCATION_CLOSED'
  | 'UNKNOWN_LOCATION'
  | 'UNKNOWN_CATEGORY'
  | 'VEHICLE_UNAVAILABLE'
  | 'VEHICLE_BOOKED'
  | 'SHARES_DO_NOT_ADD_UP'
  | 'POINTS_REFUSED'
  | 'CODE_REFUSED'
  | 'EXTRA_UNAVAILABLE'
  | 'PRICE_CHANGED'
  | 'NOT_FOUND'
  | 'SIGN_IN_REQUIRED'
  | 'FORBIDDEN'
  | 'WRONG_CREDENTIALS'
  | 'WRONG_CODE'
  | 'PASSKEY_REFUSED'
  | 'SIGN_IN_AGAIN'
  | 'SECOND_FACTOR_NEEDED'
  | 'EMAIL_TAKEN'
  | 'CONTACT_PROVEN'
  | 'ACCOUNT_NEEDED'
  | 'EXPORT_NOT_READY'
  | 'LINK_OVER'
  | 'ROLE_REFUSED'
  | 'CHANGED_MEANWHILE'
  | 'VERSION_REQUIRED'
  | 'TOO_MANY_OPEN_BOOKINGS'
  | 'RESERVATION_CLOSED'
  | 'RESERVATION_PAID'
  | 'RENTAL_REFUSED'
  | 'CHARGE_CLOSED'
  | 'CHARGE_PAID'
  | 'SHARE_NOT_OPEN'
  | 'NOT_SHRINKABLE'
  | 'PLAN_OVER'
  | 'AMOUNT_ABOVE_BALANCE'
  | 'AMOUNT_OUT_OF_RANGE'
  | 'PUSH_OPEN'
  | 'NOTHING_TO_INVOICE'
  | 'INVOICE_ISSUED'
  | 'INVOICE_NOT_ISSUED'
  | 'INVOICE_CLOSED'
  | 'CREDIT_ABOVE_INVOICE'
  | 'REFERENCE_USED'
  | 'PAYMENT_REFUSED'
  | 'TENDER_REFUSED'
  | 'TILL_REFUSED'
  | 'DAY_REFUSED'
  | 'MONEY_TAKEN'
  | 'MONEY_WAITING'
  | 'REFUND_REFUSED'
  | 'ENTRY_REVERSED'
  | 'SECOND_PERSON'
  | 'FINDING_CLOSED'
  | 'REVIEW_OPEN'
  | 'IDEMPOTENCY_KEY_REQUIRED'
  | 'IDEMPOTENCY_KEY_REUSED'
  | 'TOO_MANY_REQUESTS'
  | 'BODY_TOO_LARGE'
  | 'INVALID_JSON'
  | 'UNSUPPORTED_MEDIA_TYPE'
  | 'METHOD_NOT_ALLOWED'
  | 'CSRF_REFUSED'
  | 'TEMPORARILY_UNAVAILABLE'
  | 'UNEXPECTED'

/** A complaint about one field, in the user's words. `path` is dotted: `parties.0.phone`. */
export type FieldProblem = { path: string; message: string }

/**
 * An expected refusal. `message` is for the user; it never carries a secret or another person's data.
 * `details` are extra members of the problem document.
 */
export class BusinessError extends Error {
  readonly code: ErrorCode
  readonly fields: FieldProblem[]
  readonly details: Record<string, unknown>

  constructor(
    code: ErrorCode,
    message: string,
    more: { fields?: FieldProblem[]; details?: Record<string, unknown> } = {},
  ) {
    super(message)
    this.name = 'BusinessError'
    this.code = code
    this.fields = more.fields ?? []
    this.details = more.details ?? {}
  }
}
