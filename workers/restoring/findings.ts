/** What `after-restore` found, and what became of it: one line for each kind of difference. */

type Kind = { found: string; done: string; isLeft?: true }

/** In the order in which they are shown. `isLeft`: nothing here can mend it, so a person must look. */
export const KINDS = {
  lostEvents: {
    found: 'events of the time that is lost, which Kafka still has',
    done: 'nobody of ours hears them; new events have higher versions, new bookings higher numbers',
  },
  unheardEvents: {
    found: 'events that had been heard, and whose hearing is lost',
    done: 'heard again: messages to people, invoices and receipts follow from them',
  },
  lostRefunds: {
    found: 'refunds of the time that is lost',
    done: 'written down again as sent or settled, so that nobody pays them twice; what could not be is on the worklist of /finance/reconciliation',
  },
  doubtfulPrompts: {
    found: 'requests for payment that may have been sent',
    done: 'watched as unknown, and sent to nobody again',
  },
  doubtfulRefunds: {
    found: 'refunds that may have been sent',
    done: 'waited for as sent; after a day without a word a person looks',
  },
  staleStories: {
    found: 'stories of money that are behind the books',
    done: 'begun again from the books',
  },
  missingStories: { found: 'open rows without a running story', done: 'their stories run again' },
  pausedPlans: {
    found: 'plans that would ask a phone again today',
    done: 'they wait for their people to go on: in the time that is lost they may have asked, and been paid',
  },
  uncounted: { found: 'bookings and charges whose money nobody had counted', done: 'counted' },
  homeless: { found: 'money that came too late, without a story', done: 'its home is looked for' },
  notGivenBack: { found: 'money of what has ended, without a refund', done: 'it goes back' },
  unheardReports: {
    found: 'reports of M-Pesa that their story has never heard',
    done: 'handed on again when the workers run',
  },
  documents: {
    found: 'invoices and credit notes without their story',
    done: 'started again when the workers run',
  },
  refusedStories: {
    found: 'stories of payments that nothing takes any more',
    done: 'ended, so that no phone rings; should the money have come, M-Pesa’s list brings it',
  },
  lostDocuments: {
    found: 'invoices and credit notes that were issued in the time that is lost',
    done: 'their numbers are given to nobody else. Kafka has what they say: look whether KRA knows them, and write to whom they went',
    isLeft: true,
  },
  unbegun: {
    found:
      'stories that had not taken their first step; what became of it is in the time that is lost',
    done: 'ended, so that nothing is held, told or asked for a second time; whoever still wants it asks again',
  },
  withoutRow: {
    found: 'stories that are ahead of the books: their rows are gone',
    done: 'left alone. Temporal’s copy is later than PostgreSQL’s: look at each, and end it by hand',
    isLeft: true,
  },
} as const satisfies Record<string, Kind>
export type FindingKind = keyof typeof KINDS

export type Findings = Record<FindingKind, string[]>

export const noFindings = (): Findings => ({
  lostEvents: [],
  unheardEvents: [],
  lostRefunds: [],
  doubtfulPrompts: [],
  doubtfulRefunds: [],
  staleStories: [],
  missingStories: [],
  pausedPlans: [],
  uncounted: [],
  homeless: [],
  notGivenBack: [],
  unheardReports: [],
  documents: [],
  refusedStories: [],
  lostDocuments: [],
  unbegun: [],
  withoutRow: [],
})

const allKinds = Object.keys(KINDS) as FindingKind[]
const SHOWN = 5

/** Whether somebody must look. */
export const isAnyLeft = (findings: Findings): boolean =>
  allKinds.some((kind) => 'isLeft' in KINDS[kind] && findings[kind].length > 0)

/** Lines for a person; a single one where nothing differs. */
export function tellFindings(findings: Findings): string[] {
  const found = allKinds.filter((kind) => findings[kind].length > 0)
  if (found.length === 0) return ['Nothing differs.']
  return found.flatMap((kind) => {
    const { found: what, done } = KINDS[kind]
    const all = findings[kind]
    const more = all.length > SHOWN ? ` and ${all.length - SHOWN} more` : ''
    return [
      `${String(all.length).padStart(6)}  ${what}`,
      `        -> ${done}`,
      `        ${all.slice(0, SHOWN).join(' ')}${more}`,
    ]
  })
}
