/** How a company is billed: its name, PIN, address and days as they stand on the day of the invoice. */
import type { Company } from '../domain/companies.ts'
import { BusinessError } from '../domain/errors.ts'
import type { BillTo } from '../domain/invoices.ts'
import { findCompany } from './companies.ts'
import type { Tx } from './connection.ts'

export const billToOf = ({ name, kraPin, billing, contact }: Company): BillTo => {
  const { line1, line2, city, postcode, country } = billing
  const town = [city, postcode].filter(Boolean).join(' ')
  return {
    name,
    pin: kraPin,
    address: [line1, line2, town, country].filter(Boolean),
    email: contact.email,
  }
}

/** Copied anew when an invoice is issued; from then on it keeps them whatever the company changes. */
export async function companyTerms(
  tx: Tx,
  companyId: string,
): Promise<{ billTo: BillTo; termsDays: number }> {
  const company = await findCompany(tx, companyId)
  if (!company) throw new BusinessError('NOT_FOUND', 'We have no such company.')
  return { billTo: billToOf(company), termsDays: company.termsDays }
}
