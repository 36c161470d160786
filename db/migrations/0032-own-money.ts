/** Nobody alone gives money to themselves; and one row of the bank's file is one line, whatever its columns are called. */
export const ownMoney = {
  name: '0032-own-money',
  up: `
ALTER TABLE refunds
  DROP CONSTRAINT refunds_waits_because_check,
  ADD CONSTRAINT refunds_waits_because_check
    CHECK (waits_because IN ('amount', 'typed_phone', 'unproven_phone', 'named_phone', 'own'));
-- A row is found by all that stands in it.
CREATE INDEX provider_lines_bank_row ON provider_lines USING hash (raw) WHERE source = 'bank';
`,
}
