/** How a browser calls itself, as people know it. */
import Bowser from 'bowser'

/** `Chrome, Android`; null for what says nothing that anybody would know. */
export function deviceText(userAgent: string | null): string | null {
  if (!userAgent) return null
  const parsed = Bowser.getParser(userAgent)
  const words = [parsed.getBrowserName(), parsed.getOSName()].filter((word) => word)
  return words.length > 0 ? words.join(', ') : null
}
