/** What can be said to money that the bank shows and nobody announced. */
import { defineUpdate } from '@temporalio/workflow'
import type { AllocatedLine, BankAllocation } from '../domain/bank-money.ts'

/** An update: refused when somebody was faster, what it should count for has ended, or another person must say it. */
export const allocateBankMoney = defineUpdate<AllocatedLine, [BankAllocation]>('allocateBankMoney')
