/** Whom a company's invoice names, and what of it is on the company's account. */
export const billing = {
  name: '0017-billing',
  up: `
ALTER TABLE invoices ADD CONSTRAINT invoices_company FOREIGN KEY (company_id) REFERENCES companies;
CREATE INDEX invoices_company ON invoices (company_id) WHERE company_id IS NOT NULL;
`,
}
