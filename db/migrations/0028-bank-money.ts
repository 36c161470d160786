/** A bank line that nobody announced and that would become credit above the limit: two people say whose it is. */
export const bankMoney = {
  name: '0028-bank-money',
  up: `
-- The last wish, until another person says the same.
CREATE TABLE bank_allocation_wishes (
  line_id uuid PRIMARY KEY REFERENCES provider_lines,
  purpose text NOT NULL, owner_id uuid NOT NULL,
  why text NOT NULL, asked_by text NOT NULL, asked_at timestamptz NOT NULL DEFAULT now()
);
`,
}
