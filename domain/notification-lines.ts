/** What a message is made of: sentences, each with its weight and the fact without which it is left out. */
export type Values = Record<string, string>
export type Fact =
  | 'reason'
  | 'deadline'
  | 'balance'
  | 'settled'
  | 'goesBack'
  | 'undecided'
  | 'rebooked'
  | 'lateBack'
  | 'paid'
  | 'unpaid'
  | 'uncharged'
  | 'together'
type Rank = 1 | 2 | 3
export type Line = { text: string; rank: Rank; when?: Fact }
export type Wording = { subject: string; sms: Line[]; mail: Line[] }

/** The same sentence for both channels. */
export const both = (subject: string, ...lines: Line[]): Wording => ({
  subject,
  sms: lines,
  mail: lines,
})
const ranked =
  (rank: Rank) =>
  (text: string, when?: Fact): Line => ({ text, rank, ...(when ? { when } : {}) })
export const vital = ranked(1)
export const useful = ranked(2)
export const spare = ranked(3)
