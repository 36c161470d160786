/** The audit by what was done: a rare deed is found without reading back through all others. */
import { buildIndex } from './migration.ts'

export const auditActions = {
  name: '0059-audit-actions',
  steps: buildIndex('audit_entries_action', 'audit_entries (action text_pattern_ops, id DESC)'),
}
