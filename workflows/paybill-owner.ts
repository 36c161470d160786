/** Money by hand that has found its owner: whoever waits for it is told, and what came too late looks for a home. */
import { getExternalWorkflowHandle } from '@temporalio/workflow'
import { paymentWorkflowId } from '../domain/ids.ts'
import type { Cents } from '../domain/money.ts'
import type { SettledOwner } from '../domain/paybill.ts'
import { receiptFound } from './payment-messages.ts'
import { startLateMoney, tellOwner } from './telling-owners.ts'

export type ByHandOwner = { paymentId: string; ownerOpen: boolean; told: SettledOwner }

export async function tellOfMoney({ paymentId, ownerOpen, told }: ByHandOwner): Promise<void> {
  if (!told) return
  if (!ownerOpen) return startLateMoney(paymentId, told.number)
  const { purpose, ownerId } = told
  await tellOwner({ paymentId, purpose, ownerId })
}

type Found = { receipt: string; amount: Cents }

/** A prompt's story that has ended knows already. */
export async function tellPrompt(paymentId: string, { receipt, amount }: Found): Promise<void> {
  const story = getExternalWorkflowHandle(paymentWorkflowId(paymentId))
  const found = { receipt, amount, source: 'confirmation' } as const
  await story.signal(receiptFound, found).catch(() => undefined)
}
