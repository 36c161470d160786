/**
 * Audit, ledger and wishes name people, payments and refunds as text, because what acts may also be the clock. Looked up
 * by these, a page of twenty rows does not read every customer and every payment there ever was.
 */
export const namedByText = {
  name: '0031-named-by-text',
  up: `
CREATE INDEX users_named ON users ((id::text));
CREATE INDEX payments_named ON payments ((id::text));
CREATE INDEX refunds_named ON refunds ((id::text));
CREATE INDEX mpesa_receipts_named ON mpesa_receipts ((payment_id::text));
`,
}
