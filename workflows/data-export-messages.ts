/** What can be asked of a copy that is made. */
import { defineQuery } from '@temporalio/workflow'
import type { ExportProgress } from '../domain/exports.ts'

/** A query: it changes nothing. Pages read the row instead, which is there also while workers are away. */
export const exportProgress = defineQuery<ExportProgress>('exportProgress')
