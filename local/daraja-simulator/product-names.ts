/** What an app on Safaricom's portal can subscribe to, and what a mood can be about. */
export const PRODUCTS = [
  'oauth',
  'stk-push',
  'stk-query',
  'reversal',
  'b2c',
  'transaction-status',
  'account-balance',
  'c2b',
  'pull',
] as const
export type Product = (typeof PRODUCTS)[number]
