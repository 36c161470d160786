/** Which of a refund's attempts M-Pesa speaks of. */

type Told = { conversationId: string | null; originatorConversationId: string | null }
export type Attempt = Told & { earlierIds: readonly string[] }

/**
 * An id that we do not know is taken as this attempt's when our own request was not answered: the secret path names
 * the refund, and M-Pesa may know it under an id that it never told us. An id of an earlier attempt never is.
 */
export const speaksOfThisAttempt = (attempt: Attempt, told: Told): boolean => {
  const ours = [attempt.conversationId, attempt.originatorConversationId]
  const named = [told.conversationId, told.originatorConversationId].filter((id) => id)
  if (named.some((id) => ours.includes(id))) return true
  if (named.some((id) => id && attempt.earlierIds.includes(id))) return false
  return named.length === 0 || ours.includes(null)
}
