import { buildIndex } from './migration.ts'

/** What an export looks for, by whom it is about. */
export const foundForExports = {
  name: '0089-found-for-exports',
  steps: [
    ...buildIndex(
      'security_events_user',
      "security_events ((detail ->> 'userId')) WHERE detail ->> 'userId' IS NOT NULL",
    ),
    ...buildIndex('document_mails_invoice', 'document_mails (invoice_id)'),
    ...buildIndex('finance_cases_subject', 'finance_cases (subject)'),
  ],
}
