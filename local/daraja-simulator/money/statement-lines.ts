import { statementTime } from '../clock.ts'
import type { StatementMovement, StatementQuery } from './statement.ts'

/** One line under the portal's own column names. */
export type Line = Partial<
  Record<
    | 'Receipt No.'
    | 'Completion Time'
    | 'Initiation Time'
    | 'Details'
    | 'Transaction Status'
    | 'Paid In'
    | 'Withdrawn'
    | 'Balance'
    | 'Balance Confirmed'
    | 'Reason Type'
    | 'Other Party Info'
    | 'Linked Transaction ID'
    | 'A/C No.',
    string
  >
>

type Look = Pick<StatementQuery, 'thousands' | 'negative' | 'masked'>

export const lineOf = (
  movement: StatementMovement,
  look: Look,
  nameOf: (phone: string) => string,
): Line => {
  const { amount, party, kind } = movement
  const name = nameOf(party)
  const number =
    look.masked === 'yes' && name ? `${party.slice(0, 4)}****${party.slice(-3)}` : party
  const who = name ? `${number} - ${name}` : placeName(party)
  const money = (shillings: number) => moneyText(shillings, look)
  const withdrawn = look.negative === 'yes' ? amount : -amount
  return {
    'Receipt No.': movement.receipt,
    'Completion Time': statementTime(new Date(movement.at)),
    'Initiation Time': statementTime(new Date(movement.startedAt)),
    Details: detailsOf(movement, who),
    'Transaction Status': movement.status,
    'Paid In': amount > 0 ? money(amount) : '',
    Withdrawn: amount < 0 ? money(withdrawn) : '',
    Balance: money(movement.balance),
    'Balance Confirmed': 'true',
    'Reason Type': REASONS[kind],
    'Other Party Info': kind === 'charge' ? '' : who,
    'Linked Transaction ID': movement.original ?? '',
    'A/C No.': movement.reference,
  }
}

const REASONS: Record<StatementMovement['kind'], string> = {
  stk: 'Pay Bill Online',
  paybill: 'Pay Utility',
  reversal: 'Reversal',
  payout: 'Business Payment to Customer',
  charge: 'Business Payment Charge',
  transfer: 'Organization Settlement',
}

const detailsOf = ({ kind, reference, original }: StatementMovement, who: string): string =>
  ({
    stk: `Pay Bill Online from ${who} Acc. ${reference}`,
    paybill: `Pay Bill from ${who} Acc. ${reference}`,
    reversal: `Transaction Reversal of ${original} to ${who}`,
    payout: `Business Payment to ${who}`,
    charge: 'Business Payment Charge',
    transfer: `Funds Transfer, ${who}`,
  })[kind]

const PLACES: Record<string, string> = {
  bank: 'Organization Bank Account',
  utility: 'Utility Account',
  working: 'Working Account',
}
const placeName = (party: string): string => PLACES[party] ?? party

const moneyText = (shillings: number, { thousands }: Look): string => {
  const plain = `${shillings}.00`
  return thousands === 'yes' ? plain.replace(/\B(?=(\d{3})+\.)/g, ',') : plain
}
