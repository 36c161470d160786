import { toString } from 'qrcode'

/** SVG text with a quiet zone, readable from a scratched screen. */
export const qrSvg = (text: string): Promise<string> =>
  toString(text, { type: 'svg', errorCorrectionLevel: 'M', margin: 2 })
