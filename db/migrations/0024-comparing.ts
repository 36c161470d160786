/** What the comparison with the bank looks up for each line. */
export const comparing = {
  name: '0024-comparing',
  up: `
CREATE INDEX payments_transfers ON payments (amount_cents) WHERE method = 'bank_transfer';
`,
}
