/** Personal words as they are looked up: however somebody types one, it is the same. */

/** E.164 as `domain/schemas/phones.ts` makes it. Throws RangeError on anything else, which would be looked for and never found. */
export function plainPhone(phone: string): string {
  const plain = phone.replaceAll(/[\s().-]/g, '')
  if (!/^\+[1-9]\d{6,14}$/.test(plain)) throw new RangeError('not a whole phone number')
  return plain
}

/** Capital letters and digits; blanks, dashes and strokes are the printer's. */
export const plainLicence = (number: string): string =>
  number
    .normalize('NFKC')
    .toUpperCase()
    .replaceAll(/[^\p{L}\p{N}]/gu, '')
