/** What a company paid on its account goes back to that account. */
export const refundsOnAccount = {
  name: '0020-refunds-on-account',
  up: `
ALTER TABLE refunds
  DROP CONSTRAINT refunds_method_check,
  ADD CONSTRAINT refunds_method_check
    CHECK (method IN ('reversal', 'payout', 'cash', 'credit', 'account', 'by_hand')),
  -- From which drawer it was paid, for the day's close.
  ADD CONSTRAINT refunds_till FOREIGN KEY (till_session_id) REFERENCES till_sessions;
`,
}
