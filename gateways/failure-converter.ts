/**
 * Failures travel with their message and stack inside an encrypted payload, because either may quote what a
 * customer typed. This module is also bundled into the workflow sandbox, so it imports @temporalio/common only.
 */
import { DefaultFailureConverter } from '@temporalio/common'

export const failureConverter = new DefaultFailureConverter({ encodeCommonAttributes: true })
