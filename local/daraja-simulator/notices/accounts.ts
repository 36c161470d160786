import type { Accounts } from '../money/entries.ts'

/** Two decimals, as every amount in a text of Daraja's. */
export const decimal = (shillings: number): string => `${shillings}.00`

/** `Utility Account|KES|1500.00|1500.00|0.00|0.00`: only the first number is what can be spent. */
export const accountText = (name: string, balance: number): string =>
  `${name} Account|KES|${decimal(balance)}|${decimal(balance)}|0.00|0.00`

/** All of them in one text, joined by `&`. */
export const accountsText = ({ working, utility, chargesPaid }: Accounts): string =>
  [
    accountText('Working', working),
    accountText('Float', 0),
    accountText('Utility', utility),
    accountText('Charges Paid', -chargesPaid),
    accountText('Organization Settlement', 0),
  ].join('&')
