/** Why a refund needs a second person, who may hand it over, and a phone that somebody wants it to go to instead. */
export const secondPerson = {
  name: '0022-second-person',
  up: `
ALTER TABLE refunds
  ADD COLUMN waits_because text CHECK (waits_because IN ('amount', 'typed_phone', 'unproven_phone', 'named_phone')),
  -- With what people asked for of the same payment it is above the limit: whoever asked never hands it over.
  ADD COLUMN large boolean NOT NULL DEFAULT false,
  -- Named while the refund was stuck. It becomes the phone only when another person agrees.
  ADD COLUMN named_phone text CHECK (named_phone ~ '^\\+254[17][0-9]{8}$'),
  ADD COLUMN named_by text,
  -- What the refund was before, and is again when the phone is declined.
  ADD COLUMN named_from text CHECK (named_from IN ('requested', 'approved', 'refused')),
  ADD CONSTRAINT refunds_named_whole CHECK (num_nonnulls(named_phone, named_by, named_from) IN (0, 3)),
  ADD CONSTRAINT refunds_named_waits CHECK (named_phone IS NULL OR status = 'awaiting_approval');
`,
}
