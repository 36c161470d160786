/** The audit by who did something; times are in order of the rows as they lie, so a few pages of summary are enough for them. */
import { buildIndex } from './migration.ts'

export const auditLookup = {
  name: '0046-audit-lookup',
  steps: [
    ...buildIndex('audit_entries_actor', 'audit_entries (actor, id DESC)'),
    ...buildIndex('audit_entries_at', 'audit_entries USING brin (at) WITH (autosummarize = on)'),
  ],
}
